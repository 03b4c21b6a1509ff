import { describe, expect, it } from "vitest";
import { type AgentInput, agentConfig, agentMetrics } from "../../../../modules/aws/ec2/cloudwatch-agent";
import { metricsIn, watched } from "../../../../modules/ml-ec2/metrics";

const INPUT: AgentInput = {
  logGroup: "/aws/ec2/ml-demo-dev-ml-training",
  metricsNamespace: "ml-demo/dev",
  logFiles: ["user-data.log", "messages"],
  disks: ["/", "/data"],
  gpu: false,
  fleet: false,
};
const config = (input: Partial<AgentInput> = {}) => JSON.parse(agentConfig({ ...INPUT, ...input }));
const names = (gpu: boolean) => agentMetrics({ gpu, fleet: false }).map(({ name }) => name);

it("sends each log to a stream of the machine's own in the group that exists", () => {
  expect(config().logs.logs_collected.files.collect_list).toEqual([
    {
      file_path: "/var/log/user-data.log",
      log_group_name: "/aws/ec2/ml-demo-dev-ml-training",
      log_stream_name: "{instance_id}/user-data.log",
    },
    {
      file_path: "/var/log/messages",
      log_group_name: "/aws/ec2/ml-demo-dev-ml-training",
      log_stream_name: "{instance_id}/messages",
    },
  ]);
});
it("measures memory, swap, disks and network each minute in the project's namespace", () => {
  const { agent, metrics } = config();
  expect(agent).toEqual({ metrics_collection_interval: 60 });
  expect(metrics.namespace).toBe("ml-demo/dev");
  expect(metrics.metrics_collected).toEqual({
    mem: { measurement: ["used_percent"] },
    swap: { measurement: ["used_percent"] },
    disk: { measurement: ["used_percent"], resources: ["/", "/data"], drop_original_metrics: ["*"] },
    diskio: {
      measurement: ["read_bytes", "write_bytes"],
      resources: ["nvme*n1", "xvd?"],
      drop_original_metrics: ["*"],
    },
    net: { measurement: ["bytes_recv", "bytes_sent"], resources: ["en*"], drop_original_metrics: ["*"] },
  });
});
it("measures GPUs only where there are some", () => {
  expect(config().metrics.metrics_collected).not.toHaveProperty("nvidia_gpu");
  expect(config({ gpu: true }).metrics.metrics_collected.nvidia_gpu).toEqual({
    measurement: ["utilization_gpu", "utilization_memory", "temperature_gpu"],
    drop_original_metrics: ["*"],
  });
  expect(names(true).filter((name) => !names(false).includes(name))).toEqual([
    "nvidia_smi_utilization_gpu",
    "nvidia_smi_utilization_memory",
    "nvidia_smi_temperature_gpu",
  ]);
});
it("tells a machine by its id, and a fleet's by the group's name too", () => {
  expect(config().metrics.append_dimensions).toEqual({ InstanceId: "$" + "{aws:InstanceId}" });
  expect(config().metrics.aggregation_dimensions).toEqual([["InstanceId"]]);
  expect(config({ fleet: true }).metrics.append_dimensions).toEqual({
    InstanceId: "$" + "{aws:InstanceId}",
    AutoScalingGroupName: "$" + "{aws:AutoScalingGroupName}",
  });
  expect(config({ fleet: true }).metrics.aggregation_dimensions).toEqual([["InstanceId"], ["AutoScalingGroupName"]]);
});
it("names its metrics", () => {
  expect(agentMetrics({ gpu: false, fleet: false })).toEqual(
    ["mem_used_percent", "swap_used_percent", "disk_used_percent", "diskio_read_bytes", "diskio_write_bytes"]
      .concat("net_bytes_recv", "net_bytes_sent")
      .map((name) => ({ name, dimensions: [["InstanceId"]] })),
  );
  expect(agentMetrics({ gpu: false, fleet: true })[0]?.dimensions).toEqual([["InstanceId"], ["AutoScalingGroupName"]]);
});
describe("alarms and the dashboard", () => {
  const asked = Object.values(metricsIn("ml-demo/dev")).filter(({ namespace }) => namespace === "ml-demo/dev");
  it.each([
    ["a machine", { instances: [{ key: "a", instanceId: "i-1" }] }, false],
    ["a fleet", { autoScalingGroupName: "fleet" }, true],
  ])("ask for %s by metrics that the agent writes", (_, targets, fleet) => {
    const written = agentMetrics({ gpu: true, fleet });
    expect(asked.length).toBeGreaterThan(2);
    for (const { dimensions } of watched(targets)) {
      for (const { name } of asked) {
        const metric = written.find((candidate) => candidate.name === name);
        expect(metric?.dimensions, name).toContainEqual(Object.keys(dimensions));
      }
    }
  });
});
