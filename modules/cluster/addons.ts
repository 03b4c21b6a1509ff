import { DataAwsEksAddonVersion } from "@cdktf/provider-aws/lib/data-aws-eks-addon-version";
import { EksAddon } from "@cdktf/provider-aws/lib/eks-addon";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { permissionsShape, podRole, serviceAccountSchema } from "../aws/eks/pod-identity-role";
import { awsPolicyArn } from "../common/iam/managed-role";
import { idFrom } from "../common/names";
import { roleArnSchema } from "../common/settings/arns";
import { refuse } from "../common/settings/faults";
import { MAX_TAGS, tagsSchema } from "../common/settings/tags";

const identitySchema = z
  .strictObject({
    /** Service account of the add-on's controller, from its documentation. */
    serviceAccount: serviceAccountSchema,
    /** Existing role that trusts pods.eks.amazonaws.com; when absent, a role with `policyArns` and `policy` is created. */
    roleArn: roleArnSchema.optional(),
    ...permissionsShape,
  })
  .superRefine(({ roleArn, policyArns, policy }, ctx) => {
    const own = policy !== undefined || Object.keys(policyArns).length > 0;
    if (roleArn !== undefined && own)
      refuse(ctx, "roleArn", "must be left out with policyArns or policy, which are for a role to create");
    if (roleArn === undefined && !own)
      refuse(ctx, "roleArn", "is required without policyArns and policy, got none of them");
  });

const addonSchema = z.strictObject({
  /**
   * Version such as v1.20.4-eksbuild.2, or `latest` for the latest at each plan. When absent, EKS picks its default for
   * the cluster's Kubernetes version once, and it stays until set here: no plan upgrades an add-on unasked.
   */
  version: z
    .string()
    .regex(/^(latest|v\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?)$/, "must be latest or a version such as v1.20.4-eksbuild.2")
    .optional(),
  /** Configuration values of the add-on; see `aws eks describe-addon-configuration`. */
  configuration: z.record(z.string(), z.json()).optional(),
  /** Conflict resolution for fields changed in the cluster. PRESERVE applies to updates only. */
  resolveConflicts: z.enum(["OVERWRITE", "PRESERVE", "NONE"]).default("OVERWRITE"),
  /** Leave the add-on's software in the cluster when the add-on is removed. */
  preserve: z.boolean().default(false),
  /** AWS permissions of the add-on, by EKS Pod Identity. */
  podIdentity: identitySchema.optional(),
});
type AddonSettings = z.output<typeof addonSchema>;
const DEFAULTS = addonSchema.parse({});

/** Source: github.com/kubernetes-sigs/aws-ebs-csi-driver, docs/tagging.md. */
const MAX_VOLUME_TAGS = MAX_TAGS - 8;

/** Inputs of the cluster about EKS add-ons. */
export const addonsShape = {
  /**
   * Managed add-ons by EKS' names. vpc-cni, kube-proxy, eks-pod-identity-agent, coredns and aws-ebs-csi-driver are
   * installed by default, and `false` leaves one out; others, such as metrics-server or aws-mountpoint-s3-csi-driver, are
   * added. If Auto Mode runs all nodes, none is installed by default, since it has them built in.
   */
  addons: z
    .record(
      z.string().regex(/^[a-z0-9][a-z0-9_-]{0,99}$/),
      z.union([z.literal(false), addonSchema], { error: "must be false or an object of settings" }),
    )
    .superRefine((addons, ctx) => {
      for (const key of Object.keys(addons)) {
        const name = SPELLING.get(lettersOf(key));
        const message = `must be spelt as EKS does (did you mean ${name}?), got ${key}`;
        if (name !== undefined && key !== name) refuse(ctx, [key], message);
      }
    })
    .default({}),
  /** Tags on the volumes and snapshots that the EBS CSI driver creates, at most 42; keys without `=`, values without commas. */
  volumeTags: tagsSchema
    .superRefine((tags, ctx) => {
      const keys = Object.keys(tags);
      if (keys.length > MAX_VOLUME_TAGS) {
        refuse(ctx, [], `must be at most ${MAX_VOLUME_TAGS}, as the driver sets eight, got ${keys.length}`);
      }
      for (const key of keys.filter((name) => name.includes("="))) {
        refuse(ctx, [key], "must have no equals sign, which parts a tag's key from its value");
      }
    })
    .default({}),
  /** Assign /28 prefixes to nodes (ENABLE_PREFIX_DELEGATION of vpc-cni): more pods per node, but the subnets need free /28 blocks. */
  prefixDelegation: z.boolean().default(false),
};

/** Add-ons that nodes need to become ready and pods need for AWS credentials; installed before the node groups. */
const BEFORE_NODES = ["vpc-cni", "kube-proxy", "eks-pod-identity-agent"];
/** Add-ons whose pods need a node, which EKS waits for; installed after the node groups. */
const EBS_DRIVER = "aws-ebs-csi-driver";
const AFTER_NODES = ["coredns", EBS_DRIVER];
const lettersOf = (name: string) => name.replace(/[^a-z0-9]/g, "");
const SPELLING = new Map(
  [...BEFORE_NODES, ...AFTER_NODES, "metrics-server", "eks-node-monitoring-agent"].map((name) => [
    lettersOf(name),
    name,
  ]),
);

/** Permissions of the default add-ons. Source: EKS user guide, "AWS add-ons". */
const IDENTITIES = new Map<string, AddonSettings["podIdentity"]>([
  [
    EBS_DRIVER,
    {
      serviceAccount: "ebs-csi-controller-sa",
      policyArns: { driver: awsPolicyArn("service-role/AmazonEBSCSIDriverPolicy") },
    },
  ],
]);

interface AddonsSettings {
  addons: Record<string, false | AddonSettings>;
  prefixDelegation: boolean;
  volumeTags: Record<string, string>;
}
/** Nodes that add-ons can run on. */
interface Nodes {
  /** Whether there is any node group. */
  groups: boolean;
  /** Whether one of them takes pods that tolerate no taint. */
  open: boolean;
  /** Whether one of them repairs its nodes. */
  nodeRepair: boolean;
}

/** Refuses options that need an add-on which is left out. */
export function checkAddons(
  { addons, prefixDelegation, autoMode }: AddonsSettings & { autoMode?: object },
  ctx: z.RefinementCtx,
) {
  if (prefixDelegation && addons["vpc-cni"] === false) {
    refuse(ctx, ["addons", "vpc-cni"], "must not be false with prefixDelegation, which is a setting of it");
  }
  if (addons["eks-pod-identity-agent"] === false && !autoMode) {
    const names = [...new Set([...AFTER_NODES, ...Object.keys(addons)])];
    const needy = names.filter((name) => addons[name] !== false && identityOf(name, addons[name]));
    const message = `must not be false while ${needy.sort().join(", ")} gets its permissions from it`;
    if (needy.length > 0) refuse(ctx, ["addons", "eks-pod-identity-agent"], message);
  }
}

/** Whether vpc-cni assigns prefixes to nodes, by the setting or by its own configuration. */
export function hasPrefixes({
  addons,
  prefixDelegation,
}: Pick<AddonsSettings, "addons" | "prefixDelegation">): boolean {
  const env = (addons["vpc-cni"] || DEFAULTS).configuration?.env as Record<string, unknown> | undefined;
  return prefixDelegation || env?.ENABLE_PREFIX_DELEGATION === "true";
}

/** Names of the add-ons to install before and after the node groups. */
export function addonNames({ addons }: AddonsSettings, nodes: Nodes): { before: string[]; after: string[] } {
  const names = new Set([
    ...(nodes.groups ? BEFORE_NODES : []),
    ...(nodes.open ? AFTER_NODES : []),
    ...(nodes.nodeRepair ? ["eks-node-monitoring-agent"] : []),
    ...Object.keys(addons),
  ]);
  const wanted = [...names].filter((name) => addons[name] !== false).sort();
  return {
    before: wanted.filter((name) => BEFORE_NODES.includes(name)),
    after: wanted.filter((name) => !BEFORE_NODES.includes(name)),
  };
}

/** Managed add-ons of a cluster. */
export class Addons extends Construct {
  /** Role of the EBS CSI driver; undefined before it is installed, or without it. */
  ebsDriverRoleArn: string | undefined;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: AddonsSettings & { name: string; clusterName: string; clusterVersion: string },
  ) {
    super(scope, id);
  }

  /** Installs add-ons after `dependsOn`. */
  install(names: string[], dependsOn: ITerraformDependable[]): EksAddon[] {
    return names.map((name) => this.addon(name, dependsOn));
  }

  private addon(name: string, dependsOn: ITerraformDependable[]): EksAddon {
    const { clusterName, clusterVersion, addons, prefixDelegation, volumeTags } = this.props;
    const settings = addons[name] || DEFAULTS;
    const scope = new Construct(this, idFrom(name));
    const identity = this.identity(scope, name, identityOf(name, settings));
    const configuration = configurationOf(name, settings.configuration, { prefixDelegation, volumeTags });
    if (name === EBS_DRIVER) this.ebsDriverRoleArn = identity?.association.roleArn;
    const after = [...dependsOn, ...(identity?.policies ?? [])];
    return new EksAddon(scope, "addon", {
      clusterName,
      addonName: name,
      addonVersion: settings.version === "latest" ? latest(scope, name, clusterVersion) : settings.version,
      configurationValues: JSON.stringify(configuration ?? {}), // absent, the provider keeps the settings of before
      resolveConflictsOnCreate: settings.resolveConflicts === "NONE" ? "NONE" : "OVERWRITE",
      resolveConflictsOnUpdate: settings.resolveConflicts,
      ...(settings.preserve ? { preserve: true } : {}),
      ...(identity ? { podIdentityAssociation: [identity.association] } : {}),
      ...(after.length > 0 && { dependsOn: after }),
    });
  }

  private identity(scope: Construct, name: string, settings: AddonSettings["podIdentity"]) {
    if (!settings) return undefined;
    const { serviceAccount, roleArn, policyArns, policy } = settings;
    if (roleArn !== undefined) return { association: { serviceAccount, roleArn }, policies: [] };
    const role = podRole(scope, { name: `${this.props.name}-${name}`, policyArns, policy });
    return { association: { serviceAccount, roleArn: role.arn }, policies: role.policies };
  }
}

const identityOf = (name: string, settings: false | AddonSettings | undefined) =>
  (settings || undefined)?.podIdentity ?? IDENTITIES.get(name);

const latest = (scope: Construct, addonName: string, kubernetesVersion: string) =>
  new DataAwsEksAddonVersion(scope, "latest", { addonName, kubernetesVersion, mostRecent: true }).version;

/** Configuration of an add-on with what other settings of the cluster say of it. */
function configurationOf(
  name: string,
  configuration: AddonSettings["configuration"],
  { prefixDelegation, volumeTags }: Pick<AddonsSettings, "prefixDelegation" | "volumeTags">,
): AddonSettings["configuration"] {
  if (name === "vpc-cni" && prefixDelegation) return withPrefixes(configuration);
  if (name === EBS_DRIVER && Object.keys(volumeTags).length > 0) return withVolumeTags(volumeTags, configuration);
  return configuration;
}

function withVolumeTags(tags: Record<string, string>, configuration: AddonSettings["configuration"] = {}) {
  const controller = configuration.controller as { extraVolumeTags?: object } | undefined;
  const extraVolumeTags = { ...tags, ...controller?.extraVolumeTags };
  return { ...configuration, controller: { ...controller, extraVolumeTags } } as AddonSettings["configuration"];
}

function withPrefixes(configuration: AddonSettings["configuration"] = {}) {
  const env = { ENABLE_PREFIX_DELEGATION: "true", WARM_PREFIX_TARGET: "1" };
  return { ...configuration, env: { ...(configuration.env as object | undefined), ...env } };
}
