import { describe, expect, it } from "vitest";
import { karpenterPolicy } from "../../../modules/kube/karpenter-policy";

const NAMES = {
  clusterName: "ml",
  region: "us-east-1",
  nodeRoleArn: "arn:aws:iam::123456789012:role/karpenter-node",
  queueArn: "arn:aws:sqs:us-east-1:123456789012:karpenter",
  zonalShift: false,
};
interface Statement {
  Effect: string;
  Sid: string;
  Action: string | string[];
  Resource: string | string[];
  Condition?: Record<string, Record<string, unknown>>;
}
const statements: Statement[] = JSON.parse(karpenterPolicy(NAMES)).Statement;
const actionsOf = ({ Action }: Statement) => [Action].flat();
const reading = (action: string) => /:(Describe|Get|List)/.test(action);
const OWNED = /^aws:(Resource|Request)Tag\/kubernetes\.io\/cluster\/ml$/;

it("allows the actions of Karpenter's guide, and no others", () => {
  expect([...new Set(statements.flatMap(actionsOf))].sort()).toEqual([
    "ec2:CreateFleet",
    "ec2:CreateLaunchTemplate",
    "ec2:CreateTags",
    "ec2:DeleteLaunchTemplate",
    "ec2:DescribeCapacityReservations",
    "ec2:DescribeImages",
    "ec2:DescribeInstanceStatus",
    "ec2:DescribeInstanceTypeOfferings",
    "ec2:DescribeInstanceTypes",
    "ec2:DescribeInstances",
    "ec2:DescribeLaunchTemplates",
    "ec2:DescribePlacementGroups",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSpotPriceHistory",
    "ec2:DescribeSubnets",
    "ec2:RunInstances",
    "ec2:TerminateInstances",
    "eks:DescribeCluster",
    "iam:AddRoleToInstanceProfile",
    "iam:CreateInstanceProfile",
    "iam:DeleteInstanceProfile",
    "iam:GetInstanceProfile",
    "iam:ListInstanceProfiles",
    "iam:PassRole",
    "iam:RemoveRoleFromInstanceProfile",
    "iam:TagInstanceProfile",
    "pricing:GetProducts",
    "sqs:DeleteMessage",
    "sqs:GetQueueUrl",
    "sqs:ReceiveMessage",
    "ssm:GetParameter",
  ]);
});
it("allows a look at the cluster's shifted zones where they may be shifted, and not else", () => {
  const shifting = JSON.parse(karpenterPolicy({ ...NAMES, zonalShift: true })).Statement as Statement[];
  expect(shifting.slice(0, -1)).toEqual(statements);
  expect(shifting.at(-1)).toEqual({
    Effect: "Allow",
    Sid: "FindShiftedZones",
    Action: "arc-zonal-shift:GetManagedResource",
    Resource: "*",
    Condition: { StringLike: { "arc-zonal-shift:ResourceIdentifier": "arn:aws:eks:us-east-1:*:cluster/ml" } },
  });
});
describe("what it changes", () => {
  const changing = statements.filter((statement) => !actionsOf(statement).every(reading));
  const bySid = (sid: string) => changing.find(({ Sid }) => Sid === sid);
  it("is the cluster's by tag, but for what a launch takes its parts from, the node role and the queue", () => {
    const untagged = changing.filter(
      ({ Condition = {} }) => !Object.keys(Condition.StringEquals ?? {}).some((key) => OWNED.test(key)),
    );
    expect(untagged.map(({ Sid }) => Sid)).toEqual(["LaunchFrom", "PassNodeRole", "Interruptions"]);
  });
  it("is never everything", () => {
    for (const { Resource } of changing) expect(Resource).not.toBe("*");
  });
  it("starts no instance but one that gets the cluster's tags", () => {
    expect(
      [bySid("LaunchFrom")?.Resource].flat().filter((arn) => /instance|fleet|launch-template/.test(`${arn}`)),
    ).toEqual([]);
    expect(bySid("LaunchTagged")?.Condition).toEqual({
      StringEquals: { "aws:RequestTag/kubernetes.io/cluster/ml": "owned", "aws:RequestTag/eks:eks-cluster-name": "ml" },
      StringLike: { "aws:RequestTag/karpenter.sh/nodepool": "*" },
    });
  });
  it("ends no instance but one that has them", () => {
    expect(bySid("End")?.Condition).toEqual({
      StringEquals: { "aws:ResourceTag/kubernetes.io/cluster/ml": "owned" },
      StringLike: { "aws:ResourceTag/karpenter.sh/nodepool": "*" },
    });
  });
  it("tags at launch, and later with three keys only", () => {
    expect(bySid("TagAtLaunch")?.Condition?.StringEquals?.["ec2:CreateAction"]).toEqual([
      "RunInstances",
      "CreateFleet",
      "CreateLaunchTemplate",
    ]);
    expect(bySid("TagLater")?.Condition?.["ForAllValues:StringEquals"]).toEqual({
      "aws:TagKeys": ["eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name"],
    });
  });
  it("hands the node role to EC2 alone", () => {
    expect(bySid("PassNodeRole")).toMatchObject({
      Resource: NAMES.nodeRoleArn,
      Condition: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
    });
  });
  it("is in one region", () => {
    for (const arn of changing.flatMap(({ Resource }) => [Resource].flat())) {
      expect(arn).toMatch(/^arn:aws:(ec2|sqs):us-east-1:|^arn:aws:iam::/);
    }
  });
});
it("looks at EC2 in its region only", () => {
  const look = statements.find(({ Sid }) => Sid === "Look");
  expect(look?.Condition).toEqual({ StringEquals: { "aws:RequestedRegion": "us-east-1" } });
});
it("stays within what a role's own policies may hold, for the longest names", () => {
  const long = karpenterPolicy({
    clusterName: "c".repeat(100),
    region: "ap-southeast-99",
    nodeRoleArn: `arn:aws:iam::123456789012:role/${"r".repeat(64)}`,
    queueArn: `arn:aws:sqs:ap-southeast-99:123456789012:${"q".repeat(80)}`,
    zonalShift: true,
  });
  expect(long.length).toBeLessThanOrEqual(10_240); // IAM quotas: characters of a role's inline policies
});
