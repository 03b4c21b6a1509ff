import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { EksPodIdentityAssociation } from "@cdktf/provider-aws/lib/eks-pod-identity-association";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Release } from "@cdktf/provider-helm/lib/release";
import { Token } from "cdktf";
import { describe, expect, it } from "vitest";
import { ClusterAutoscaler, type ClusterAutoscalerProps } from "../../../modules/kube/cluster-autoscaler";
import { rejects } from "../../support/bad-input";
import { inCluster } from "../../support/in-cluster";
import { synth } from "../../support/synth";
import { matchesGolden, valuesOf } from "./golden.fixture";

type Props = Partial<ClusterAutoscalerProps>;
const CLUSTER = { clusterName: "ml", clusterVersion: "1.35" };
const make = inCluster(
  (scope, props: Props = {}) => new ClusterAutoscaler(scope, "autoscaler", { cluster: CLUSTER, ...props }),
);
const build = (props: Props = {}) => synth((stack) => make(stack, props));
const values = (props: Props = {}) => valuesOf(build(props));
const args = (props: Props) => values(props).extraArgs;

describe("the role", () => {
  const { one } = build({ namespace: "scaling" });
  const statements = JSON.parse(one(IamRolePolicy).policy).Statement;
  it("is that of the autoscaler's own service account, before its pods start", () => {
    expect(one(EksPodIdentityAssociation)).toMatchObject({
      cluster_name: "ml",
      namespace: "scaling",
      service_account: "cluster-autoscaler",
    });
    expect(one(Release).depends_on).toEqual([expect.stringMatching(/^aws_eks_pod_identity_association\./)]);
  });
  it("changes groups of this cluster only", () => {
    const changing = statements.filter(
      ({ Action }: { Action: string | string[] }) => !/Describe|Get/.test(`${Action}`),
    );
    expect(changing).toEqual([
      {
        Effect: "Allow",
        Sid: "Scale",
        Action: ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
        Resource: "arn:aws:autoscaling:*:*:autoScalingGroup:*:autoScalingGroupName/*",
        Condition: { StringEquals: { "aws:ResourceTag/k8s.io/cluster-autoscaler/ml": "owned" } },
      },
    ]);
  });
  it("looks at what it has to", () => {
    const looking = statements.flatMap(({ Action }: { Action: string | string[] }) => Action);
    expect(looking.filter((action: string) => /Describe|Get/.test(action)).sort()).toEqual([
      "autoscaling:DescribeAutoScalingGroups",
      "autoscaling:DescribeLaunchConfigurations",
      "autoscaling:DescribeScalingActivities",
      "ec2:DescribeImages",
      "ec2:DescribeInstanceTypes",
      "ec2:DescribeLaunchTemplateVersions",
      "ec2:GetInstanceTypesFromInstanceRequirements",
      "eks:DescribeNodegroup",
    ]);
    const groups = statements.find(({ Action }: { Action: string }) => Action === "eks:DescribeNodegroup");
    expect(groups.Resource).toBe("arn:aws:eks:*:*:nodegroup/ml/*/*");
  });
});

describe("the release", () => {
  it("is Kubernetes' chart in kube-system", () => {
    expect(build().one(Release)).toMatchObject({
      name: "cluster-autoscaler",
      namespace: "kube-system",
      repository: "https://kubernetes.github.io/autoscaler",
      chart: "cluster-autoscaler",
      version: "9.59.0",
    });
  });
  it("binds nobody to more rights than the chart's own role has", () => {
    expect(build().json).not.toMatch(/cluster-admin|cluster_role_binding/);
  });
});

describe("the values", () => {
  it("are as rendered", async () => {
    const priorities = { 50: [".*spot.*"], 10: [".*"] };
    await matchesGolden(values({ expander: "priority", priorities }), "cluster-autoscaler");
  });
  it("find the cluster's groups by their tags, in the stack's region", () => {
    const found = build();
    expect(found.data(DataAwsRegion)).toHaveLength(1);
    expect(valuesOf(found)).toMatchObject({
      autoDiscovery: { clusterName: "ml" },
      awsRegion: expect.stringMatching(/^\$\{data\.aws_region\./),
      rbac: { serviceAccount: { create: true, name: "cluster-autoscaler" } },
      replicaCount: 1,
    });
  });
  it("have defaults of their own", () => {
    expect(args({})).toEqual({
      expander: "least-waste",
      "balance-similar-node-groups": true,
      "scale-down-utilization-threshold": 0.5,
      "scale-down-unneeded-time": "10m",
      "max-node-provision-time": "15m",
      "skip-nodes-with-local-storage": false,
    });
    expect(values()).not.toHaveProperty("expanderPriorities");
  });
  it("say what was chosen", () => {
    const chosen = { balanceSimilarGroups: false, scaleDownThreshold: 0.7, scaleDownAfterMinutes: 3 };
    expect(args({ ...chosen, nodeProvisionMinutes: 40, expander: "random" })).toMatchObject({
      expander: "random",
      "balance-similar-node-groups": false,
      "scale-down-utilization-threshold": 0.7,
      "scale-down-unneeded-time": "3m",
      "max-node-provision-time": "40m",
    });
    expect(values({ replicas: 2 }).replicaCount).toBe(2);
    const ranked = { expander: "priority" as const, priorities: { 10: ["a", "b"] } };
    expect(values(ranked).expanderPriorities).toEqual({ 10: ["a", "b"] });
  });
  it.each([
    ["1.30", "v1.30.7"],
    ["1.35", "v1.35.2"],
    ["1.36", "v1.36.1"],
  ])("take for Kubernetes %s the release %s", (clusterVersion, tag) => {
    expect(values({ cluster: { ...CLUSTER, clusterVersion } }).image).toEqual({ tag });
  });
  it.each(["1.99", Token.asString({ resolve: () => "1.35" })])(
    "leave the release to the chart where it cannot be known",
    (v) => {
      expect(values({ cluster: { ...CLUSTER, clusterVersion: v } })).not.toHaveProperty("image");
    },
  );
  it("yield to the caller's", () => {
    expect(args({ values: { extraArgs: { v: 2, expander: "most-pods" } } })).toMatchObject({
      v: 2,
      expander: "most-pods",
    });
  });
});

it.each<Props>([
  { scaleDownThreshold: 0.1 },
  { scaleDownThreshold: 0.9 },
  { scaleDownAfterMinutes: 1, nodeProvisionMinutes: 120 },
  { scaleDownAfterMinutes: 120, nodeProvisionMinutes: 1 },
  { replicas: 3 },
  { expander: "priority", priorities: { 1: ["x"], 1000: ["y"] } },
  { expander: "most-pods", priorities: {} },
])("takes %j", (props) => {
  expect(build(props).all(Release)).toHaveLength(1);
});
const wrong = (props: object) => props as Props;
const priority = (priorities: object) => wrong({ expander: "priority", priorities });
rejects<Props>(
  "test/autoscaler",
  [
    ["cluster", wrong({ cluster: "ml" }), "clusterName, clusterVersion"],
    ["cluster", wrong({ cluster: { clusterName: "ml" } })],
    ["namespace", { namespace: "A" }, "lower-case"],
    ["expander", wrong({ expander: "price" }), "least-waste", "price"],
    ["priorities", { expander: "priority" }, "is required", "got nothing"],
    ["priorities", priority({}), "is required"],
    ["priorities", { priorities: { 1: ["x"] } }, "unless expander is priority", "least-waste"],
    ["priorities[0]", priority({ 0: ["x"] }), "1 to 1000", "0"],
    ["priorities.1001", priority({ 1001: ["x"] }), "1 to 1000"],
    ["priorities.high", priority({ high: ["x"] })],
    ["priorities[5]", priority({ 5: [] }), "at least 1"],
    ["priorities[5][0]", priority({ 5: ["("] }), "regular expression", "("],
    ["priorities[5][0]", priority({ 5: [""] })],
    ["balanceSimilarGroups", wrong({ balanceSimilarGroups: 1 })],
    ["scaleDownThreshold", { scaleDownThreshold: 0.09 }, "at least 0.1"],
    ["scaleDownThreshold", { scaleDownThreshold: 0.91 }, "at most 0.9"],
    ["scaleDownAfterMinutes", { scaleDownAfterMinutes: 0 }, "at least 1"],
    ["scaleDownAfterMinutes", { scaleDownAfterMinutes: 121 }, "at most 120"],
    ["nodeProvisionMinutes", { nodeProvisionMinutes: 0 }, "at least 1"],
    ["nodeProvisionMinutes", { nodeProvisionMinutes: 121 }, "at most 120"],
    ["replicas", { replicas: 0 }, "at least 1"],
    ["replicas", { replicas: 4 }, "at most 3"],
    ["chart.version", { chart: { version: "9" } }],
    ["timeoutSeconds", { timeoutSeconds: 10 }],
    ["expanders", wrong({ expanders: "random" }), "did you mean expander?"],
  ],
  make,
);
