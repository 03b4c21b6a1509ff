import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { expect, it } from "vitest";
import type { RunnerPool } from "../../../modules/cluster/runner-pool";
import { rejects } from "../../support/bad-input";
import { CPU_POOL, GPU_POOL, NEURON_POOL, pool, Runners } from "./node-group.fixture";

it("combines the local disks by a NodeConfig in MIME user data", async () => {
  const userData = pool(GPU_POOL, { localStorage: "raid0" }).one(LaunchTemplate).user_data;
  const text = Buffer.from(userData, "base64").toString();
  expect(text).toMatch(/^MIME-Version: 1\.0\nContent-Type: multipart\/mixed; boundary="(.+)"\n\n--\1\n/);
  expect(text).toContain("Content-Type: application/node.eks.aws\n\n");
  expect(text).toContain("strategy: RAID0");
  await expect(text).toMatchFileSnapshot("rendered/node-config-raid0.mime");
});
it("configures how many pods share a GPU in Bottlerocket's device plugin", async () => {
  const gpuSharing = { timeSlicing: 4 };
  const userData = pool(GPU_POOL, { gpuSharing, imageFamily: "bottlerocket" }).one(LaunchTemplate).user_data;
  const text = Buffer.from(userData, "base64").toString();
  expect(text).toContain("[settings.kubelet-device-plugins.nvidia.time-slicing]\nreplicas = 4\n");
  await expect(text).toMatchFileSnapshot("rendered/bottlerocket-time-slicing.toml");
  expect(pool(GPU_POOL, { gpuSharing }).one(LaunchTemplate)).not.toHaveProperty("user_data"); // AL2023: by the node's label
});
it.each(["al2023", "bottlerocket"] as const)("is none by default on %s", (imageFamily) => {
  expect(pool(GPU_POOL, { imageFamily }).one(LaunchTemplate)).not.toHaveProperty("user_data");
});
rejects(
  "test/runners",
  [
    [
      "pools[0].localStorage",
      { ...GPU_POOL, localStorage: "raid0", imageFamily: "bottlerocket" },
      "imageFamily is al2023",
    ],
    ["pools[0].localStorage", { ...CPU_POOL, localStorage: "raid0" }, "local NVMe disks", "m5.xlarge"],
    ["pools[0].localStorage", { ...NEURON_POOL, localStorage: "raid0" }, "inf2.24xlarge"],
    [
      "pools[0].localStorage",
      { ...CPU_POOL, instanceTypes: ["m5d.large", "m5.large"], localStorage: "raid0" },
      "m5.large",
    ],
    ["pools[0].localStorage", { ...CPU_POOL, instanceTypes: ["d2.xlarge"], localStorage: "raid0" }, "d2.xlarge"], // no NVMe
    ["pools[0].localStorage", { ...CPU_POOL, localStorage: "raid1" as "raid0" }, "must be raid0", '"raid1"'],
  ],
  (scope, wrong: RunnerPool) => new Runners(scope, [wrong]),
);
it.each(["m5d.large", "c6gd.large", "i4i.xlarge", "im4gn.large", "is4gen.large", "r8gd.large", "d3.xlarge"])(
  "knows the local disks of %s",
  (type) => {
    expect(pool(CPU_POOL, { instanceTypes: [type], localStorage: "raid0" }).one(LaunchTemplate)).toHaveProperty(
      "user_data",
    );
  },
);
