import { expect, it } from "vitest";
import { agentMetrics } from "../../../modules/aws/ec2/cloudwatch-agent";
import { isFleet, metricsIn, watched } from "../../../modules/ml-ec2/metrics";

const instances = [
  { key: "b", instanceId: "i-2" },
  { key: "a", instanceId: "i-1" },
];

it("tells machines by their ids, in the order of their keys", () => {
  expect(watched({ instances })).toEqual([
    { key: "a", dimensions: { InstanceId: "i-1" } },
    { key: "b", dimensions: { InstanceId: "i-2" } },
  ]);
  expect(isFleet({ instances })).toBe(false);
});
it("tells a fleet by its group", () => {
  const targets = { autoScalingGroupName: "group" };
  expect(watched(targets)).toEqual([{ key: "fleet", dimensions: { AutoScalingGroupName: "group" } }]);
  expect(isFleet(targets)).toBe(true);
});
it.each([true, false])("asks the agent for what it writes, by the dimensions it writes (fleet: %j)", (fleet) => {
  const asked = Object.values(metricsIn("ml/dev")).filter(({ namespace }) => namespace === "ml/dev");
  expect(asked.map(({ name }) => name)).toEqual([
    "mem_used_percent",
    "disk_used_percent",
    "nvidia_smi_utilization_gpu",
  ]);
  const written = new Map(agentMetrics({ gpu: true, fleet }).map(({ name, dimensions }) => [name, dimensions]));
  for (const { name } of asked) {
    expect(written.get(name)).toContainEqual(fleet ? ["AutoScalingGroupName"] : ["InstanceId"]);
  }
});
