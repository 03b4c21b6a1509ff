import { Token } from "cdktf";
import { z } from "zod";
import { refuse } from "../common/settings/faults";
import { MAX_TAGS, tagsSchema } from "../common/settings/tags";
import { checkAsgTags, type TagSources } from "./asg-tags";
import { checkNodeGroup, nodeGroupSchema, repeatedSubnet, subnetSuffix } from "./group-rules";
import { type NodeGroupSettings, nodeGroupShape } from "./group-settings";
import { checkTaintCount } from "./labels";
import { checkPoolTaints, isOpen, type NodePool, nodePool, type PoolKind } from "./node-pool";
import { checkRunnerPools, runnerGroup, runnerName, runnerPoolSchema } from "./runner-pool";

const { instanceTypes, minSize, maxSize } = nodeGroupShape;

/** A system group: settings of a node group with defaults for type and size. */
const builtIn = (type: string, max: number) =>
  z
    .strictObject({
      ...nodeGroupShape,
      instanceTypes: instanceTypes.default([type]),
      minSize: minSize.default(1),
      maxSize: maxSize.default(max),
    })
    .superRefine(checkNodeGroup);
const SYSTEM = {
  default: builtIn("m5.xlarge", 10),
  scheduler: builtIn("c5.xlarge", 2),
  "module-repository": builtIn("c5.xlarge", 2),
  prometheus: builtIn("m5.xlarge", 1).transform((group) =>
    group.subnetIds === undefined && group.subnetIndex === undefined && !group.perSubnet
      ? { ...group, subnetIndex: 0 }
      : group,
  ),
};
type SystemGroup = keyof typeof SYSTEM;
const SYSTEM_GROUPS = Object.keys(SYSTEM) as SystemGroup[];

/** Tags of an instance, less its name and those that EKS sets. Source: EKS User Guide, "Organize resources with tags". */
const MAX_INSTANCE_TAGS = MAX_TAGS - 6;

/** Characters of the name of a pool whose groups add an underscore and {@link subnetSuffix} to it, up to 63. */
const MAX_DIVIDED_NAME = 54;

const orOff = <S extends z.ZodType>(schema: S) =>
  z.union([z.literal(false), schema], { error: "must be false or an object of settings" }).optional();

/** Inputs of the cluster about its node groups. */
export const groupsShape = {
  /** The four built-in groups: an object adjusts a group, `false` leaves it out. With Auto Mode only those given are created. */
  systemGroups: z
    .strictObject({
      /** For pods without tolerations. 1 to 10 m5.xlarge; required for the add-ons unless Auto Mode runs them. */
      default: orOff(SYSTEM.default),
      /** For ExaDeploy's scheduler. 1 to 2 c5.xlarge, tainted dedicated=scheduler. */
      scheduler: orOff(SYSTEM.scheduler),
      /** For ExaDeploy's module repository. 1 to 2 c5.xlarge, tainted dedicated=module-repository. */
      "module-repository": orOff(SYSTEM["module-repository"]),
      /**
       * For Prometheus. One m5.xlarge, tainted dedicated=prometheus, in the first subnet when absent: the EBS volume of
       * Prometheus is of one zone, and no node elsewhere can mount it.
       */
      prometheus: orOff(SYSTEM.prometheus),
    })
    .default({}),
  /** Runner pools, each a node group `runner-<suffix>`, or a NodePool of that name with Karpenter, which leaves those with EFA and a `minSize` above 0 node groups of that many nodes. When absent, one of 0 to 3 g4dn.xlarge; none with Auto Mode. */
  runnerPools: z.array(runnerPoolSchema).optional(),
  /** Additional node groups, by name. */
  additionalNodeGroups: z.record(z.string(), nodeGroupSchema).default({}),
  /** Node autoscaler. With cluster-autoscaler, tags on the Auto Scaling groups describe their nodes to it; with karpenter, the nodes' security group is tagged for discovery and Karpenter runs the runner pools. */
  autoscaler: z.enum(["cluster-autoscaler", "karpenter", "none"]).default("cluster-autoscaler"),
  /** Tags on the instances of all groups, their volumes and network interfaces: at most 44 with those of the stack. */
  instanceTags: tagsSchema
    .superRefine((tags, ctx) => {
      const count = Object.keys(tags).length;
      const advice = `since a name and five tags of EKS are among the ${MAX_TAGS} of an instance`;
      if (count > MAX_INSTANCE_TAGS) {
        refuse(ctx, [], `must be at most ${MAX_INSTANCE_TAGS} with those of the stack, ${advice}, got ${count}`);
      }
    })
    .default({}),
  /** Tags on the Auto Scaling groups alone, for scripts and cost reports. */
  autoscalingGroupTags: tagsSchema.default({}),
};

interface GroupsSettings {
  version?: string;
  systemGroups: Partial<Record<SystemGroup, false | NodeGroupSettings>>;
  runnerPools?: z.output<typeof runnerPoolSchema>[];
  additionalNodeGroups: Record<string, NodeGroupSettings>;
  autoMode?: object;
  autoscaler: string;
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
  checkRunnerPools(runnerPools(settings), ctx, ["runnerPools"]);
  checkReleases(settings, ctx);
  checkDefaultGroup(settings, ctx);
  checkDedicatedGroups(settings, ctx);
  checkAdditionalGroups(settings, ctx);
  checkNames(settings, ctx);
}

/**
 * A release of Amazon Linux begins with its Kubernetes version, which EKS wants to be the cluster's at creation; Bottlerocket
 * counts its own. Source: EKS API reference, CreateNodegroup, releaseVersion.
 */
function checkReleases(settings: GroupsSettings, ctx: z.RefinementCtx) {
  const { version } = settings;
  if (version === undefined) return;
  for (const [path, pool] of poolsByPath(settings)) {
    const { imageFamily, releaseVersion } = pool.settings;
    if (imageFamily !== "al2023") continue;
    if (releaseVersion === undefined || Token.isUnresolved(releaseVersion)) continue;
    if (releaseVersion.startsWith(`${version}.`)) continue;
    const message = `must be a release for the cluster's version (${version}), such as ${version}.1-20251112, got ${releaseVersion}`;
    refuse(ctx, [...path, "releaseVersion"], message);
  }
}

/** All pools of a cluster, each by the path of its settings. */
function poolsByPath(settings: GroupsSettings): [path: (string | number)[], pool: NodePool][] {
  const system = SYSTEM_GROUPS.flatMap((name): [string[], NodePool][] => {
    const group = settings.systemGroups[name] ?? (settings.autoMode ? false : SYSTEM[name].parse({}));
    if (group === false) return [];
    return [[["systemGroups", name], poolOf("system", name, name === "default" ? group : dedicated(name, group))]];
  });
  const runners = runnerPools(settings).map((pool, i): [(string | number)[], NodePool] => [
    ["runnerPools", i],
    poolOf("runner", runnerName(pool.suffix), runnerGroup(pool)),
  ]);
  const additional = Object.entries(settings.additionalNodeGroups).map(([name, group]): [string[], NodePool] => [
    ["additionalNodeGroups", name],
    poolOf("additional", name, group),
  ]);
  return [...system, ...runners, ...additional];
}

/** Rules about the tags of all Auto Scaling groups. */
export function checkTags(settings: GroupsSettings, cluster: TagSources, ctx: z.RefinementCtx) {
  for (const [path, pool] of poolsByPath(settings)) {
    if (!isManaged(pool, settings.autoscaler)) continue;
    const [labels, taints] = pool.kind === "runner" ? ["additionalLabels", "additionalTaints"] : ["labels", "taints"];
    const paths = {
      labels: [...path, labels],
      taints: [...path, taints],
      autoscalingGroupTags: ["autoscalingGroupTags"],
    };
    checkAsgTags(pool, cluster, paths, ctx);
  }
}

/** A pool with `perSubnet` has a group for each of the cluster's subnets, where it names none itself. */
export function checkSubnets(settings: GroupsSettings, subnetIds: readonly string[], ctx: z.RefinementCtx) {
  const again = repeatedSubnet(subnetIds)?.id;
  for (const [path, { settings: group }] of poolsByPath(settings)) {
    if (!group.perSubnet || group.subnetIds !== undefined) continue;
    if (!Token.isUnresolved(subnetIds) && again === undefined) continue;
    const fault = again
      ? `the cluster's subnets name ${again} twice, or another whose id ends alike`
      : "the number of the cluster's subnets is known at apply only";
    const why = `where ${fault}; name those of the groups in subnetIds`;
    refuse(ctx, [...path, "perSubnet"], `must be left out ${why}, got true`);
  }
  checkDivided(settings, subnetIds, ctx);
}

/** No group may have the name of one of the groups of a pool with `perSubnet`. */
function checkDivided(settings: GroupsSettings, subnetIds: readonly string[], ctx: z.RefinementCtx) {
  const owners = new Map(
    resolvePools(settings)
      .filter((pool) => pool.settings.perSubnet && isManaged(pool, settings.autoscaler))
      .filter((pool) => Array.isArray(pool.settings.subnetIds ?? subnetIds)) // or the schema tells
      .flatMap((pool) => nodeGroupsOf(pool, subnetIds).map(({ name }) => [name, pool.name] as const)),
  );
  for (const [name, { perSubnet }] of Object.entries(settings.additionalNodeGroups)) {
    const pool = perSubnet ? undefined : owners.get(name);
    if (pool === undefined) continue;
    const message = `must have another name, which is that of a group of ${pool} (perSubnet), got ${name}`;
    refuse(ctx, ["additionalNodeGroups", name], message);
  }
}

function checkDefaultGroup({ systemGroups: { default: group }, autoMode }: GroupsSettings, ctx: z.RefinementCtx) {
  if (autoMode) return;
  const path = ["systemGroups", "default"];
  if (group === false)
    refuse(ctx, path, "must stay unless autoMode is on: add-ons such as CoreDNS run there, got false");
  if (!group) return;
  if (group.minSize < 1) {
    refuse(ctx, [...path, "minSize"], `must be at least 1 for the add-ons, got ${group.minSize}`);
  }
  if (!isOpen(poolOf("system", "default", group))) {
    const message = "must have no NO_SCHEDULE or NO_EXECUTE, which would keep the add-ons off the group";
    refuse(ctx, [...path, "taints"], message);
  }
}

function checkDedicatedGroups({ systemGroups }: GroupsSettings, ctx: z.RefinementCtx) {
  for (const name of SYSTEM_GROUPS) {
    const group = systemGroups[name];
    if (!group || name === "default") continue;
    const path = ["systemGroups", name];
    if ("role" in group.labels) {
      refuse(ctx, [...path, "labels", "role"], `must be left out, since it is ${name}, got ${group.labels.role}`);
    }
    const twice = group.taints.findIndex(({ key }) => key === "dedicated");
    if (twice >= 0) {
      refuse(ctx, [...path, "taints", twice], `must be left out, since the group has dedicated=${name} itself`);
    }
    checkTaintCount(1, group.taints.length, [...path, "taints"], ctx);
  }
}

function checkAdditionalGroups({ additionalNodeGroups }: GroupsSettings, ctx: z.RefinementCtx) {
  for (const [name, group] of Object.entries(additionalNodeGroups)) {
    checkPoolTaints(poolOf("additional", name, group), ["additionalNodeGroups", name, "taints"], ctx);
  }
}

function checkNames(settings: GroupsSettings, ctx: z.RefinementCtx) {
  const taken = new Map<string, string>([
    ...SYSTEM_GROUPS.map((name) => [name, "a built-in group"] as const),
    ...runnerPools(settings).map(({ suffix }) => [runnerName(suffix), `the runner pool ${suffix}`] as const),
  ]);
  for (const [name, { perSubnet }] of Object.entries(settings.additionalNodeGroups)) {
    const path = ["additionalNodeGroups", name];
    // Source: EKS API reference, CreateNodegroup
    if (!/^[0-9A-Za-z][0-9A-Za-z_-]{0,62}$/.test(name)) {
      const rule = "must have a name of 1 to 63 letters, digits, hyphens and underscores, a letter or digit first";
      refuse(ctx, path, `${rule}, got ${name}`);
    }
    if (perSubnet && name.length > MAX_DIVIDED_NAME) {
      const rule = `must have a name of at most ${MAX_DIVIDED_NAME} characters with perSubnet, which adds to it`;
      refuse(ctx, path, `${rule}, got ${name.length}`);
    }
    const owner = taken.get(name);
    if (owner) refuse(ctx, path, `must have another name, which is that of ${owner}, got ${name}`);
  }
}

/** All pools of a cluster, by name. */
export const resolvePools = (settings: GroupsSettings): NodePool[] =>
  poolsByPath(settings)
    .map(([, pool]) => pool)
    .sort((a, b) => (a.name < b.name ? -1 : 1));

/** The node groups of a pool that EKS runs: one, or one for each of its subnets, which are the cluster's `subnetIds` if it has none. */
export function nodeGroupsOf(pool: NodePool, subnetIds: readonly string[]): NodePool[] {
  const { name, settings } = pool;
  if (!settings.perSubnet) return [pool];
  const own = settings.subnetIds;
  return (own ?? subnetIds).map((id, subnetIndex) => ({
    ...pool,
    name: `${name}_${subnetSuffix(id, subnetIndex)}`,
    settings: { ...settings, perSubnet: false, ...(own ? { subnetIds: [id] } : { subnetIndex }) },
  }));
}

/** Whether EKS runs the pool as a managed node group, rather than Karpenter, which leaves pools with EFA that keep nodes to EKS. */
export const isManaged = ({ kind, settings }: Pick<NodePool, "kind" | "settings">, autoscaler: string) =>
  kind !== "runner" || autoscaler !== "karpenter" || (settings.efa && settings.minSize > 0);

const runnerPools = ({ runnerPools, autoMode }: GroupsSettings) => runnerPools ?? (autoMode ? [] : [DEFAULT_POOL]);

const poolOf = (kind: PoolKind, name: string, settings: NodeGroupSettings) => nodePool({ kind, name, settings });

const dedicated = (role: string, group: NodeGroupSettings): NodeGroupSettings => ({
  ...group,
  labels: { role, ...group.labels },
  taints: [{ key: "dedicated", value: role, effect: "NO_SCHEDULE" }, ...group.taints],
});
