import { describe, expect, it } from "vitest";
import { defineEnvironment, type EnvironmentSettings, reviewOf } from "../../../stacks/environment";
import { errorOf } from "../../support/bad-input";
import { type Json, synthApp } from "../../support/synth";
import { PARTS, RELEASE } from "./kube-configurations.fixture";

type Exadeploy = NonNullable<EnvironmentSettings["exadeploy"]>;
const define = (exadeploy: Exadeploy) => defineEnvironment({ name: "test", region: "us-west-2", exadeploy });
const POOL = { suffix: "a", category: "cpu" as const, instanceTypes: ["m5.large"], minSize: 0, maxSize: 1 };
const NLB = { ...RELEASE, exposure: "internal-nlb" as const };

describe("parts that need each other", () => {
  it.each<[string, Exadeploy, string]>([
    [
      "the default pool",
      { cluster: { autoscaler: "karpenter" } },
      "exadeploy.kube: is required where cluster.autoscaler",
    ],
    ["pools", { cluster: { autoscaler: "karpenter", runnerPools: [POOL] } }, "exadeploy.kube: is required"],
    [
      "pools beside Auto Mode",
      { cluster: { autoscaler: "karpenter", autoMode: {}, runnerPools: [POOL] } },
      "exadeploy.kube",
    ],
    ["an internal NLB", { kube: { release: NLB } }, "exadeploy.kube.release.exposure: must not be internal-nlb"],
  ])("are refused without: %s", (_, settings, words) => {
    expect(reviewOf(define(settings)).lines).toEqual([expect.stringContaining(`test: ${words}`)]);
  });
  it.each<[string, Exadeploy]>([
    ["Karpenter with its stack", { cluster: { autoscaler: "karpenter", runnerPools: [POOL] }, kube: {} }],
    ["Karpenter without pools", { cluster: { autoscaler: "karpenter", runnerPools: [] } }],
    ["Karpenter with Auto Mode alone", { cluster: { autoscaler: "karpenter", autoMode: {} } }],
    ["another autoscaler", { cluster: { autoscaler: "none" } }],
    ["an NLB with the controller", { kube: { platform: { loadBalancerController: {} }, release: NLB } }],
    ["an NLB with a controller of one's own", { kube: { platform: { loadBalancerController: false }, release: NLB } }],
    ["another exposure", { kube: { release: { ...RELEASE, exposure: "internal" } } }],
  ])("are accepted: %s", (_, settings) => {
    expect(define(settings).exadeploy).toMatchObject(settings);
  });
});

const releases = (exadeploy: Exadeploy): Json[] => {
  const { stack } = synthApp(define(exadeploy));
  const { resource } = stack("test-exadeploy-kube").parsed;
  return [
    ...Object.values<Json>(resource.helm_release ?? {}),
    ...Object.values<Json>(resource.kubernetes_storage_class_v1),
  ];
};
const found = (exadeploy: Exadeploy) => {
  const all = releases(exadeploy);
  return {
    autoscaler: all.some(({ chart }) => chart === "cluster-autoscaler"),
    provisioner: all.find(({ storage_provisioner }) => storage_provisioner)?.storage_provisioner,
  };
};

describe("with Auto Mode", () => {
  it("alone, disks are of its own driver and there is no autoscaler", () => {
    const expected = { autoscaler: false, provisioner: "ebs.csi.eks.amazonaws.com" };
    expect(found({ cluster: { autoMode: {} }, kube: {} })).toEqual(expected);
  });
  it("beside node groups, or without it, they are those of the add-on, and there is one", () => {
    const expected = { autoscaler: true, provisioner: "ebs.csi.aws.com" };
    expect(found({ cluster: { autoMode: {}, runnerPools: [POOL] }, kube: {} })).toEqual(expected);
    expect(found({ kube: {} })).toEqual(expected);
  });
  it("the driver can be chosen", () => {
    const storageClass = { provisioner: "ebs.csi.aws.com" as const };
    const { provisioner } = found({ cluster: { autoMode: {} }, kube: { platform: { storageClass } } });
    expect(provisioner).toBe("ebs.csi.aws.com");
  });
});

it("with Karpenter, a pool with EFA that keeps nodes stays a node group, and the others are NodePools", () => {
  const efa = { ...POOL, suffix: "efa", instanceTypes: ["c5n.18xlarge"], efa: true, subnetIndex: 0 };
  const made = (minSize: number) => {
    const runnerPools = [POOL, { ...efa, minSize }];
    const { stack } = synthApp(define({ cluster: { autoscaler: "karpenter", runnerPools }, kube: {} }));
    const groups = Object.values<Json>(stack("test-exadeploy-cluster").parsed.resource.aws_eks_node_group);
    const nodes = Object.values<Json>(stack("test-exadeploy-kube").parsed.resource.helm_release).find(
      ({ name }) => name === "karpenter-nodes",
    );
    return {
      groups: groups.map((group) => group.node_group_name_prefix).filter((name) => name.startsWith("runner-")),
      pools: JSON.parse(nodes.values[0])
        .objects.filter(({ kind }: Json) => kind === "NodePool")
        .map(({ metadata }: Json) => metadata.name),
    };
  };
  expect(made(1)).toEqual({ groups: ["runner-efa-"], pools: ["runner-a"] });
  expect(made(0)).toEqual({ groups: [], pools: ["runner-a", "runner-efa"] });
});

describe("in a network without a way out", () => {
  const network = { nat: "none" as const, interfaceEndpoints: ["ec2", "ecr.api", "ecr.dkr", "eks-auth"] };
  it("nodes are refused what they lack, by its name", () => {
    const { message } = errorOf(() => synthApp(define({ network: { nat: "none", s3Endpoint: false } })));
    expect(message).toContain(
      "network: must let nodes in its private subnets reach ec2, ecr.api, ecr.dkr, eks-auth, s3",
    );
    const sessions = { network, cluster: { sessionManager: true } };
    expect(errorOf(() => synthApp(define(sessions))).message).toContain("reach ssm, ssmmessages:");
  });
  it("they are accepted with it, and somewhere else", () => {
    synthApp(define({ network }));
    synthApp(define({ network: { nat: "none" }, cluster: { nodeSubnetIds: ["subnet-0a1b2c3d4e5f60718"] } }));
  });
  it("what the charts need besides is said", () => {
    const { app } = synthApp(define({ network, kube: { platform: PARTS } }));
    const kube = app.node.findChild("test-exadeploy-kube");
    expect(kube.node.metadata.map(({ data }) => String(data)).join()).toContain("no way to the internet");
  });
  it("training machines are refused", () => {
    const mlEc2 = { network: { nat: "none" as const }, machines: {}, owner: "a", costCenter: "b" };
    const build = (machines: object) => () =>
      synthApp(defineEnvironment({ name: "dev", region: "us-west-2", mlEc2: { ...mlEc2, machines } }));
    expect(errorOf(build({})).message).toContain("placement: must be public where the network has no NAT");
    build({ placement: "public" })();
  });
});

it("an environment without any system is refused, unless its state needs a bucket", () => {
  const empty = { name: "test", region: "us-west-2" };
  const error = errorOf(() => synthApp(defineEnvironment(empty)));
  expect(error).toMatchObject({
    name: "InputError",
    message: expect.stringContaining("at least one of exadeploy, mlEc2, fossa"),
  });
  expect(synthApp(defineEnvironment({ ...empty, state: { kind: "s3", bucket: "state-bucket" } })).ids).toEqual([
    "test-state",
  ]);
});
