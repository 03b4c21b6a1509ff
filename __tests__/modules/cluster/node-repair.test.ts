import { EksNodeGroup } from "@cdktf/provider-aws/lib/eks-node-group";
import { expect, it } from "vitest";
import { group, rejectsGroup, type Settings } from "./node-group.fixture";

const repair = (nodeRepair: Settings["nodeRepair"]) => group({ nodeRepair }).one(EksNodeGroup);
it("is off by default, which is written, as the provider would keep what was", () => {
  expect(group().one(EksNodeGroup).node_repair_config).toEqual({ enabled: false });
  expect(repair(false).node_repair_config).toEqual({ enabled: false });
});
it("is on, by itself or with limits", () => {
  expect(repair(true).node_repair_config).toEqual({ enabled: true });
  expect(repair({}).node_repair_config).toEqual({ enabled: true });
  const limits = { maxUnhealthyNodeThresholdCount: 3, maxParallelNodesRepairedPercentage: 10 };
  expect(repair(limits).node_repair_config).toEqual({
    enabled: true,
    max_unhealthy_node_threshold_count: 3,
    max_parallel_nodes_repaired_percentage: 10,
  });
  expect(
    repair({ maxUnhealthyNodeThresholdPercentage: 100, maxParallelNodesRepairedCount: 1 }).node_repair_config,
  ).toEqual({
    enabled: true,
    max_unhealthy_node_threshold_percentage: 100,
    max_parallel_nodes_repaired_count: 1,
  });
});
const both = { maxUnhealthyNodeThresholdCount: 2, maxUnhealthyNodeThresholdPercentage: 5 };
rejectsGroup([
  ["nodeRepair", { nodeRepair: "on" }, "true, false or an object", '"on"'],
  ["nodeRepair.enabled", { nodeRepair: { enabled: true } }, "unknown key"],
  ["nodeRepair.maxUnhealthyNodeThresholdCount", { nodeRepair: { maxUnhealthyNodeThresholdCount: 0 } }, "at least 1"],
  [
    "nodeRepair.maxUnhealthyNodeThresholdPercentage",
    { nodeRepair: { maxUnhealthyNodeThresholdPercentage: 0 } },
    "at least 1",
  ],
  [
    "nodeRepair.maxUnhealthyNodeThresholdPercentage",
    { nodeRepair: { maxUnhealthyNodeThresholdPercentage: 101 } },
    "at most 100",
  ],
  ["nodeRepair.maxParallelNodesRepairedCount", { nodeRepair: { maxParallelNodesRepairedCount: 0 } }, "at least 1"],
  [
    "nodeRepair.maxParallelNodesRepairedPercentage",
    { nodeRepair: { maxParallelNodesRepairedPercentage: 101 } },
    "at most 100",
  ],
  [
    "nodeRepair.maxUnhealthyNodeThresholdPercentage",
    { nodeRepair: both },
    "maxUnhealthyNodeThresholdCount (2)",
    "got 5",
    "6.x",
  ],
  [
    "nodeRepair.maxParallelNodesRepairedPercentage",
    { nodeRepair: { maxParallelNodesRepairedCount: 2, maxParallelNodesRepairedPercentage: 5 } },
    "with maxParallelNodesRepairedCount (2)",
  ],
]);
