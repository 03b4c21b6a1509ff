import { policy, type Statement } from "../common/iam/policy";

/** Resources in the policy of Karpenter's controller. */
export interface KarpenterNames {
  readonly clusterName: string;
  readonly region: string;
  readonly nodeRoleArn: string;
  readonly queueArn: string;
  /** Whether Karpenter asks which zones traffic is shifted out of. */
  readonly zonalShift: boolean;
}

/**
 * Permissions of Karpenter's controller: launch, tag and terminate instances with the cluster's tag, and no others. Source:
 * github.com/aws/karpenter-provider-aws v1.14.1, cloudformation.yaml of the getting-started guide.
 */
export function karpenterPolicy({ clusterName, region, nodeRoleArn, queueArn, zonalShift }: KarpenterNames): string {
  const clusterArn = `arn:aws:eks:${region}:*:cluster/${clusterName}`;
  const ec2 = (kinds: string[], account = "*") => kinds.map((kind) => `arn:aws:ec2:${region}:${account}:${kind}/*`);
  const profiles = "arn:aws:iam::*:instance-profile/*";
  const launched = ["fleet", "instance", "volume", "network-interface", "launch-template", "spot-instances-request"];
  const of = (what: "Request" | "Resource") => ({ [`aws:${what}Tag/kubernetes.io/cluster/${clusterName}`]: "owned" });
  const named = { "aws:RequestTag/eks:eks-cluster-name": clusterName };
  const pool = (what: "Request" | "Resource") => ({ [`aws:${what}Tag/karpenter.sh/nodepool`]: "*" });
  const at = (what: "Request" | "Resource") => ({ [`aws:${what}Tag/topology.kubernetes.io/region`]: region });
  const nodeClass = (what: "Request" | "Resource") => ({ [`aws:${what}Tag/karpenter.k8s.aws/ec2nodeclass`]: "*" });

  const instances: Statement[] = [
    {
      Sid: "LaunchFrom",
      Action: ["ec2:RunInstances", "ec2:CreateFleet"],
      Resource: [
        ...ec2(["image", "snapshot"], ""),
        ...ec2(["security-group", "subnet", "capacity-reservation", "placement-group"]),
      ],
    },
    {
      Sid: "LaunchByTemplate",
      Action: ["ec2:RunInstances", "ec2:CreateFleet"],
      Resource: ec2(["launch-template"]),
      Condition: { StringEquals: of("Resource"), StringLike: pool("Resource") },
    },
    {
      Sid: "LaunchTagged",
      Action: ["ec2:RunInstances", "ec2:CreateFleet", "ec2:CreateLaunchTemplate"],
      Resource: ec2(launched),
      Condition: { StringEquals: { ...of("Request"), ...named }, StringLike: pool("Request") },
    },
    {
      Sid: "TagAtLaunch",
      Action: "ec2:CreateTags",
      Resource: ec2(launched),
      Condition: {
        StringEquals: {
          ...of("Request"),
          ...named,
          "ec2:CreateAction": ["RunInstances", "CreateFleet", "CreateLaunchTemplate"],
        },
        StringLike: pool("Request"),
      },
    },
    {
      Sid: "TagLater",
      Action: "ec2:CreateTags",
      Resource: ec2(["instance"]),
      Condition: {
        StringEquals: of("Resource"),
        StringLike: pool("Resource"),
        StringEqualsIfExists: named,
        "ForAllValues:StringEquals": { "aws:TagKeys": ["eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name"] },
      },
    },
    {
      Sid: "End",
      Action: ["ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"],
      Resource: ec2(["instance", "launch-template"]),
      Condition: { StringEquals: of("Resource"), StringLike: pool("Resource") },
    },
  ];
  const roles: Statement[] = [
    {
      Sid: "PassNodeRole",
      Action: "iam:PassRole",
      Resource: nodeRoleArn,
      Condition: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
    },
    {
      Sid: "CreateProfile",
      Action: "iam:CreateInstanceProfile",
      Resource: profiles,
      Condition: {
        StringEquals: { ...of("Request"), ...named, ...at("Request") },
        StringLike: nodeClass("Request"),
      },
    },
    {
      Sid: "TagProfile",
      Action: "iam:TagInstanceProfile",
      Resource: profiles,
      Condition: {
        StringEquals: { ...of("Resource"), ...at("Resource"), ...of("Request"), ...named, ...at("Request") },
        StringLike: { ...nodeClass("Resource"), ...nodeClass("Request") },
      },
    },
    {
      Sid: "ChangeProfile",
      Action: ["iam:AddRoleToInstanceProfile", "iam:RemoveRoleFromInstanceProfile", "iam:DeleteInstanceProfile"],
      Resource: profiles,
      Condition: { StringEquals: { ...of("Resource"), ...at("Resource") }, StringLike: nodeClass("Resource") },
    },
    { Sid: "LookAtProfiles", Action: "iam:GetInstanceProfile", Resource: profiles },
  ];
  const rest: Statement[] = [
    { Sid: "FindCluster", Action: "eks:DescribeCluster", Resource: clusterArn },
    {
      Sid: "Interruptions",
      Action: ["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"],
      Resource: queueArn,
    },
    {
      Sid: "Look",
      Action: [
        "ec2:DescribeCapacityReservations",
        "ec2:DescribeImages",
        "ec2:DescribeInstances",
        "ec2:DescribeInstanceStatus",
        "ec2:DescribeInstanceTypeOfferings",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeLaunchTemplates",
        "ec2:DescribePlacementGroups",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSpotPriceHistory",
        "ec2:DescribeSubnets",
      ],
      Resource: "*",
      Condition: { StringEquals: { "aws:RequestedRegion": region } },
    },
    { Sid: "FindImages", Action: "ssm:GetParameter", Resource: `arn:aws:ssm:${region}::parameter/aws/service/*` },
    { Sid: "LookAnywhere", Action: ["pricing:GetProducts", "iam:ListInstanceProfiles"], Resource: "*" },
  ];
  const zones: Statement = {
    Sid: "FindShiftedZones",
    Action: "arc-zonal-shift:GetManagedResource",
    Resource: "*",
    Condition: { StringLike: { "arc-zonal-shift:ResourceIdentifier": clusterArn } },
  };
  return policy(...instances, ...roles, ...rest, ...(zonalShift ? [zones] : []));
}
