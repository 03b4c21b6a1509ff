import { EksNodeGroup } from "@cdktf/provider-aws/lib/eks-node-group";
import { Fn, type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { hardwareOf } from "../aws/ec2/instance-types";
import { boundedName } from "../common/names";
import { orToken, parseProps, reference } from "../common/settings/props";
import { tagsSchema } from "../common/settings/tags";
import { tagAutoscalingGroup, templateTags } from "./asg-tags";
import { sharingLabels } from "./gpu-sharing";
import { checkGroup, groupShape, hasReservation } from "./group-settings";
import { acceleratorOf, amiType } from "./image";
import { labelsSchema, type Taint, taintsSchema } from "./labels";
import { makeLaunchTemplate } from "./launch-template";

export const nodeGroupSchema = z
  .strictObject({
    ...groupShape,
    /** Kubernetes labels of the nodes, keys and values of at most 63 characters. */
    labels: labelsSchema.default({}),
    /** Kubernetes taints of the nodes, at most 50. */
    taints: taintsSchema.default([]),
  })
  .superRefine(checkGroup);
export type NodeGroupSettings = z.output<typeof nodeGroupSchema>;

/** What a node group needs of its cluster; an existing one can stand in. */
export interface NodeGroupCluster {
  readonly clusterName: string;
  /** Kubernetes version of the nodes, such as 1.34. */
  readonly clusterVersion: string;
  readonly nodeSecurityGroupId: string;
  readonly nodeRoleArn: string;
  readonly vpcId: string;
  readonly subnetIds: string[];
  /** With `cluster-autoscaler` the Auto Scaling groups carry tags that tell what an empty group would bring. */
  readonly autoscaler: "cluster-autoscaler" | "karpenter" | "none";
  /** Tags of the instances, their volumes and network interfaces. */
  readonly instanceTags: Record<string, string>;
  /** Tags of the Auto Scaling groups alone. */
  readonly autoscalingGroupTags: Record<string, string>;
  /** What must exist before nodes join: add-ons of the network, access. */
  readonly dependsOn: ITerraformDependable[];
}

const text = z.string().min(1);
const clusterShape = {
  clusterName: text,
  clusterVersion: orToken(z.string().regex(/^\d+\.\d+$/)),
  nodeSecurityGroupId: text,
  nodeRoleArn: text,
  vpcId: text,
  subnetIds: orToken(z.array(text).min(1)),
  autoscaler: z.enum(["cluster-autoscaler", "karpenter", "none"]),
  instanceTags: tagsSchema,
  autoscalingGroupTags: tagsSchema,
  dependsOn: z.array(z.custom<ITerraformDependable>()),
};
const CLUSTER_KEYS = Object.keys(clusterShape) as (keyof NodeGroupCluster)[];

/** The cluster itself passes, be it a construct; only the fields that are read are checked. */
const clusterSchema = reference<NodeGroupCluster>("an EKS cluster", ...CLUSTER_KEYS).superRefine((cluster, ctx) => {
  const { error } = orToken(z.object(clusterShape)).safeParse(cluster);
  for (const issue of error?.issues ?? []) ctx.addIssue({ ...issue, continue: false });
});

const schema = z
  .strictObject({
    /** Name of the group, unique in the cluster: 1 to 63 letters, digits, hyphens and underscores. */
    name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/), // EKS API reference, Nodegroup
    /** Cluster that the nodes join. */
    cluster: clusterSchema,
    /** What the nodes are and how many. */
    settings: nodeGroupSchema,
  })
  .superRefine(({ cluster, settings }, ctx) => {
    const { subnetIndex } = settings;
    const { length } = cluster.subnetIds;
    if (subnetIndex !== undefined && !Token.isUnresolved(cluster.subnetIds) && subnetIndex >= length) {
      const message = `must be less than ${length}, the number of the cluster's subnets, got ${subnetIndex}`;
      ctx.addIssue({ code: "custom", path: ["settings", "subnetIndex"], message });
    }
    const tags = asgTags(cluster, settings);
    const count = Object.keys(tags).length;
    if (count > MAX_ASG_TAGS) {
      const message = `must leave at most ${MAX_ASG_TAGS} tags on the Auto Scaling group, with those of taints, devices and autoscalingGroupTags, got ${count}`;
      ctx.addIssue({ code: "custom", path: ["settings", "labels"], message });
    }
  });
export type NodeGroupProps = z.input<typeof schema>;

/** An Auto Scaling group takes 50 tags (EC2 Auto Scaling quotas), of which EKS itself sets five. */
const MAX_ASG_TAGS = 45;

/** Managed node group with a launch template of its own, on the shared role and security group of the cluster's nodes. */
export class NodeGroup extends Construct {
  readonly resource: EksNodeGroup;
  readonly autoscalingGroupName: string;
  /** Kubernetes labels and taints of the nodes, from which selectors and tolerations are to be derived. */
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  /** Whether the group needs the add-on eks-node-monitoring-agent. */
  readonly usesNodeRepair: boolean;

  constructor(scope: Construct, id: string, props: NodeGroupProps) {
    super(scope, id);
    const { name, cluster, settings } = parseProps(this, schema, props);
    const { hardware } = hardwareOf(settings);
    const { capacityType, minSize, maxSize, nodeRepair } = settings;
    this.labels = nodeLabels(settings);
    this.taints = settings.taints;
    this.usesNodeRepair = nodeRepair !== false;

    const launchTemplate = makeLaunchTemplate(this, name, cluster, settings, hardware);
    this.resource = new EksNodeGroup(this, "group", {
      clusterName: cluster.clusterName,
      // Most changes replace a group. With a prefix the new group stands, and takes the pods, before the old one goes.
      nodeGroupNamePrefix: `${boundedName(36, name)}-`, // 63 characters, of which the provider's suffix takes 26
      nodeRoleArn: cluster.nodeRoleArn,
      subnetIds: subnetsOf(cluster, settings),
      version: cluster.clusterVersion,
      amiType: amiType(settings.imageFamily, acceleratorOf(hardware), hardware.architecture),
      releaseVersion: settings.releaseVersion,
      capacityType,
      // The launch template of a capacity block holds the type, and EKS takes it from one place only.
      ...(capacityType !== "CAPACITY_BLOCK" && { instanceTypes: settings.instanceTypes }),
      scalingConfig: { minSize, maxSize, desiredSize: minSize },
      updateConfig: { maxUnavailablePercentage: 33 },
      launchTemplate: { id: launchTemplate.id, version: Token.asString(launchTemplate.latestVersion) },
      ...(Object.keys(this.labels).length > 0 && { labels: this.labels }),
      ...(this.taints.length > 0 && {
        taint: this.taints.map(({ key, value, effect }) => ({ key, value: value || undefined, effect })),
      }),
      ...(nodeRepair && { nodeRepairConfig: { enabled: true, ...(nodeRepair === true ? {} : nodeRepair) } }),
      ...(cluster.dependsOn.length > 0 && { dependsOn: cluster.dependsOn }),
      lifecycle: {
        // Where the old nodes fill a reservation, new ones cannot start before they are gone.
        ...(!hasReservation(settings) && { createBeforeDestroy: true }),
        ignoreChanges: ["scaling_config[0].desired_size"],
      },
    });
    this.autoscalingGroupName = this.resource.resources.get(0).autoscalingGroups.get(0).name;
    tagAutoscalingGroup(this, this.autoscalingGroupName, asgTags(cluster, settings));
  }
}

/** The labels that follow from the settings, then the group's own, which win. */
export function nodeLabels(settings: NodeGroupSettings): Record<string, string> {
  const { labels, efa, gpuSharing, imageFamily } = settings;
  const accelerator = acceleratorOf(hardwareOf(settings).hardware);
  return {
    ...(efa && { "vpc.amazonaws.com/efa.present": "true" }),
    ...(accelerator === "gpu" && { "nvidia.com/gpu.present": "true" }),
    ...(accelerator === "neuron" && { "aws.amazon.com/neuron.present": "true" }),
    // Bottlerocket's image has a device plugin of its own; the GPU operator keeps its one off nodes with this label.
    ...(accelerator === "gpu" && imageFamily === "bottlerocket" && { "nvidia.com/gpu.deploy.device-plugin": "false" }),
    ...(gpuSharing && sharingLabels(gpuSharing)),
    ...labels,
  };
}

function subnetsOf({ subnetIds }: NodeGroupCluster, { subnetIds: own, subnetIndex }: NodeGroupSettings): string[] {
  if (subnetIndex === undefined) return own ?? subnetIds;
  return [Token.isUnresolved(subnetIds) ? Fn.element(subnetIds, subnetIndex) : (subnetIds[subnetIndex] ?? "")];
}

/** The autoscaler's template tags, when it is there to read them, then the caller's own, which win. */
function asgTags(cluster: NodeGroupCluster, settings: NodeGroupSettings): Record<string, string> {
  const { hardware } = hardwareOf(settings);
  const template =
    cluster.autoscaler === "cluster-autoscaler"
      ? templateTags({ ...settings, labels: nodeLabels(settings), hardware })
      : {};
  return { ...template, ...cluster.autoscalingGroupTags };
}
