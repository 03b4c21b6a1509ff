import { EksNodeGroup } from "@cdktf/provider-aws/lib/eks-node-group";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { expect, it } from "vitest";
import { sharingConfig } from "../../../modules/cluster/gpu-sharing";
import type { RunnerPool } from "../../../modules/cluster/runner-pool";
import { type BadInput, rejects } from "../../support/bad-input";
import { asgTags, GPU_POOL, pool, Runners } from "./node-group.fixture";

const GPUS = "k8s.io/cluster-autoscaler/node-template/resources/nvidia.com/gpu";
const CONFIG = "nvidia.com/device-plugin.config";

it.each<[string, RunnerPool["gpuSharing"], string, string, string | undefined]>([
  ["g5.12xlarge", { timeSlicing: 3 }, "time-slicing-3", "12", undefined],
  ["g5.12xlarge", { mps: 4 }, "mps-4", "16", undefined],
  ["p4d.24xlarge", { mig: "1g.5gb" }, "mig-single", "56", "all-1g.5gb"],
  ["p4d.24xlarge", { mig: "1g.10gb" }, "mig-single", "32", "all-1g.10gb"],
  ["p4de.24xlarge", { mig: "1g.10gb" }, "mig-single", "56", "all-1g.10gb"],
  ["p5.48xlarge", { mig: "2g.20gb" }, "mig-single", "24", "all-2g.20gb"],
  ["p5.4xlarge", { mig: "3g.40gb" }, "mig-single", "2", "all-3g.40gb"],
  ["p5en.48xlarge", { mig: "7g.141gb" }, "mig-single", "8", "all-7g.141gb"],
  ["p6-b200.48xlarge", { mig: "1g.45gb" }, "mig-single", "32", "all-1g.45gb"],
])("on %s by %j is told by labels and counted by the autoscaler", (type, gpuSharing, config, count, mig) => {
  const found = pool(GPU_POOL, { instanceTypes: [type], gpuSharing });
  const { labels } = found.one(EksNodeGroup);
  expect(labels).toMatchObject({ [CONFIG]: config, "nvidia.com/gpu.present": "true" });
  expect(labels["nvidia.com/mig.config"]).toBe(mig);
  expect(asgTags(found)[GPUS]).toBe(count);
  expect(found.one(LaunchTemplate)).not.toHaveProperty("user_data");
});
it("counts the fewest parts where the instance types differ", () => {
  const types = { instanceTypes: ["p4d.24xlarge", "p4de.24xlarge"], gpuSharing: { mig: "1g.10gb" } };
  expect(asgTags(pool(GPU_POOL, types))[GPUS]).toBe("32");
});
it("keeps each way apart by name", () => {
  const names = [{ timeSlicing: 4 }, { mps: 4 }, { mig: "1g.10gb" }].map(sharingConfig);
  expect(names).toEqual(["time-slicing-4", "mps-4", "mig-single"]);
});
it.each([{ timeSlicing: 2 }, { mps: 2 }, { mps: 48 }, { timeSlicing: undefined, mps: 2 }])("takes %j", (gpuSharing) => {
  expect(pool(GPU_POOL, { gpuSharing }).all(EksNodeGroup)).toHaveLength(1);
});

const row = (settings: object, key: string, ...words: string[]): BadInput<RunnerPool> => [
  `pools[0].${key}`,
  { ...GPU_POOL, ...settings } as RunnerPool,
  ...words,
];
rejects<RunnerPool>(
  "test/runners",
  [
    row({ gpuSharing: {} }, "gpuSharing", "one of timeSlicing, mps and mig", "got none"),
    row({ gpuSharing: { mps: 2, timeSlicing: 2 } }, "gpuSharing", "got timeSlicing and mps"),
    row({ gpuSharing: { timeSlicing: 1 } }, "gpuSharing.timeSlicing", "at least 2", "1"),
    row({ gpuSharing: { mps: 1 } }, "gpuSharing.mps", "at least 2"),
    row({ gpuSharing: { mps: 49 } }, "gpuSharing.mps", "at most 48", "49"),
    row({ gpuSharing: { mig: "all" } }, "gpuSharing.mig", "MIG profile", "all"),
    row({ gpuSharing: { mig: "8g.80gb" } }, "gpuSharing.mig", "8g.80gb"),
    row({ gpuSharing: { mig: "1g.10gb" } }, "gpuSharing", "left out on g4dn.xlarge", "1g.10gb"),
    row(
      { gpuSharing: { mig: "1g.5gb" }, instanceTypes: ["p5.48xlarge"] },
      "gpuSharing",
      "one of 1g.10gb, 1g.20gb, 2g.20gb, 3g.40gb, 4g.40gb, 7g.80gb on p5.48xlarge",
      "got 1g.5gb",
    ),
    row({ gpuSharing: { mig: "1g.5gb" }, instanceTypes: ["p4d.24xlarge", "p5.48xlarge"] }, "gpuSharing"),
    row({ gpuSharing: { mps: 2 }, imageFamily: "bottlerocket" }, "gpuSharing", "must be timeSlicing", '{"mps":2}'),
    row(
      { gpuSharing: { mig: "1g.5gb" }, instanceTypes: ["p4d.24xlarge"], imageFamily: "bottlerocket" },
      "gpuSharing",
      "must be timeSlicing",
    ),
    row({ gpuSharing: { mps: 2 }, category: "cpu", instanceTypes: ["m5.large"] }, "gpuSharing", "no NVIDIA GPU"),
    row({ gpuSharing: { replicas: 2 } }, "gpuSharing.replicas", "known keys"),
    row({ gpuSharing: "mps" }, "gpuSharing"),
  ],
  (scope, props) => new Runners(scope, [props]),
);
