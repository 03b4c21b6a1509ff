import { describe, expect, it } from "vitest";
import type { NodePool } from "../../../modules/cluster/node-pool";
import type { RunnerPool } from "../../../modules/cluster/runner-pool";
import {
  type KarpenterNodes,
  type KarpenterPool,
  karpenterName,
  karpenterObjects,
} from "../../../modules/kube/karpenter-nodes";
import type { Json } from "../../support/synth";
import { matchesGolden } from "./golden.fixture";
import { CPU, GPU, runnersOf } from "./pools.fixture";

const NODES: KarpenterNodes = {
  clusterName: "ml",
  nodeRoleName: "karpenter-node",
  nodeSecurityGroupId: "sg-0123456789abcdef0",
  tags: { team: "a" },
  consolidation: "WhenEmpty",
  consolidateAfterMinutes: 5,
  expireAfterHours: 720,
};
const IDS = ["subnet-0000000000000000a", "subnet-0000000000000000b"];
const poolOf = (settings: Partial<RunnerPool> = {}) => runnersOf({ ...GPU, ...settings })[0] as NodePool;
const specs = (settings: Partial<RunnerPool> = {}, nodes: Partial<KarpenterNodes> = {}, own: KarpenterPool = {}) => {
  const [nodeClass, nodePool] = karpenterObjects(poolOf(settings), { ...NODES, ...nodes }, own);
  return { nodeClass: nodeClass?.spec as Json, nodePool: nodePool?.spec as Json };
};

it("are as rendered", async () => {
  const pools = runnersOf(
    { ...CPU, minSize: 0, capacityType: "SPOT", instanceTypes: ["m6i.xlarge", "m5.xlarge"], subnetIds: IDS },
    {
      ...GPU,
      localStorage: "raid0",
      additionalTaints: [{ key: "team", value: "a", effect: "NO_EXECUTE" }],
      diskIops: 4000,
    },
    {
      ...GPU,
      suffix: "Turns",
      imageFamily: "bottlerocket",
      releaseVersion: "1.49.0-713f44ce",
      gpuSharing: { timeSlicing: 4 },
    },
  );
  await matchesGolden(
    pools.flatMap((pool) => karpenterObjects(pool, NODES)),
    "karpenter-nodes",
  );
});

describe("a NodePool", () => {
  it("refers to its EC2NodeClass by the pool's name in lower case", () => {
    const objects = karpenterObjects(poolOf({ suffix: "Big-GPU" }), NODES);
    expect(objects).toMatchObject([
      { apiVersion: "karpenter.k8s.aws/v1", kind: "EC2NodeClass", metadata: { name: "runner-big-gpu" } },
      { apiVersion: "karpenter.sh/v1", kind: "NodePool", metadata: { name: "runner-big-gpu" } },
    ]);
    expect((objects as Json)[1].spec.template.spec.nodeClassRef).toEqual({
      group: "karpenter.k8s.aws",
      kind: "EC2NodeClass",
      name: "runner-big-gpu",
    });
    expect(karpenterName({ name: `runner-${"X".repeat(40)}` })).toBe(`runner-${"x".repeat(40)}`);
  });
  it("has the labels and taints of the node group that the pool would be", () => {
    const pool = poolOf({ additionalTaints: [{ key: "bare", effect: "PREFER_NO_SCHEDULE" }] });
    const [, { spec }] = karpenterObjects(pool, NODES) as Json;
    const { template } = spec;
    expect(template.metadata.labels).toEqual(pool.labels);
    expect(template.spec.taints).toEqual([
      { key: "dedicated", value: "runner", effect: "NoSchedule" },
      { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" },
      { key: "bare", effect: "PreferNoSchedule" },
    ]);
  });
  it.each<[Partial<RunnerPool>, string]>([
    [{}, "on-demand"],
    [{ capacityType: "SPOT" }, "spot"],
    [{ capacityReservationId: "cr-0123456789abcdef0" }, "reserved"],
    [
      {
        capacityType: "CAPACITY_BLOCK",
        capacityReservationId: "cr-0123456789abcdef0",
        subnetIds: IDS.slice(0, 1),
      },
      "reserved",
    ],
  ])("with %j buys nodes %s", (settings, type) => {
    const { nodePool, nodeClass } = specs(settings);
    expect(nodePool.template.spec.requirements).toContainEqual({
      key: "karpenter.sh/capacity-type",
      operator: "In",
      values: [type],
    });
    expect(nodeClass.capacityReservationSelectorTerms).toEqual(
      type === "reserved" ? [{ id: "cr-0123456789abcdef0" }] : undefined,
    );
  });
  it("takes the pool's instance types, in whatever order they were named, and as many nodes as the pool", () => {
    const types = ["g5.xlarge", "g4dn.xlarge"];
    const { nodePool } = specs({ instanceTypes: types, maxSize: 7 });
    expect(nodePool.template.spec.requirements[0]).toEqual({
      key: "node.kubernetes.io/instance-type",
      operator: "In",
      values: ["g4dn.xlarge", "g5.xlarge"],
    });
    expect(nodePool.limits).toEqual({ nodes: "7", cpu: "28" });
    expect(specs({ instanceTypes: [...types].reverse(), maxSize: 7 }).nodePool).toEqual(nodePool);
  });
  it("limits the CPUs to those of its largest type, where all are known", () => {
    const limits = (instanceTypes: string[], others: Partial<RunnerPool> = {}) =>
      specs({ instanceTypes, maxSize: 3, ...others }).nodePool.limits;
    expect(limits(["g5.xlarge", "g5.12xlarge"])).toEqual({ nodes: "3", cpu: "144" });
    const unknown = { architecture: "x86_64", gpuCount: 1 } as const;
    expect(limits(["g5.xlarge", "g99.xlarge"], unknown)).toEqual({ nodes: "3" });
    expect(limits(["g99.xlarge"], unknown)).toEqual({ nodes: "3" });
  });
  it("ends nodes as told", () => {
    expect(specs().nodePool).toMatchObject({
      disruption: { consolidationPolicy: "WhenEmpty", consolidateAfter: "5m" },
      template: { spec: { expireAfter: "720h" } },
    });
    const told = {
      consolidation: "WhenEmptyOrUnderutilized",
      consolidateAfterMinutes: 0,
      expireAfterHours: "Never",
    } as const;
    expect(specs({}, told).nodePool).toMatchObject({
      disruption: { consolidationPolicy: "WhenEmptyOrUnderutilized", consolidateAfter: "0m" },
      template: { spec: { expireAfter: "Never" } },
    });
  });
});

describe("an EC2NodeClass", () => {
  it("answers the metadata service to tokens only, and not to pods", () => {
    const options = { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 };
    expect(specs().nodeClass.metadataOptions).toEqual(options);
    expect(specs({ metadataHopLimit: 2 }).nodeClass.metadataOptions.httpPutResponseHopLimit).toBe(2);
  });
  it("has the node role, the cluster's node security group and the tags", () => {
    expect(specs().nodeClass).toMatchObject({
      role: "karpenter-node",
      securityGroupSelectorTerms: [{ id: "sg-0123456789abcdef0" }],
      tags: { Name: "ml-runner-gpu", team: "a" },
      detailedMonitoring: true,
    });
    expect(specs({ detailedMonitoring: false }).nodeClass.detailedMonitoring).toBe(false);
  });
  it.each<[Partial<RunnerPool>, string]>([
    [{}, "al2023@latest"],
    [{ releaseVersion: "1.35.1-20251112" }, "al2023@v20251112"],
    [{ imageFamily: "bottlerocket" }, "bottlerocket@latest"],
    [{ imageFamily: "bottlerocket", releaseVersion: "1.49.0-713f44ce" }, "bottlerocket@v1.49.0"],
  ])("with %j starts %s", (settings, alias) => {
    expect(specs(settings).nodeClass.amiSelectorTerms).toEqual([{ alias }]);
  });
  it("finds subnets by the cluster's tag, or takes those that are named", () => {
    const terms = (settings: Partial<RunnerPool>, subnetIds?: string[]) =>
      specs(settings, { subnetIds }).nodeClass.subnetSelectorTerms;
    expect(terms({})).toEqual([{ tags: { "karpenter.sh/discovery": "ml" } }]);
    expect(terms({}, IDS)).toEqual(IDS.map((id) => ({ id })));
    expect(terms({ subnetIds: ["subnet-0000000000000000c"] }, IDS)).toEqual([{ id: "subnet-0000000000000000c" }]);
    expect(terms({ subnetIndex: 1 }, IDS)).toEqual([{ id: IDS[1] }]);
  });
  it("has encrypted volumes of the pool's size, on Bottlerocket apart from the system's", () => {
    const kmsKeyID = "arn:aws:kms:us-east-1:123456789012:key/0f1e2d3c";
    const volume = { volumeType: "gp3", encrypted: true, deleteOnTermination: true };
    expect(specs().nodeClass.blockDeviceMappings).toEqual([
      { deviceName: "/dev/xvda", rootVolume: true, ebs: { ...volume, volumeSize: "100Gi" } },
    ]);
    const settings = { diskSize: 500, diskIops: 8000, diskThroughput: 600, diskKmsKeyArn: kmsKeyID };
    const data = { ...volume, volumeSize: "500Gi", iops: 8000, throughput: 600, kmsKeyID };
    expect(specs({ ...settings, imageFamily: "bottlerocket" }).nodeClass.blockDeviceMappings).toEqual([
      { deviceName: "/dev/xvda", ebs: { ...volume, volumeSize: "4Gi", kmsKeyID } },
      { deviceName: "/dev/xvdb", rootVolume: true, ebs: data },
    ]);
  });
  it("joins local disks, stands in a placement group and shares GPUs when told, and not else", () => {
    const plain = specs().nodeClass;
    for (const key of ["instanceStorePolicy", "placementGroupSelector", "userData"])
      expect(plain).not.toHaveProperty(key);
    expect(specs({ localStorage: "raid0" }).nodeClass.instanceStorePolicy).toBe("RAID0");
    expect(specs({}, {}, { placementGroupName: "near" }).nodeClass.placementGroupSelector).toEqual({ name: "near" });
    const shared = { imageFamily: "bottlerocket" as const, gpuSharing: { timeSlicing: 4 } };
    expect(specs(shared).nodeClass.userData).toContain("replicas = 4");
    expect(specs({ gpuSharing: { timeSlicing: 4 } }).nodeClass).not.toHaveProperty("userData");
  });
});

describe("with EFA", () => {
  const own = { efaSecurityGroupId: "sg-0123456789abcdef1" };
  const efa = (type: string) => specs({ efa: true, instanceTypes: [type], subnetIds: IDS.slice(0, 1) }, {}, own);
  it("nodes are in the security group of EFA, too, and bear its label", () => {
    const { nodeClass, nodePool } = efa("p5.48xlarge");
    expect(nodeClass.securityGroupSelectorTerms).toEqual([
      { id: "sg-0123456789abcdef0" },
      { id: "sg-0123456789abcdef1" },
    ]);
    expect(nodePool.template.metadata.labels["vpc.amazonaws.com/efa.present"]).toBe("true");
    expect(specs().nodeClass.securityGroupSelectorTerms).toEqual([{ id: "sg-0123456789abcdef0" }]);
  });
  it("Karpenter finds the interfaces, unless the first network card has none", () => {
    for (const type of ["g5.8xlarge", "p5.48xlarge"])
      expect(efa(type).nodeClass).not.toHaveProperty("networkInterfaces");
    expect(efa("p6-b300.48xlarge").nodeClass.networkInterfaces).toEqual([
      { networkCardIndex: 0, deviceIndex: 0, interfaceType: "interface" },
      ...Array.from({ length: 16 }, (_, i) => ({ networkCardIndex: i + 1, deviceIndex: 1, interfaceType: "efa-only" })),
    ]);
    expect(specs({ instanceTypes: ["p6-b300.48xlarge"] }).nodeClass).not.toHaveProperty("networkInterfaces");
  });
});

describe("NodeOverlays", () => {
  const overlays = (settings: Partial<RunnerPool>) =>
    karpenterObjects(poolOf(settings), NODES)
      .filter(({ kind }) => kind === "NodeOverlay")
      .map(({ apiVersion, metadata, spec }: Json) => {
        expect(apiVersion).toBe("karpenter.sh/v1alpha1");
        const [pool, types] = spec.requirements;
        expect(pool).toEqual({ key: "karpenter.sh/nodepool", operator: "In", values: ["runner-gpu"] });
        expect(types).toMatchObject({ key: "node.kubernetes.io/instance-type", operator: "In" });
        return [metadata.name, types.values, spec.capacity];
      });
  it.each<[string, Partial<RunnerPool>, [number, string[]][]]>([
    ["whole GPUs", {}, []],
    ["time slicing", { gpuSharing: { timeSlicing: 4 } }, [[16, ["g5.12xlarge"]]]],
    [
      "MPS",
      { gpuSharing: { mps: 3 }, instanceTypes: ["g5.xlarge", "g5.12xlarge", "g4dn.xlarge"] },
      [
        [3, ["g4dn.xlarge", "g5.xlarge"]],
        [12, ["g5.12xlarge"]],
      ],
    ],
    [
      "MIG",
      { gpuSharing: { mig: "1g.10gb" }, instanceTypes: ["p4de.24xlarge", "p4d.24xlarge"] },
      [
        [32, ["p4d.24xlarge"]],
        [56, ["p4de.24xlarge"]],
      ],
    ],
    [
      "GPUs that EC2 does not count",
      { gpuCount: 1, instanceTypes: ["g6f.xlarge", "g6.xlarge"] },
      [[1, ["g6f.xlarge"]]],
    ],
    [
      "GPUs of unknown types, shared",
      { gpuCount: 2, instanceTypes: ["g99.xlarge"], architecture: "x86_64", gpuSharing: { timeSlicing: 2 } },
      [[4, ["g99.xlarge"]]],
    ],
  ])("tell of %s", (_, settings, expected) => {
    expect(overlays(settings)).toEqual(
      expected.map(([count, types]) => [`runner-gpu-${count}`, types, { "nvidia.com/gpu": String(count) }]),
    );
  });
});
