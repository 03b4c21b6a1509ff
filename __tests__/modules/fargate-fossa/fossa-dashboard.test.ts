import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { TerraformOutput } from "cdktf";
import { expect, it } from "vitest";
import { FossaDashboard, type FossaDashboardProps } from "../../../modules/fargate-fossa/fossa-dashboard";
import { type Json, refTo, synth } from "../../support/synth";

const MINIMAL: FossaDashboardProps = {
  name: "dev-fossa",
  region: "eu-west-2",
  clusterName: "dev-fossa",
  serviceNames: { workers: "fossa", broker: "rabbitmq" },
};
const EVERYTHING: FossaDashboardProps = {
  ...MINIMAL,
  containerInsights: "enabled",
  queue: { brokerName: "dev-fossa" },
  gatewayInstanceId: "i-0123456789abcdef0",
  alarmArns: ["workers", "gateway"].map((part) => `arn:aws:cloudwatch:eu-west-2:111122223333:alarm:dev-fossa-${part}`),
};
const build = (props: Partial<FossaDashboardProps> = {}) =>
  synth((stack) => {
    const { dashboardName } = new FossaDashboard(stack, "dashboard", { ...MINIMAL, ...props });
    new TerraformOutput(stack, "name", { value: dashboardName, staticId: true });
  });
const body = (props?: Partial<FossaDashboardProps>): Json =>
  JSON.parse(build(props).one(CloudwatchDashboard).dashboard_body);
const named = (title: string, props?: Partial<FossaDashboardProps>): Json =>
  body(props).widgets.find(({ properties }: Json) => properties.title === title);
const titles = (props?: Partial<FossaDashboardProps>) =>
  body(props).widgets.map(({ properties }: Json) => properties.title);

it("of everything is this", async () => {
  await expect(`${JSON.stringify(body(EVERYTHING), undefined, 2)}\n`).toMatchFileSnapshot(
    "rendered/fossa-dashboard.json",
  );
});
it("shows the services alone when there is no more", () => {
  expect(titles()).toEqual(["CPU samples, which grow with the running tasks", "CPU", "Memory"]);
  expect(named("CPU").properties.metrics).toEqual([
    [
      "AWS/ECS",
      "CPUUtilization",
      "ClusterName",
      "dev-fossa",
      "ServiceName",
      "rabbitmq",
      { stat: "Average", label: "broker" },
    ],
    [
      "AWS/ECS",
      "CPUUtilization",
      "ClusterName",
      "dev-fossa",
      "ServiceName",
      "fossa",
      { stat: "Average", label: "workers" },
    ],
  ]);
});
it("bears the name of the system, and tells it", () => {
  const { one, outputs } = build();
  expect(one(CloudwatchDashboard).dashboard_name).toBe("dev-fossa");
  expect(outputs.name.value).toEqual(refTo(CloudwatchDashboard, "dashboard_name"));
});
it.each([
  ["disabled", "AWS/ECS CPUUtilization SampleCount"],
  ["enabled", "ECS/ContainerInsights RunningTaskCount Average"],
  ["enhanced", "ECS/ContainerInsights RunningTaskCount Average"],
] as const)("counts tasks by what the cluster has (%s)", (containerInsights, expected) => {
  const [{ properties }] = body({ containerInsights }).widgets;
  for (const [namespace, name, ...rest] of properties.metrics) {
    expect(`${namespace} ${name} ${rest.at(-1).stat}`).toBe(expected);
  }
  expect(properties.metrics).toHaveLength(2);
});
it.each<[string, FossaDashboardProps["queue"], Json[]]>([
  [
    "a broker of Amazon MQ",
    { brokerName: "mq" },
    [
      ["AWS/AmazonMQ", "MessageReadyCount", "Broker", "mq", { stat: "Maximum", label: "Waiting" }],
      ["AWS/AmazonMQ", "MessageUnacknowledgedCount", "Broker", "mq", { stat: "Maximum", label: "Taken" }],
    ],
  ],
  [
    "any metric",
    { namespace: "Fossa", metricName: "Depth", dimensions: { Queue: "fossa_task_queue" } },
    [["Fossa", "Depth", "Queue", "fossa_task_queue", { stat: "Maximum", label: "Waiting" }]],
  ],
])("shows the queue by %s", (_, queue, metrics) => {
  expect(named("Queue", { queue }).properties.metrics).toEqual(metrics);
});
it("shows the gateway where there is one", () => {
  const gatewayInstanceId = "i-1";
  expect(titles({ gatewayInstanceId }).slice(3)).toEqual(["Gateway: network", "Gateway: status checks"]);
  const names = (title: string) =>
    named(title, { gatewayInstanceId }).properties.metrics.map((metric: Json[]) => metric.slice(0, 4).join(" "));
  expect(names("Gateway: network")).toEqual(["AWS/EC2 NetworkIn InstanceId i-1", "AWS/EC2 NetworkOut InstanceId i-1"]);
  expect(names("Gateway: status checks")).toEqual([
    "AWS/EC2 StatusCheckFailed_System InstanceId i-1",
    "AWS/EC2 StatusCheckFailed_Instance InstanceId i-1",
  ]);
});
it("is the same whatever the order of the services", () => {
  const reordered = { broker: "rabbitmq", workers: "fossa" };
  expect(build({ serviceNames: reordered }).json).toBe(build().json);
});
it("takes names that are known later", () => {
  const { one } = synth((stack) => {
    const service = new EcsService(stack, "service", { name: "fossa" });
    new FossaDashboard(stack, "dashboard", { ...MINIMAL, serviceNames: { workers: service.name } });
  });
  const [{ properties }] = JSON.parse(one(CloudwatchDashboard).dashboard_body).widgets;
  expect(properties.metrics[0][5]).toEqual(refTo(EcsService, "name"));
});
