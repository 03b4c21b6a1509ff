import { EksAccessEntry } from "@cdktf/provider-aws/lib/eks-access-entry";
import { IamServiceLinkedRole } from "@cdktf/provider-aws/lib/iam-service-linked-role";
import { Annotations, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { PodIdentityRole } from "../aws/eks/pod-identity-role";
import { VolumeKeyGrant } from "../aws/kms/volume-key-grant";
import { efaSecurityGroup } from "../cluster/efa";
import { isManaged } from "../cluster/groups";
import type { NodePool } from "../cluster/node-pool";
import { placementGroup } from "../cluster/placement-group";
import { currentRegion } from "../common/current-region";
import { awsPolicyArn, ManagedRole } from "../common/iam/managed-role";
import { trust } from "../common/iam/policy";
import { idFrom } from "../common/names";
import { checkedBy } from "../common/settings/checked-by";
import { refuse } from "../common/settings/faults";
import { orToken, parseProps, reference } from "../common/settings/props";
import { MAX_TAGS, tagsSchema } from "../common/settings/tags";
import { CustomObjects } from "./custom-objects";
import { HelmChart, type HelmValues, partShape } from "./helm-chart";
import { InterruptionQueue } from "./interruption-queue";
import { type KarpenterPool, karpenterName, karpenterObjects, nodeOverlays } from "./karpenter-nodes";
import { karpenterFaults, karpenterTagFaults } from "./karpenter-options";
import { karpenterPolicy } from "./karpenter-policy";
import { kubeLabelSchema } from "./kube-names";
import { poolsSchema } from "./pool-scheduling";

/** What Karpenter needs of the cluster, such as a `Cluster`. */
export interface KarpenterCluster {
  readonly clusterName: string;
  readonly clusterEndpoint: string;
  readonly nodeSecurityGroupId: string;
  /** Start no nodes in a zone that Application Recovery Controller shifts traffic out of; false when absent. */
  readonly zonalShift?: boolean;
}

/** Tags of an instance, less its name and those that Karpenter sets. Source: karpenter.sh, "NodeClasses", spec.tags. */
const MAX_INSTANCE_TAGS = MAX_TAGS - 8;

const schema = z
  .strictObject({
    /** Cluster that the nodes join. Its `autoscaler` must be karpenter, or it creates node groups for the runner pools. */
    cluster: reference<KarpenterCluster>("an EKS cluster", "clusterName", "clusterEndpoint", "nodeSecurityGroupId"),
    /** All pools of the cluster, from `nodePools()`; each runner pool becomes a NodePool. */
    pools: poolsSchema,
    /** Subnets of the nodes, 1 to 16; found by the tag karpenter.sh/discovery when absent. */
    subnetIds: z
      .array(orToken(z.string().regex(/^subnet-[0-9a-f]{8,17}$/)))
      .min(1)
      .max(16)
      .optional(),
    /** VPC of the cluster; needed for pools with EFA, whose traffic has a security group of its own. */
    vpcId: orToken(z.string().min(1)).optional(),
    /** Namespace of Karpenter. */
    namespace: kubeLabelSchema.default("kube-system"),
    /** Replicas of Karpenter, 1 to 3, on separate nodes where the groups that Karpenter does not manage have several. */
    replicas: z.int().min(1).max(3).default(1),
    /** Remove empty nodes only, or also nodes whose pods fit elsewhere. Moving a runner ends its sessions. */
    consolidation: z.enum(["WhenEmpty", "WhenEmptyOrUnderutilized"]).default("WhenEmpty"),
    /** Minutes before an empty node is removed, 0 to 1440. */
    consolidateAfterMinutes: z.int().min(0).max(1440).default(5),
    /** Maximum age of a node, hours, 1 to 8760; it is then replaced by one with the latest image. */
    expireAfterHours: z
      .union([z.literal("Never"), z.int().min(1).max(8760)], { error: "must be Never or 1 to 8760 hours" })
      .default(720),
    /** Allow Session Manager sessions on the nodes. */
    sessionManager: z.boolean().default(false),
    /**
     * Create the service-linked role AWSServiceRoleForEC2Spot, without which EC2 refuses Spot to Karpenter. An account has
     * one: leave it off if the account has ever used Spot. Source: Karpenter's guide "Getting Started", step "EC2 Spot".
     */
    spotServiceLinkedRole: z.boolean().default(false),
    /** Tags on the instances and their volumes, such as the cluster's `instanceTags`; none of those that Karpenter sets. */
    instanceTags: tagsSchema
      .superRefine((tags, ctx) => {
        for (const { path, message } of karpenterTagFaults(tags)) refuse(ctx, path, message);
        const count = Object.keys(tags).length;
        if (count <= MAX_INSTANCE_TAGS) return;
        refuse(
          ctx,
          [],
          `must be at most ${MAX_INSTANCE_TAGS}, as Karpenter sets the others of ${MAX_TAGS}, got ${count}`,
        );
      })
      .default({}),
    ...partShape,
  })
  .superRefine(({ pools, subnetIds, vpcId }, ctx) => {
    const names = new Map<string, string>();
    for (const pool of karpenterPools(pools)) {
      const at = ["pools", pool.name];
      if (pool.settings.efa && vpcId === undefined) {
        refuse(ctx, "vpcId", `is required for ${pool.name}, which has efa, got nothing`);
      }
      for (const { path, message } of karpenterFaults(pool, subnetIds)) refuse(ctx, [...at, ...path], message);
      const name = karpenterName(pool);
      const other = names.get(name);
      if (other) {
        refuse(ctx, [...at, "suffix"], `must differ from that of ${other} by more than its case, got ${pool.name}`);
      }
      names.set(name, pool.name);
    }
  });
/** The pools that Karpenter makes nodes of: runner pools, apart from those that stay node groups. */
const karpenterPools = (pools: readonly NodePool[]) => pools.filter((pool) => !isManaged(pool, "karpenter"));
export type KarpenterProps = z.input<typeof schema>;
/** The settings without the wiring. */
export const karpenterSettings = checkedBy(schema, {
  cluster: { clusterName: "any", clusterEndpoint: "any", nodeSecurityGroupId: "any" },
  pools: [],
  vpcId: "any",
  dependsOn: undefined,
});
type Settings = z.output<typeof schema>;

const NAME = "karpenter";

/** Replicas on nodes of their own where there are several; the chart requires it, so that one waits for ever where there are not. */
const SPREAD = {
  podAntiAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: null,
    preferredDuringSchedulingIgnoredDuringExecution: [
      { weight: 100, podAffinityTerm: { topologyKey: "kubernetes.io/hostname" } },
    ],
  },
};

/** Karpenter, with a NodePool for each runner pool. */
export class Karpenter extends Construct {
  readonly chart: HelmChart;
  /** The NodePools, EC2NodeClasses and NodeOverlays; undefined without runner pools. */
  readonly nodePools: CustomObjects | undefined;
  readonly controllerRoleArn: string;
  readonly nodeRoleArn: string;
  readonly queueName: string;
  /** What dependents must wait for. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: KarpenterProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { cluster, namespace, chart, values, timeoutSeconds, dependsOn } = settings;
    const { clusterName, zonalShift = false } = cluster;

    const queue = new InterruptionQueue(this, "interruptions");
    const nodeRole = this.nodeRole(settings);
    const access = new EksAccessEntry(this, "access-entry", {
      clusterName,
      principalArn: nodeRole.arn,
      type: "EC2_LINUX",
    });
    this.allowSpot(settings);
    const region = currentRegion(this);
    const names = { clusterName, region, nodeRoleArn: nodeRole.arn, queueArn: queue.arn, zonalShift };
    const role = new PodIdentityRole(this, "role", {
      name: NAME,
      clusterName,
      namespace,
      serviceAccount: NAME,
      policy: karpenterPolicy(names),
    });
    const release = { namespace, chart, timeoutSeconds };
    const kinds = new HelmChart(this, "kinds", {
      chartKey: "karpenter-crd",
      name: "karpenter-crd",
      ...release,
      dependsOn,
    });
    this.chart = new HelmChart(this, "chart", {
      chartKey: "karpenter",
      name: NAME,
      ...release,
      defaults: valuesOf(settings, queue.name, region),
      values,
      dependsOn: [...kinds.ready, ...role.ready, ...queue.ready, ...nodeRole.policies, access],
    });
    const nodes = { ...settings, ...cluster, nodeRoleName: nodeRole.name, tags: settings.instanceTags };
    const runners = karpenterPools(settings.pools);
    const objects = runners.flatMap((pool) => karpenterObjects(pool, nodes, this.own(pool, settings)));
    if (objects.length > 0) {
      const name = "karpenter-nodes";
      const ready = [...this.chart.ready, ...this.keyGrants(runners, role.roleArn)];
      this.nodePools = new CustomObjects(this, "nodes", { name, namespace, objects, dependsOn: ready });
    }

    this.controllerRoleArn = role.roleArn;
    this.nodeRoleArn = nodeRole.arn;
    this.queueName = queue.name;
    this.ready = this.nodePools?.ready ?? this.chart.ready;
  }

  /**
   * Grants on the keys of the nodes' volumes, which EC2 uses as the controller's role. Source:
   * github.com/aws/karpenter-provider-aws, issue 4935.
   */
  private keyGrants(pools: readonly NodePool[], roleArn: string): ITerraformDependable[] {
    return pools.flatMap(({ name, settings: { diskKmsKeyArn: keyArn } }) =>
      keyArn === undefined ? [] : new VolumeKeyGrant(this, idFrom(`${name}-key-grant`), { keyArn, roleArn }).ready,
    );
  }

  /** Placement group and EFA's security group of one pool. */
  private own(pool: NodePool, { cluster: { clusterName }, vpcId = "" }: Settings): KarpenterPool {
    const scope = new Construct(this, idFrom(pool.name));
    return {
      // not the name of the cluster's group, which may be there still when a pool moves from or to a node group
      placementGroupName: placementGroup(scope, { ...pool, name: `karpenter-${pool.name}` }, { clusterName }),
      ...(pool.settings.efa && { efaSecurityGroupId: efaSecurityGroup(scope, pool, { clusterName, vpcId }) }),
    };
  }

  private allowSpot({ pools, spotServiceLinkedRole }: Settings): void {
    if (spotServiceLinkedRole) {
      new IamServiceLinkedRole(this, "spot-role", { awsServiceName: "spot.amazonaws.com" });
    } else if (karpenterPools(pools).some(({ settings }) => settings.capacityType === "SPOT")) {
      Annotations.of(this).addInfo(
        "An account that has never used Spot has no role AWSServiceRoleForEC2Spot: set spotServiceLinkedRole to true there.",
      );
    }
  }

  /** Role of the nodes, separate from that of node groups, whose access entry EKS manages. */
  private nodeRole({ sessionManager }: Settings): ManagedRole {
    const names = {
      worker: "AmazonEKSWorkerNodePolicy",
      registry: "AmazonEC2ContainerRegistryPullOnly",
      cni: "AmazonEKS_CNI_Policy",
      ...(sessionManager && { "session-manager": "AmazonSSMManagedInstanceCore" }),
    };
    const policyArns = Object.fromEntries(Object.entries(names).map(([key, name]) => [key, awsPolicyArn(name)]));
    return new ManagedRole(this, "node-role", {
      name: "karpenter-node",
      assumeRolePolicy: trust("ec2.amazonaws.com"),
      policyArns,
    });
  }
}

function valuesOf({ cluster, pools, replicas }: Settings, interruptionQueue: string, region: string): HelmValues {
  const { clusterName, clusterEndpoint, zonalShift } = cluster;
  const runners = karpenterPools(pools);
  const gates = {
    ...(runners.some(({ settings }) => settings.nodeRepair !== false) && { nodeRepair: true }),
    ...(runners.flatMap(nodeOverlays).length > 0 && { nodeOverlay: true }),
  };
  return {
    serviceAccount: { create: true, name: NAME },
    replicas,
    affinity: SPREAD,
    settings: {
      clusterName,
      clusterEndpoint,
      interruptionQueue,
      ...(zonalShift && { enableZonalShift: true }), // without the cluster's own, Karpenter does not start
      ...(Object.keys(gates).length > 0 && { featureGates: gates }),
    },
    controller: {
      env: [{ name: "AWS_REGION", value: region }], // else read from the metadata service, which pods cannot reach
      resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { memory: "1Gi" } },
    },
  };
}
