import { EksNodeGroup } from "@cdktf/provider-aws/lib/eks-node-group";
import { describe, expect, it } from "vitest";
import { isAwaited } from "../../support/autoscaler-template";
import { CPU_POOL, EFA, group, ONE_SUBNET, pool, rejectsGroup, type Settings } from "./node-group.fixture";

describe("EFA", () => {
  rejectsGroup([
    [
      "efa",
      { ...EFA, instanceTypes: ["p4d.24xlarge", "g5.xlarge"] },
      "not every instance type",
      "p4d.24xlarge 4, g5.xlarge 0",
    ],
    ["efa", { ...EFA, instanceTypes: ["m5.large"] }, "m5.large 0", "got true"],
    ["instanceTypes", { ...EFA, instanceTypes: ["p4d.24xlarge", "p5.48xlarge"] }, "p4d.24xlarge 4, p5.48xlarge 32"],
    ["efaNetworkCards", { ...EFA, instanceTypes: ["m10i.large"] }, "is required with efa", "m10i.large", "got nothing"],
    ["efaNetworkCards", { ...EFA, efaNetworkCards: 2 }, "must be 4", "got 2"],
    ["efaNetworkCards", { instanceTypes: ["m10i.large"], efaNetworkCards: 2 }, "unless efa is true", "got 2"],
  ]);
  it.each<Partial<Settings>>([
    { ...EFA, instanceTypes: ["p4d.24xlarge", "p4de.24xlarge"] },
    { ...EFA, efaNetworkCards: 4 },
    { ...EFA, instanceTypes: ["m10i.large"], efaNetworkCards: 32 },
  ])("accepts %o", (settings) => {
    group(settings);
  });
});

describe("images, local disks and GPU sharing", () => {
  rejectsGroup([
    [
      "imageFamily",
      { instanceTypes: ["trn1.2xlarge"], imageFamily: "bottlerocket" },
      "none of bottlerocket for neuron",
    ],
    ["localStorage", { localStorage: "raid0" }, "local NVMe disks (m5.xlarge)"],
    ["localStorage", { instanceTypes: ["m5d.large"], localStorage: "raid0", imageFamily: "bottlerocket" }, "is al2023"],
    ["gpuSharing", { gpuSharing: { timeSlicing: 2 } }, "m5.xlarge has no NVIDIA GPU"],
    ["gpuSharing", { gpuSharing: { timeSlicing: 2 }, instanceTypes: ["inf2.xlarge"] }, "no NVIDIA GPU"],
    [
      "instanceTypes",
      { instanceTypes: ["g5.xlarge", "inf2.xlarge"] },
      "g5.xlarge NVIDIA GPUs, inf2.xlarge Neuron devices",
    ],
    ["architecture", { instanceTypes: ["g99.xlarge"], gpuCount: 1 }, "required", "g99.xlarge"],
  ]);
});

describe("the label by which the cluster autoscaler waits for GPUs", () => {
  const labels = { "k8s.amazonaws.com/accelerator": "a" };
  it("may be one's own where there are some", () => {
    const { labels: found } = group({ instanceTypes: ["g5.xlarge"], labels }).one(EksNodeGroup);
    expect(found).toMatchObject(labels);
  });
  it.each([
    ["g4ad.xlarge", "amd.com/gpu"],
    ["dl1.24xlarge", "habana.ai/gaudi"],
  ])("may be on %s, whose %s the autoscaler waits for", (type, resource) => {
    const { labels: found } = group({ instanceTypes: [type], labels }).one(EksNodeGroup);
    expect(isAwaited({ labels: found, allocatable: {} })).toBe(true);
    expect(isAwaited({ labels: found, allocatable: { [resource]: 1 } })).toBe(false);
    pool(CPU_POOL, { instanceTypes: [type], acceleratorLabel: "a" });
  });
  rejectsGroup([
    ['labels["k8s.amazonaws.com/accelerator"]', { labels }, "m5.xlarge has no GPU", "would wait", "got a"],
    ['labels["k8s.amazonaws.com/accelerator"]', { labels, instanceTypes: ["trn1.2xlarge"] }, "trn1.2xlarge", "got a"],
    // a Qualcomm device, FPGAs and media accelerators, for which it does not wait
    ...["dl2q.24xlarge", "f2.6xlarge", "vt1.3xlarge"].map(
      (type) => ['labels["k8s.amazonaws.com/accelerator"]', { labels, instanceTypes: [type] }, type] as const,
    ),
    [
      'labels["k8s.amazonaws.com/accelerator"]',
      { labels, instanceTypes: ["g4ad.xlarge", "m5.xlarge"] },
      "since m5.xlarge has no GPU",
    ],
  ]);
});

describe("local disks of types that are not known", () => {
  const unknown = { instanceTypes: ["g99.xlarge"], architecture: "x86_64" as const, gpuCount: 1 };
  const raid0 = { ...unknown, localStorage: "raid0" as const };
  it.each([20, 1000000])("are what the caller says: %i GB", (localDiskGb) => {
    group({ ...raid0, localDiskGb, gpuSharing: { timeSlicing: 2 }, ...ONE_SUBNET });
    group({ ...raid0, instanceTypes: ["g99.xlarge", "g5.xlarge"], localDiskGb });
  });
  rejectsGroup([
    ["localDiskGb", raid0, "is required with localStorage", "g99.xlarge", "got nothing"],
    ["localDiskGb", { ...raid0, instanceTypes: ["g5.xlarge", "g99.xlarge"] }, "is required", "g99.xlarge"],
    ["localDiskGb", { instanceTypes: ["m10id.large"], localStorage: "raid0" }, "is required", "m10id.large"],
    ["localDiskGb", { ...raid0, localDiskGb: 19 }, "at least 20", "19"],
    ["localDiskGb", { ...raid0, localDiskGb: 1000001 }, "at most 1000000", "1000001"],
    ["localDiskGb", { ...unknown, localDiskGb: 100 }, "unless localStorage is set", "got 100"],
    [
      "localDiskGb",
      { instanceTypes: ["m5d.large"], localStorage: "raid0", localDiskGb: 75 },
      "knows the disks of all instanceTypes",
      "got 75",
    ],
  ]);
});
