import { CloudformationStack } from "@cdktf/provider-aws/lib/cloudformation-stack";
import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { EfsFileSystem } from "@cdktf/provider-aws/lib/efs-file-system";
import { ServiceDiscoveryPrivateDnsNamespace } from "@cdktf/provider-aws/lib/service-discovery-private-dns-namespace";
import { describe, expect, it } from "vitest";
import { FargateFossa } from "../../../modules/fargate-fossa/fargate-fossa";
import type { FossaClusterSettings } from "../../../modules/fargate-fossa/fossa-cluster";
import { type BadInput, rejects } from "../../support/bad-input";
import { containerOf, farm, IMAGE, PLACE, serviceOf } from "./fossa.fixture";

const gateway = { imageBuild: "prebuilt", image: IMAGE } as const;
const build = (cluster: FossaClusterSettings = {}, more: object = {}) =>
  farm({ gateway: { ...gateway, ...more }, cluster });
type Rule = Record<string, string | number>;
const ingress = ({ parsed }: ReturnType<typeof build>, port: number): Rule[] =>
  Object.values<Rule>(parsed.resource.aws_vpc_security_group_ingress_rule).filter(
    ({ from_port }) => from_port === port,
  );

describe("by default", () => {
  const made = build();
  it("is a cluster with one log group and no Container Insights", () => {
    expect(made.one(EcsCluster)).toMatchObject({
      name: "dev-fossa",
      setting: [{ name: "containerInsights", value: "disabled" }],
    });
    expect(made.one(CloudwatchLogGroup)).toMatchObject({ name: "/ecs/dev-fossa" });
  });
  it("runs workers and broker, each by a task definition of Fargate", () => {
    const tasks = made.all(EcsTaskDefinition);
    expect(tasks.map(({ family }) => family).sort()).toEqual(["dev-fossa-broker", "dev-fossa-worker"]);
    for (const { requires_compatibilities, network_mode } of tasks) {
      expect([requires_compatibilities, network_mode]).toEqual([["FARGATE"], "awsvpc"]);
    }
    expect(tasks.find(({ family }) => family === "dev-fossa-broker")).toMatchObject({ cpu: "256", memory: "2048" });
  });
  it("logs each under a prefix of its own", () => {
    const prefix = (family: string) => containerOf(made, family).logConfiguration.options["awslogs-stream-prefix"];
    expect([prefix("dev-fossa-worker"), prefix("dev-fossa-broker")]).toEqual(["fossa_worker", "rabbit_mq"]);
  });
  it("has no public address, and what rolls back a deployment that fails", () => {
    for (const service of made.all(EcsService)) {
      expect(service.network_configuration).toMatchObject({
        assign_public_ip: false,
        subnets: PLACE.network.privateSubnetIds,
      });
      expect(service.network_configuration.security_groups).toHaveLength(1);
      expect(service.deployment_circuit_breaker).toEqual({ enable: true, rollback: true });
    }
  });
  it("lets the gateway reach the workers, the workers the broker, and the broker its files: groups, no addresses", () => {
    for (const [port, from] of [
      [2345, "gateway_host_security-group"],
      [5672, "workers-access"],
      [2049, "broker_access"],
    ] as const) {
      const rules = ingress(made, port);
      expect(rules, String(port)).toHaveLength(1);
      expect(rules[0]?.referenced_security_group_id).toContain(from);
      expect(rules[0]).not.toHaveProperty("cidr_ipv4");
    }
  });
  it("finds the broker by its name, and keeps its queues on encrypted files", () => {
    expect(made.one(ServiceDiscoveryPrivateDnsNamespace).name).toBe("dev-fossa.internal");
    expect(made.json).toContain("@rabbitmq.dev-fossa.internal:5672");
    expect(made.one(EfsFileSystem).encrypted).toBe(true);
  });
  it("pulls the broker's image through the account's own registry, by the tag of a version", () => {
    const { image } = containerOf(made, "dev-fossa-broker");
    expect(image).toMatch(/\/docker\/library\/rabbitmq:4\.\d+\.\d+$/);
    expect(image).toContain("aws_ecr_pull_through_cache_rule");
  });
  it("says guest nowhere, nor latest, nor grants all of ECS", () => {
    expect(made.json).not.toMatch(/guest|:latest|AmazonECS_FullAccess|supersecret/);
  });
  it("has neither alarms nor a dashboard", () => {
    const names = made.all(CloudwatchMetricAlarm).map(({ alarm_name }) => alarm_name);
    expect(names).toEqual(["dev-fossa-gateway-recovery"]);
    expect(made.all(CloudwatchDashboard)).toEqual([]);
  });
});

describe("with Amazon MQ", () => {
  const made = build({ broker: { kind: "amazonMq", engineVersion: "3.13" } });
  it("runs no broker of its own and connects by TLS", () => {
    expect(made.all(EcsService)).toHaveLength(1);
    expect(made.all(EfsFileSystem)).toEqual([]);
    expect(made.one(CloudformationStack).name).toBe("dev-fossa-broker");
    expect(ingress(made, 5671)).toHaveLength(1);
    expect(made.json).toContain(":5671");
  });
  it("stands in one subnet, and in all as a cluster", () => {
    const subnets = (stack: ReturnType<typeof build>) =>
      JSON.parse(stack.one(CloudformationStack).template_body).Resources.Broker.Properties.SubnetIds;
    expect(subnets(made)).toEqual(["subnet-0123456789abcdef2"]);
    const cluster = build({
      broker: { kind: "amazonMq", hostInstanceType: "mq.m7g.large", deploymentMode: "CLUSTER_MULTI_AZ" },
    });
    expect(subnets(cluster)).toEqual(PLACE.network.privateSubnetIds);
  });
});

it("watches workers and broker where the gateway has alarms", () => {
  const { all } = build({ containerInsights: "enabled" }, { alarms: true });
  const names = all(CloudwatchMetricAlarm).map(({ alarm_name }) => alarm_name);
  for (const part of ["dev-fossa-worker", "dev-fossa-broker", "dev-fossa-gateway"]) {
    expect(names.filter((name) => name.startsWith(part)).length, part).toBeGreaterThan(0);
  }
});
it("shows all of it on a dashboard", () => {
  const body = JSON.stringify(build({ dashboard: true }).one(CloudwatchDashboard).dashboard_body);
  for (const word of ["ClusterName", "StatusCheckFailed_System"]) expect(body).toContain(word);
});
it("takes another namespace, retention and image of the broker", () => {
  const made = build({ namespaceName: "farm.local", logRetentionDays: 30, broker: { kind: "service", image: IMAGE } });
  expect(made.one(ServiceDiscoveryPrivateDnsNamespace).name).toBe("farm.local");
  expect(made.one(CloudwatchLogGroup).retention_in_days).toBe(30);
  expect(containerOf(made, "dev-fossa-broker").image).toBe(IMAGE);
  expect(made.parsed.resource).not.toHaveProperty("aws_ecr_pull_through_cache_rule");
});
it("waits for no image before it plans", () => {
  expect(serviceOf(farm(), "dev-fossa-worker").task_definition).toMatch(/^\$\{aws_ecs_task_definition\./);
});

rejects(
  "test/fossa/cluster",
  [
    ["containerInsights", { containerInsights: "on" as never }, "disabled, enabled, enhanced"],
    ["logRetentionDays", { logRetentionDays: 8 as never }, "got 8"],
    ["namespaceName", { namespaceName: "Farm" }, "Farm"],
    ["waitingAlarm", { waitingAlarm: 0 }, "at least 1"],
    ["waitingAlarm", { waitingAlarm: 1_000_001 }, "at most 1000000"],
    ["page", { page: {} }, "must be left out"],
    ["broker.kind", { broker: { kind: "kafka" } as never }, "service, amazonMq", "kafka"],
    ["broker.memory", { broker: { kind: "service", cpu: 256, memory: 4096 } }, "512, 1024, 2048", "got 4096"],
    ["broker.username", { broker: { kind: "service", username: "guest" } }, "guest"],
    ["broker.hostInstanceType", { broker: { kind: "amazonMq", hostInstanceType: "mq.m5.large" } }, "mq.m7g"],
    ["workres", { workres: {} } as never, "did you mean workers?"],
  ] as BadInput<FossaClusterSettings>[],
  (scope, cluster) => new FargateFossa(scope, "fossa", { ...PLACE, gateway, cluster }),
);
describe("together with the gateway", () => {
  rejects(
    "test/fossa/cluster",
    [
      ["broker.image", { egress: "vpc-endpoints", gateway }, "is required where egress is vpc-endpoints"],
      ["containerInsights", { gateway: { ...gateway, alarms: true } }, "must be enabled or enhanced"],
    ],
    (scope, props: object) => new FargateFossa(scope, "fossa", { ...PLACE, ...props }),
  );
});
