import { z } from "zod";
import { tagsSchema } from "../common/settings/tags";
import { checkGroup } from "./group-settings";
import { type NodeGroupSettings, nodeGroupSchema } from "./node-group";
import { checkRunnerPools, runnerGroup, runnerPoolSchema } from "./runner-pool";

const { instanceTypes, minSize, maxSize } = nodeGroupSchema.shape;

/** A built-in group: settings of a group with defaults of its own, or false. */
const builtIn = (type: string, max: number) =>
  z
    .strictObject({
      ...nodeGroupSchema.shape,
      instanceTypes: instanceTypes.default([type]),
      minSize: minSize.default(1),
      maxSize: maxSize.default(max),
    })
    .superRefine(checkGroup);
const SYSTEM = {
  default: builtIn("m5.xlarge", 10),
  scheduler: builtIn("c5.xlarge", 2),
  "module-repository": builtIn("c5.xlarge", 2),
  prometheus: builtIn("m5.xlarge", 1),
};
type SystemGroup = keyof typeof SYSTEM;
const SYSTEM_GROUPS = Object.keys(SYSTEM) as SystemGroup[];

const orOff = <S extends z.ZodType>(schema: S) =>
  z.union([z.literal(false), schema], { error: "must be false or an object of settings" }).optional();

/** Inputs of the cluster that concern its node groups. */
export const groupsShape = {
  /** The four built-in groups: each by its own defaults when absent (none of them with Auto Mode), adjusted by an object, left out by `false`. */
  systemGroups: z
    .strictObject({
      /** For everything that tolerates no taint: m5.xlarge, 1 to 10. Add-ons need it, so that it stays unless Auto Mode runs them. */
      default: orOff(SYSTEM.default),
      /** For ExaDeploy's scheduler: c5.xlarge, 1 to 2, tainted dedicated=scheduler. */
      scheduler: orOff(SYSTEM.scheduler),
      /** For ExaDeploy's module repository: c5.xlarge, 1 to 2, tainted dedicated=module-repository. */
      "module-repository": orOff(SYSTEM["module-repository"]),
      /** For Prometheus: one m5.xlarge, tainted dedicated=prometheus. */
      prometheus: orOff(SYSTEM.prometheus),
    })
    .default({}),
  /** Pools of runners, each a node group `runner-<suffix>`, or a NodePool of that name with autoscaler karpenter. One of GPU nodes, 0 to 3 g4dn.xlarge, when absent; none with Auto Mode. */
  runnerPools: z.array(runnerPoolSchema).optional(),
  /** Further node groups, by name. */
  additionalNodeGroups: z.record(z.string(), nodeGroupSchema).default({}),
  /** What adds and removes nodes. With cluster-autoscaler, tags on the Auto Scaling groups tell it what a node would bring; with karpenter, the nodes' security group is tagged for discovery, and the runner pools are left to it. */
  autoscaler: z.enum(["cluster-autoscaler", "karpenter", "none"]).default("cluster-autoscaler"),
  /** Tags on the instances of all groups, their volumes and network interfaces. */
  instanceTags: tagsSchema.default({}),
  /** Tags on the Auto Scaling groups alone, for scripts and cost reports. */
  autoscalingGroupTags: tagsSchema.default({}),
};

interface GroupsSettings {
  systemGroups: Partial<Record<SystemGroup, false | NodeGroupSettings>>;
  runnerPools?: z.output<typeof runnerPoolSchema>[];
  additionalNodeGroups: Record<string, NodeGroupSettings>;
  autoMode?: object;
}

const DEFAULT_POOL = runnerPoolSchema.parse({
  suffix: "gpu",
  category: "gpu",
  instanceTypes: ["g4dn.xlarge"],
  minSize: 0,
  maxSize: 3,
  acceleratorLabel: "nvidia-tesla-t4",
});

/** Rules across the groups of a cluster. */
export function checkGroups(settings: GroupsSettings, ctx: z.RefinementCtx) {
  const { systemGroups, additionalNodeGroups, autoMode } = settings;
  const fail = (path: (string | number)[], message: string) => ctx.addIssue({ code: "custom", path, message });
  const pools = runnerPools(settings);
  checkRunnerPools(pools, ctx, ["runnerPools"]);

  const { default: home } = systemGroups;
  const path = ["systemGroups", "default"];
  if (home === false && !autoMode) {
    fail(path, "must stay unless autoMode is on: add-ons such as CoreDNS run there, got false");
  }
  if (home && !autoMode) {
    if (home.minSize < 1) fail([...path, "minSize"], `must be at least 1 for the add-ons, got ${home.minSize}`);
    if (!isOpen(home)) {
      fail([...path, "taints"], "must have no NO_SCHEDULE or NO_EXECUTE, which would keep the add-ons off the group");
    }
  }
  for (const key of SYSTEM_GROUPS) {
    const group = systemGroups[key];
    if (!group || key === "default") continue;
    if ("role" in group.labels) {
      fail(["systemGroups", key, "labels", "role"], `must be left out, since it is ${key}, got ${group.labels.role}`);
    }
    const twice = group.taints.findIndex((taint) => taint.key === "dedicated");
    if (twice >= 0) {
      fail(["systemGroups", key, "taints", twice], `must be left out, since the group has dedicated=${key} itself`);
    }
  }

  const taken = new Map<string, string>([
    ...SYSTEM_GROUPS.map((key) => [key, "a built-in group"] as const),
    ...pools.map(({ suffix }) => [runnerName(suffix), `the runner pool ${suffix}`] as const),
  ]);
  for (const key of Object.keys(additionalNodeGroups)) {
    // Source: EKS API reference, CreateNodegroup
    if (!/^[0-9A-Za-z][0-9A-Za-z_-]{0,62}$/.test(key)) {
      fail(
        ["additionalNodeGroups", key],
        `must have a name of 1 to 63 letters, digits, hyphens and underscores, a letter or digit first, got ${key}`,
      );
    }
    const owner = taken.get(key);
    if (owner) fail(["additionalNodeGroups", key], `must have another name, which is that of ${owner}, got ${key}`);
  }
}

/** Settings of all groups of nodes, by name. */
export function groupSettings(settings: GroupsSettings): Record<string, NodeGroupSettings> {
  const system = SYSTEM_GROUPS.flatMap((key) => {
    const group = settings.systemGroups[key] ?? (settings.autoMode ? false : SYSTEM[key].parse({}));
    return group === false ? [] : [[key, key === "default" ? group : dedicated(key, group)] as const];
  });
  const runners = runnerPools(settings).map((pool) => [runnerName(pool.suffix), runnerGroup(pool)] as const);
  return Object.fromEntries([...system, ...runners, ...Object.entries(settings.additionalNodeGroups)]);
}

/** Settings of the groups that EKS runs, by name: with Karpenter the runner pools are its NodePools. */
export function managedGroupSettings(
  settings: GroupsSettings & { autoscaler: string },
): Record<string, NodeGroupSettings> {
  const runners =
    settings.autoscaler === "karpenter" ? runnerPools(settings).map(({ suffix }) => runnerName(suffix)) : [];
  return Object.fromEntries(Object.entries(groupSettings(settings)).filter(([name]) => !runners.includes(name)));
}

/** Whether the group takes pods that tolerate no taint. */
export const isOpen = ({ taints }: NodeGroupSettings) => taints.every(({ effect }) => effect === "PREFER_NO_SCHEDULE");

const runnerName = (suffix: string) => `runner-${suffix}`;
const runnerPools = ({ runnerPools, autoMode }: GroupsSettings) => runnerPools ?? (autoMode ? [] : [DEFAULT_POOL]);

const dedicated = (role: string, group: NodeGroupSettings): NodeGroupSettings => ({
  ...group,
  labels: { role, ...group.labels },
  taints: [{ key: "dedicated", value: role, effect: "NO_SCHEDULE" }, ...group.taints],
});
