import { EksNodeGroup } from "@cdktf/provider-aws/lib/eks-node-group";
import { Fn } from "cdktf";
import { expect, it } from "vitest";
import type { RunnerPool } from "../../../modules/cluster/runner-pool";
import { rejects } from "../../support/bad-input";
import { CPU_POOL, GPU_POOL, NEURON_POOL, pool, Runners } from "./node-group.fixture";

it.each<[string, RunnerPool, Partial<RunnerPool>]>([
  ["AL2023_x86_64_STANDARD", CPU_POOL, {}],
  ["AL2023_ARM_64_STANDARD", CPU_POOL, { instanceTypes: ["m7g.xlarge", "c8g.xlarge"] }],
  ["AL2023_x86_64_NVIDIA", GPU_POOL, { imageFamily: "al2023" }],
  ["AL2023_ARM_64_NVIDIA", GPU_POOL, { instanceTypes: ["g5g.xlarge"] }],
  ["AL2023_x86_64_NEURON", NEURON_POOL, {}],
  ["BOTTLEROCKET_x86_64", CPU_POOL, { imageFamily: "bottlerocket" }],
  ["BOTTLEROCKET_ARM_64", CPU_POOL, { instanceTypes: ["m7g.xlarge"], imageFamily: "bottlerocket" }],
  ["BOTTLEROCKET_x86_64_NVIDIA", GPU_POOL, { imageFamily: "bottlerocket" }],
  ["BOTTLEROCKET_ARM_64_NVIDIA", GPU_POOL, { instanceTypes: ["g5g.xlarge"], imageFamily: "bottlerocket" }],
  ["AL2023_x86_64_STANDARD", CPU_POOL, { instanceTypes: ["g4ad.xlarge"] }], // an AMD GPU needs no NVIDIA driver
])("boots %s", (image, base, settings) => {
  expect(pool(base, settings).one(EksNodeGroup).ami_type).toBe(image);
});
it("follows the cluster's version and pins a release only when asked", () => {
  expect(pool(CPU_POOL).one(EksNodeGroup)).toMatchObject({ version: "1.35" });
  expect(pool(CPU_POOL).one(EksNodeGroup)).not.toHaveProperty("release_version");
  const releaseVersion = "1.35.1-20251112";
  expect(pool(CPU_POOL, { releaseVersion }).one(EksNodeGroup).release_version).toBe(releaseVersion);
  const looked = pool(CPU_POOL, { releaseVersion: Fn.lower("known later") }).one(EksNodeGroup).release_version;
  expect(looked).toMatch(/^\$\{lower\(/);
});
rejects(
  "test/runners",
  [
    ["pools[0].imageFamily", { ...NEURON_POOL, imageFamily: "bottlerocket" }, "none of bottlerocket for neuron nodes"],
    [
      "pools[0].architecture",
      { ...NEURON_POOL, instanceTypes: ["inf9.xlarge"], neuronDeviceCount: 1, architecture: "arm64" },
      "none of al2023 for neuron nodes of arm64",
    ],
    ["pools[0].imageFamily", { ...CPU_POOL, imageFamily: "al2" as "al2023" }, "al2023, bottlerocket", '"al2"'],
    ["pools[0].releaseVersion", { ...CPU_POOL, releaseVersion: "latest" }, '"latest"'],
  ],
  (scope, wrong: RunnerPool) => new Runners(scope, [wrong]),
);
