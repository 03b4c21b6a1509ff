import { EksNodeGroup } from "@cdktf/provider-aws/lib/eks-node-group";
import { Fn, Token } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { VolumeKeyGrant } from "../aws/kms/volume-key-grant";
import { boundedName } from "../common/names";
import { refuse } from "../common/settings/faults";
import { parseProps } from "../common/settings/props";
import { asgTags, checkAsgTags, tagAutoscalingGroup } from "./asg-tags";
import { hasReservation, nodeGroupSchema } from "./group-rules";
import type { NodeGroupSettings } from "./group-settings";
import { amiType } from "./image";
import { makeLaunchTemplate } from "./launch-template";
import { type NodeGroupCluster, nodeGroupClusterSchema } from "./node-group-cluster";
import { checkPoolTaints, type NodePool, nodePool, POOL_KINDS } from "./node-pool";

const schema = z
  .strictObject({
    /** Name of the group, unique in the cluster: 1 to 63 letters, digits, hyphens and underscores. */
    name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/), // EKS API reference, Nodegroup
    /** What the group is for. */
    kind: z.enum(POOL_KINDS).default("additional"),
    /** Cluster that the nodes join. */
    cluster: nodeGroupClusterSchema,
    /** Instance types, sizes, labels and all other options of the nodes. */
    settings: nodeGroupSchema,
  })
  .superRefine(({ cluster, ...group }, ctx) => {
    const { subnetIndex, perSubnet } = group.settings;
    if (perSubnet) refuse(ctx, ["settings", "perSubnet"], "must be left out of a single group, got true");
    const { length } = cluster.subnetIds;
    if (subnetIndex !== undefined && !Token.isUnresolved(cluster.subnetIds) && subnetIndex >= length) {
      const message = `must be less than ${length}, the number of the cluster's subnets, got ${subnetIndex}`;
      refuse(ctx, ["settings", "subnetIndex"], message);
    }
    const pool = nodePool(group);
    checkPoolTaints(pool, ["settings", "taints"], ctx);
    const paths = {
      labels: ["settings", "labels"],
      taints: ["settings", "taints"],
      autoscalingGroupTags: ["cluster", "autoscalingGroupTags"],
    };
    checkAsgTags(pool, cluster, paths, ctx);
  });
export type NodeGroupProps = z.input<typeof schema>;

/** Managed node group with its own launch template, on the cluster's shared node role and security group. */
export class NodeGroup extends Construct {
  readonly resource: EksNodeGroup;
  readonly autoscalingGroupName: string;
  /** The nodes, for selectors and tolerations. */
  readonly pool: NodePool;

  constructor(scope: Construct, id: string, props: NodeGroupProps) {
    super(scope, id);
    const { cluster, ...group } = parseProps(this, schema, props);
    const pool = nodePool(group);
    const { name, settings, hardware, accelerator, labels, taints } = pool;
    const { capacityType, minSize, maxSize, nodeRepair, diskKmsKeyArn: keyArn } = settings;

    const grants = keyArn === undefined ? [] : new VolumeKeyGrant(this, "disk-key-grant", { keyArn }).ready;
    const dependsOn = [...cluster.dependsOn, ...grants];
    const launchTemplate = makeLaunchTemplate(this, cluster, pool);
    this.resource = new EksNodeGroup(this, "group", {
      clusterName: cluster.clusterName,
      // Most changes replace a group. With a prefix, the new group is created and takes the pods before the old one is deleted.
      nodeGroupNamePrefix: `${boundedName(36, name)}-`, // 63 characters, of which the provider's suffix takes 26
      nodeRoleArn: cluster.nodeRoleArn,
      subnetIds: subnetsOf(cluster, settings),
      version: cluster.clusterVersion,
      amiType: amiType(settings.imageFamily, accelerator, hardware.architecture),
      releaseVersion: settings.releaseVersion,
      capacityType,
      // The launch template of a capacity block holds the type, and EKS accepts it in one place only.
      ...(capacityType !== "CAPACITY_BLOCK" && { instanceTypes: settings.instanceTypes }),
      scalingConfig: { minSize, maxSize, desiredSize: minSize },
      updateConfig: { maxUnavailablePercentage: 33 },
      launchTemplate: { id: launchTemplate.id, version: Token.asString(launchTemplate.latestVersion) },
      ...(Object.keys(labels).length > 0 && { labels }),
      ...(taints.length > 0 && {
        taint: taints.map(({ key, value, effect }) => ({ key, value: value || undefined, effect })),
      }),
      // Absent, the provider keeps the repair of before.
      nodeRepairConfig: { enabled: nodeRepair !== false, ...(typeof nodeRepair === "object" && nodeRepair) },
      ...(dependsOn.length > 0 && { dependsOn }),
      lifecycle: {
        // While the old nodes fill a reservation, new ones cannot start.
        ...(!hasReservation(settings) && { createBeforeDestroy: true }),
        ignoreChanges: ["scaling_config[0].desired_size"],
        postcondition: [enoughNodes(name, cluster.clusterName)],
      },
    });
    this.pool = pool;
    this.autoscalingGroupName = this.resource.resources.get(0).autoscalingGroups.get(0).name;
    tagAutoscalingGroup(this, this.autoscalingGroupName, asgTags(pool, cluster));
  }
}

/**
 * EKS refuses a `minSize` above the present number of nodes, which is the autoscaler's and not ours to change. The plan
 * says so before anything else is applied. Source: EKS API reference, NodegroupScalingConfig.
 */
const enoughNodes = (name: string, clusterName: string) => {
  const scaling = "self.scaling_config[0]";
  const sizes = `minSize=\${${scaling}.min_size},desiredSize=\${${scaling}.min_size},maxSize=\${${scaling}.max_size}`;
  const command = `aws eks update-nodegroup-config --cluster-name ${clusterName} --nodegroup-name \${self.node_group_name} --scaling-config ${sizes}`;
  return {
    condition: `\${${scaling}.desired_size >= ${scaling}.min_size}`,
    errorMessage: `minSize of the node group ${name}: must be at most its present number of nodes (\${${scaling}.desired_size}), got \${${scaling}.min_size}. Add nodes first: ${command}`,
  };
};

function subnetsOf({ subnetIds }: NodeGroupCluster, { subnetIds: own, subnetIndex }: NodeGroupSettings): string[] {
  if (subnetIndex === undefined) return own ?? subnetIds;
  return [Token.isUnresolved(subnetIds) ? Fn.element(subnetIds, subnetIndex) : (subnetIds[subnetIndex] ?? "")];
}
