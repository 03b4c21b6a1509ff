import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { EksAccessEntry } from "@cdktf/provider-aws/lib/eks-access-entry";
import { EksPodIdentityAssociation } from "@cdktf/provider-aws/lib/eks-pod-identity-association";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { KmsGrant } from "@cdktf/provider-aws/lib/kms-grant";
import { PlacementGroup } from "@cdktf/provider-aws/lib/placement-group";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { Release } from "@cdktf/provider-helm/lib/release";
import { describe, expect, it } from "vitest";
import { Karpenter, type KarpenterProps } from "../../../modules/kube/karpenter";
import { rejects } from "../../support/bad-input";
import { inCluster } from "../../support/in-cluster";
import { type Json, refTo, synth } from "../../support/synth";
import { matchesGolden } from "./golden.fixture";
import { CPU, EFA, GPU, poolsOf, runnersOf } from "./pools.fixture";

const manyTags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`key${i}`, "x"]));

type Props = Partial<KarpenterProps>;
const CLUSTER = {
  clusterName: "ml",
  clusterEndpoint: "https://ml.example.com",
  nodeSecurityGroupId: "sg-0123456789abcdef0",
};
const make = inCluster(
  (scope, props: Props = {}) => new Karpenter(scope, "karpenter", { cluster: CLUSTER, pools: poolsOf(), ...props }),
);
const build = (props: Props = {}) => synth((stack) => make(stack, props));
const release = (name: string, props: Props = {}): Json =>
  build(props)
    .all(Release)
    .find((found) => found.name === name);
const values = (props: Props = {}) => JSON.parse(release("karpenter", props).values[0]);
const objects = (props: Props = {}) => JSON.parse(release("karpenter-nodes", props).values[0]).objects;

describe("in AWS", () => {
  const { all, one } = build();
  it("it has one queue, told of five kinds of events", () => {
    expect([SqsQueue, CloudwatchEventRule, CloudwatchEventTarget].map((type) => all(type).length)).toEqual([1, 5, 5]);
  });
  it("its nodes have a role of their own, which may join the cluster", () => {
    expect(one(EksAccessEntry)).toEqual({
      cluster_name: "ml",
      principal_arn: refTo(IamRole, "arn"),
      type: "EC2_LINUX",
    });
    const [node] = all(IamRole).filter(({ name_prefix }) => name_prefix === "karpenter-node-");
    expect(JSON.parse(node.assume_role_policy).Statement[0].Principal).toEqual({ Service: "ec2.amazonaws.com" });
    const policies = (props: Props = {}) =>
      build(props)
        .all(IamRolePolicyAttachment)
        .map(({ policy_arn }) => policy_arn.split("/").at(-1))
        .sort();
    const plain = ["AmazonEC2ContainerRegistryPullOnly", "AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy"];
    expect(policies()).toEqual(plain);
    expect(policies({ sessionManager: true })).toEqual([...plain, "AmazonSSMManagedInstanceCore"]);
  });
  it("its controller gets a role by Pod Identity", () => {
    expect(one(EksPodIdentityAssociation)).toMatchObject({
      cluster_name: "ml",
      namespace: "kube-system",
      service_account: "karpenter",
    });
    const { Statement } = JSON.parse(one(IamRolePolicy).policy);
    const bySid = (sid: string) => Statement.find(({ Sid }: { Sid: string }) => Sid === sid);
    expect(bySid("PassNodeRole").Resource).toEqual(one(EksAccessEntry).principal_arn);
    expect(bySid("Interruptions").Resource).toEqual(refTo(SqsQueue, "arn"));
  });
});

describe("in the cluster", () => {
  it("it is Karpenter's charts, after what they need, and then its pools", () => {
    const found = build().all(Release);
    expect(found.map(({ name, version, namespace }) => [name, version, namespace])).toEqual(
      expect.arrayContaining([
        ["karpenter-crd", "1.14.1", "kube-system"],
        ["karpenter", "1.14.1", "kube-system"],
      ]),
    );
    expect(found).toHaveLength(3);
    const waits = (name: string) =>
      found.find((one) => one.name === name).depends_on.map((text: string) => text.split(".")[0]);
    expect([...new Set(waits("karpenter"))].sort()).toEqual([
      "aws_eks_access_entry",
      "aws_eks_pod_identity_association",
      "aws_iam_role_policy_attachment",
      "aws_sqs_queue_policy",
      "helm_release",
    ]);
    expect(waits("karpenter-nodes")).toEqual(["helm_release"]);
  });
  it("it keeps both charts at one version", () => {
    const chart = { version: "1.15.0", repository: "oci://mirror.example.com/karpenter" };
    for (const name of ["karpenter", "karpenter-crd"]) expect(release(name, { chart })).toMatchObject(chart);
  });
  it("its values are as rendered", async () => {
    await matchesGolden(values(), "karpenter");
  });
  it("its values carry the queue, the cluster and its endpoint", () => {
    expect(values().settings).toEqual({
      clusterName: "ml",
      clusterEndpoint: "https://ml.example.com",
      interruptionQueue: refTo(SqsQueue, "name"),
    });
    expect(values({ replicas: 2 }).replicas).toBe(2);
    expect(values().replicas).toBe(1);
    expect(values().serviceAccount).toEqual({ create: true, name: "karpenter" });
  });
  it("it repairs nodes where a pool asks for it", () => {
    const pools = runnersOf(GPU, { ...CPU, minSize: 0, nodeRepair: true });
    expect(values({ pools }).settings.featureGates).toEqual({ nodeRepair: true });
  });
  it("it keeps out of zones that traffic is shifted out of, where the cluster allows that", () => {
    const cluster = { ...CLUSTER, zonalShift: true };
    expect(values({ cluster }).settings.enableZonalShift).toBe(true);
    expect(build({ cluster }).one(IamRolePolicy).policy).toContain("arc-zonal-shift:GetManagedResource");
    expect(values().settings).not.toHaveProperty("enableZonalShift");
    expect(build().one(IamRolePolicy).policy).not.toContain("arc-zonal-shift");
  });
  it("it counts shared GPUs where a pool has them", () => {
    const pools = runnersOf({ ...GPU, gpuSharing: { timeSlicing: 2 } }, { ...CPU, minSize: 0 });
    expect(values({ pools }).settings.featureGates).toEqual({ nodeOverlay: true });
  });
  it("its replicas run on one node where there is no other", () => {
    const { requiredDuringSchedulingIgnoredDuringExecution: required, ...rest } = values().affinity.podAntiAffinity;
    expect(required).toBeNull(); // takes the chart's away
    expect(rest.preferredDuringSchedulingIgnoredDuringExecution).toEqual([
      { weight: 100, podAffinityTerm: { topologyKey: "kubernetes.io/hostname" } },
    ]);
  });
  it("it takes the caller's values", () => {
    expect(values({ values: { logLevel: "debug", settings: { batchIdleDuration: "2s" } } })).toMatchObject({
      logLevel: "debug",
      settings: { clusterName: "ml", batchIdleDuration: "2s" },
    });
  });
});

describe("its pools", () => {
  it("are the runner pools, two objects each, and no system group", () => {
    const pools = poolsOf({ runnerPools: [GPU, { ...CPU, minSize: 0 }] });
    expect(objects({ pools }).map(({ kind, metadata }: Json) => `${kind} ${metadata.name}`)).toEqual([
      "EC2NodeClass runner-cpu",
      "NodePool runner-cpu",
      "EC2NodeClass runner-gpu",
      "NodePool runner-gpu",
    ]);
  });
  it("are no release where there is none", () => {
    const { all } = build({ pools: poolsOf({ runnerPools: [] }) });
    expect(all(Release).map(({ name }) => name)).not.toContain("karpenter-nodes");
    synth((stack) => {
      const { nodePools, ready, chart } = make(stack, { pools: [] });
      expect([nodePools, ready]).toEqual([undefined, chart.ready]);
    });
  });
  it("have the role, the subnets and the tags", () => {
    const props = { subnetIds: ["subnet-0000000000000000a"], instanceTags: { team: "a" } };
    expect(objects(props)[0].spec).toMatchObject({
      role: refTo(IamRole, "name"),
      subnetSelectorTerms: [{ id: "subnet-0000000000000000a" }],
      tags: { Name: "ml-runner-gpu", team: "a" },
    });
    expect(objects()[0].spec.subnetSelectorTerms).toEqual([{ tags: { "karpenter.sh/discovery": "ml" } }]);
  });
  it("with EFA have a security group and a placement group of their own", () => {
    const props = { pools: runnersOf(EFA, GPU), subnetIds: ["subnet-0000000000000000a"], vpcId: "vpc-0a1b2c3d" };
    const { one } = build(props);
    expect(one(SecurityGroup)).toMatchObject({ vpc_id: "vpc-0a1b2c3d", tags: { Name: "ml-runner-efa-efa" } });
    // not ml-runner-efa, the name of the group of a node group that the pool was or will be
    expect(one(PlacementGroup)).toEqual({ name: "ml-karpenter-runner-efa", strategy: "cluster" });
    const classes = objects(props).filter(({ kind }: Json) => kind === "EC2NodeClass");
    expect(
      classes.map(({ spec }: Json) => [spec.securityGroupSelectorTerms.length, spec.placementGroupSelector]),
    ).toEqual([
      [2, { name: refTo(PlacementGroup, "name") }],
      [1, undefined],
    ]);
    expect(classes[0].spec.securityGroupSelectorTerms[1]).toEqual({ id: refTo(SecurityGroup, "id") });
    expect(build().all(SecurityGroup)).toEqual([]);
  });
  it("with EFA that keep nodes are left to EKS", () => {
    expect(build({ pools: runnersOf({ ...EFA, minSize: 1 }) }).all(Release)).toHaveLength(2);
  });
  it("of a key of one's own wait until Karpenter may use it", () => {
    const diskKmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/0f1e2d3c";
    const { one, all } = build({ pools: runnersOf({ ...GPU, diskKmsKeyArn }, { ...CPU, minSize: 0 }) });
    expect(one(KmsGrant)).toMatchObject({ key_id: diskKmsKeyArn, grantee_principal: refTo(IamRole, "arn") });
    const nodes = all(Release).find(({ name }) => name === "karpenter-nodes");
    expect(nodes.depends_on).toContainEqual(expect.stringMatching(/^aws_kms_grant\./));
    expect(build().all(KmsGrant)).toEqual([]);
  });
  it("keep the JSON whatever their order", () => {
    const two = [GPU, { ...CPU, minSize: 0 }];
    expect(build({ pools: runnersOf(...two) }).json).toBe(build({ pools: runnersOf(...[...two].reverse()) }).json);
  });
});

it.each<Props>([
  { replicas: 3 },
  { consolidateAfterMinutes: 0 },
  { consolidateAfterMinutes: 1440, consolidation: "WhenEmptyOrUnderutilized" },
  { expireAfterHours: 1 },
  { expireAfterHours: 8760 },
  { expireAfterHours: "Never" },
  { instanceTags: { "eks:cluster-name": "ml", "karpenter.sh/discovery": "ml", "kubernetes.io/name": "ml" } },
])("takes %j", (props) => {
  expect(build(props).all(Release)).toHaveLength(3);
});
const wrong = (props: object) => props as Props;
rejects<Props>(
  "test/karpenter",
  [
    ["cluster", wrong({ cluster: { clusterName: "ml" } }), "clusterEndpoint, nodeSecurityGroupId"],
    ["pools", wrong({ pools: undefined })],
    ["pools[0]", wrong({ pools: [GPU] }), "nodePools()"],
    ["pools.runner-cpu.minSize", { pools: runnersOf(CPU) }, "must be 0", "got 1"],
    ["pools.runner-gpu.subnetIndex", { pools: runnersOf({ ...GPU, subnetIndex: 0 }) }, "subnetIds", "got 0"],
    [
      "pools.runner-a.suffix",
      { pools: runnersOf({ ...GPU, suffix: "A" }, { ...GPU, suffix: "a" }) },
      "runner-A",
      "case",
    ],
    [
      "pools.runner-gpu.additionalLabels.karpenter.sh/x",
      { pools: runnersOf({ ...GPU, additionalLabels: { "karpenter.sh/x": "y" } }) },
      "must be left out",
    ],
    ["vpcId", { pools: runnersOf(EFA), subnetIds: ["subnet-0000000000000000a"] }, "is required for runner-efa"],
    ["subnetIds", { subnetIds: [] }, "at least 1"],
    ["subnetIds", { subnetIds: Array(17).fill("subnet-0000000000000000a") }, "at most 16"],
    ["subnetIds[0]", { subnetIds: ["vpc-1"] }],
    ["namespace", { namespace: "Karpenter" }],
    ["replicas", { replicas: 0 }, "at least 1"],
    ["replicas", { replicas: 4 }, "at most 3"],
    ["consolidation", wrong({ consolidation: "Always" }), "WhenEmpty", "Always"],
    ["consolidateAfterMinutes", { consolidateAfterMinutes: -1 }, "at least 0"],
    ["consolidateAfterMinutes", { consolidateAfterMinutes: 1441 }, "at most 1440"],
    ["expireAfterHours", { expireAfterHours: 0 }, "at least 1", "0"],
    ["expireAfterHours", { expireAfterHours: 8761 }, "at most 8760"],
    ["expireAfterHours", wrong({ expireAfterHours: "30d" }), "Never"],
    ["sessionManager", wrong({ sessionManager: "yes" })],
    ["instanceTags", { instanceTags: manyTags(43) }, "at most 42", "got 43"],
    ...[
      "eks:eks-cluster-name",
      "kubernetes.io/cluster",
      "kubernetes.io/cluster/ml",
      "karpenter.sh/nodepool",
      "karpenter.sh/nodeclaim",
      "karpenter.k8s.aws/ec2nodeclass",
    ].map((key): [string, Props, string] => [
      `instanceTags.${key}`,
      { instanceTags: { [key]: "x" } },
      "must be left out, since Karpenter sets its own tags",
    ]),
    ["instanceTags.aws:x", { instanceTags: { "aws:x": "y" } }],
    ["chart.version", { chart: { version: "1" } }],
    ["timeoutSeconds", { timeoutSeconds: 1 }],
    ["queue", wrong({ queue: "x" }), "known keys"],
  ],
  make,
);
