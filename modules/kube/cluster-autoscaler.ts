import { type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { PodIdentityRole } from "../aws/eks/pod-identity-role";
import { currentRegion } from "../common/current-region";
import { policy } from "../common/iam/policy";
import { checkedBy } from "../common/settings/checked-by";
import { refuse } from "../common/settings/faults";
import { parseProps, reference } from "../common/settings/props";
import { HelmChart, type HelmValues, partShape } from "./helm-chart";
import { kubeLabelSchema } from "./kube-names";

/** What the autoscaler needs of the cluster, such as a `Cluster`. */
export interface AutoscaledCluster {
  readonly clusterName: string;
  /** Kubernetes version such as 1.35. */
  readonly clusterVersion: string;
}

const minutes = z.int().min(1).max(120);

const schema = z
  .strictObject({
    /** Cluster whose node groups are scaled; its setting `autoscaler` must be cluster-autoscaler. */
    cluster: reference<AutoscaledCluster>("an EKS cluster", "clusterName", "clusterVersion"),
    /** Namespace of the autoscaler. */
    namespace: kubeLabelSchema.default("kube-system"),
    /** Strategy to choose among groups that could grow: least waste, most pods, first in `priorities`, or random. */
    expander: z.enum(["least-waste", "most-pods", "priority", "random"]).default("least-waste"),
    /** With expander priority: regular expressions of Auto Scaling groups' names by priority, 1 to 1000, the highest first. */
    priorities: z
      .record(
        z.string().regex(/^([1-9]\d{0,2}|1000)$/, "must be a rank of 1 to 1000"),
        z.array(z.string().min(1).refine(isPattern, "must be a regular expression")).min(1),
      )
      .optional(),
    /** Keep similar groups in different zones at the same size. */
    balanceSimilarGroups: z.boolean().default(true),
    /** Utilization of CPU and memory, 0.1 to 0.9, below which a node may be removed. GPU nodes are judged by their GPUs. */
    scaleDownThreshold: z.number().min(0.1).max(0.9).default(0.5),
    /** Minutes that a node must be unneeded before it is removed, 1 to 120. */
    scaleDownAfterMinutes: minutes.default(10),
    /** Minutes to wait for a new node before trying another group, 1 to 120. GPU capacity is often short. */
    nodeProvisionMinutes: minutes.default(15),
    /** Replicas of the autoscaler, 1 to 3, of which one is active. */
    replicas: z.int().min(1).max(3).default(1),
    ...partShape,
  })
  .superRefine(({ expander, priorities }, ctx) => {
    const given = priorities !== undefined && Object.keys(priorities).length > 0;
    if (expander === "priority" && !given) refuse(ctx, "priorities", "is required with expander priority, got nothing");
    if (expander !== "priority" && given)
      refuse(ctx, "priorities", `must be left out unless expander is priority, got ${expander}`);
  });
export type ClusterAutoscalerProps = z.input<typeof schema>;
/** The settings without the wiring. */
export const clusterAutoscalerSettings = checkedBy(schema, {
  cluster: { clusterName: "any", clusterVersion: "1.35" },
  dependsOn: undefined,
});
type Settings = z.output<typeof schema>;

/**
 * Latest release for each Kubernetes version: the autoscaler simulates the scheduler of the version it was built for. Source:
 * tags cluster-autoscaler-<version> of github.com/kubernetes/autoscaler, August 2026.
 */
const IMAGES: Readonly<Record<string, string>> = {
  "1.30": "v1.30.7",
  "1.31": "v1.31.5",
  "1.32": "v1.32.7",
  "1.33": "v1.33.6",
  "1.34": "v1.34.5",
  "1.35": "v1.35.2",
  "1.36": "v1.36.1",
};
const NAME = "cluster-autoscaler";

/** Cluster autoscaler, allowed to resize this cluster's node groups only. */
export class ClusterAutoscaler extends Construct {
  readonly chart: HelmChart;
  readonly roleArn: string;
  /** What dependents must wait for. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ClusterAutoscalerProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { cluster, namespace, chart, values, timeoutSeconds, dependsOn } = settings;
    const { clusterName } = cluster;

    const role = new PodIdentityRole(this, "role", {
      name: NAME,
      clusterName,
      namespace,
      serviceAccount: NAME,
      policy: permissions(clusterName),
    });
    this.chart = new HelmChart(this, "chart", {
      chartKey: "cluster-autoscaler",
      name: NAME,
      namespace,
      defaults: valuesOf(settings, currentRegion(this)),
      chart,
      values,
      timeoutSeconds,
      dependsOn: [...dependsOn, ...role.ready],
    });
    this.roleArn = role.roleArn;
    this.ready = this.chart.ready;
  }
}

function valuesOf(settings: Settings, awsRegion: string): HelmValues {
  const { cluster, expander, priorities, balanceSimilarGroups } = settings;
  const image = Token.isUnresolved(cluster.clusterVersion) ? undefined : IMAGES[cluster.clusterVersion];
  return {
    fullnameOverride: NAME,
    cloudProvider: "aws",
    awsRegion, // else read from the metadata service, which pods cannot reach
    autoDiscovery: { clusterName: cluster.clusterName },
    ...(image && { image: { tag: image } }),
    rbac: { serviceAccount: { create: true, name: NAME } },
    replicaCount: settings.replicas,
    resources: { requests: { cpu: "100m", memory: "600Mi" } }, // EKS best practices guide, "Cluster Autoscaler"
    extraArgs: {
      expander,
      "balance-similar-node-groups": balanceSimilarGroups,
      "scale-down-utilization-threshold": settings.scaleDownThreshold,
      "scale-down-unneeded-time": `${settings.scaleDownAfterMinutes}m`,
      "max-node-provision-time": `${settings.nodeProvisionMinutes}m`,
      // else a pod with a scratch directory keeps its node forever
      "skip-nodes-with-local-storage": false,
    },
    ...(priorities && { expanderPriorities: priorities }),
  };
}

/**
 * What the releases of {@link IMAGES} call, restricted to the cluster by tag. Source: github.com/kubernetes/autoscaler,
 * cluster-autoscaler/cloudprovider/aws; its README.md also lists DescribeAutoScalingInstances, which none of them calls.
 */
const permissions = (clusterName: string) =>
  policy(
    {
      Sid: "Look",
      Action: [
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeLaunchConfigurations",
        "autoscaling:DescribeScalingActivities",
        "ec2:DescribeImages",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeLaunchTemplateVersions",
        "ec2:GetInstanceTypesFromInstanceRequirements",
      ],
      Resource: "*", // none of them supports resource-level permissions
    },
    { Sid: "LookAtGroups", Action: "eks:DescribeNodegroup", Resource: `arn:aws:eks:*:*:nodegroup/${clusterName}/*/*` },
    {
      Sid: "Scale",
      Action: ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
      Resource: "arn:aws:autoscaling:*:*:autoScalingGroup:*:autoScalingGroupName/*",
      // EKS tags the Auto Scaling group of every managed node group
      Condition: { StringEquals: { [`aws:ResourceTag/k8s.io/cluster-autoscaler/${clusterName}`]: "owned" } },
    },
  );

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
