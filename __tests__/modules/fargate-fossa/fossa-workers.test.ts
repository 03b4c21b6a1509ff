import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import { CloudwatchLogStream } from "@cdktf/provider-aws/lib/cloudwatch-log-stream";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { ServiceDiscoveryService } from "@cdktf/provider-aws/lib/service-discovery-service";
import { describe, expect, it } from "vitest";
import { FargateFossa } from "../../../modules/fargate-fossa/fargate-fossa";
import type { FossaClusterSettings } from "../../../modules/fargate-fossa/fossa-cluster";
import { QUEUE } from "../../../modules/fargate-fossa/fossa-workers";
import { type BadInput, errorOf, rejects } from "../../support/bad-input";
import { containerOf, farm, PLACE, SECRET, serviceOf } from "./fossa.fixture";

type Workers = NonNullable<FossaClusterSettings["workers"]>;
const AMAZON_MQ = { kind: "amazonMq" } as const;

const build = (workers: Workers = {}, cluster: FossaClusterSettings = {}) => farm({ cluster: { ...cluster, workers } });
const worker = (workers: Workers = {}) => containerOf(build(workers), "dev-fossa-worker");
const task = (workers: Workers = {}) =>
  build(workers)
    .all(EcsTaskDefinition)
    .find(({ family }) => family === "dev-fossa-worker");
const service = (workers: Workers = {}) => serviceOf(build(workers), "dev-fossa-worker");
/** Statements of the workers' own policy. */
const permissions = (workers: Workers) => {
  const policies = Object.entries<{ name: string; policy: string }>(build(workers).parsed.resource.aws_iam_role_policy);
  return policies
    .filter(([id, { name }]) => id.includes("workers") && name === "task")
    .flatMap(([, { policy }]) => JSON.parse(policy).Statement);
};

describe("by default", () => {
  it("there are four, of a quarter of a CPU and 512 MiB each", () => {
    expect(service().desired_count).toBe(4);
    expect(task()).toMatchObject({ cpu: "256", memory: "512", runtime_platform: { cpu_architecture: "X86_64" } });
  });
  it("they listen on 2345 and are told of their CPU and of the time to end in", () => {
    expect(worker()).toMatchObject({
      portMappings: [{ containerPort: 2345, protocol: "tcp" }],
      environment: [
        { name: "FOSSA_HTTP_PORT", value: "2345" },
        { name: "FOSSA_STOP_SECONDS", value: "115" },
        { name: "TASK_CPU_UNITS", value: "256" },
      ],
      stopTimeout: 120,
    });
  });
  it("they get the broker's URL as a secret, and nothing else of it", () => {
    const { secrets, environment } = worker();
    expect(secrets).toEqual([{ name: "RABBITMQ_URL", valueFrom: expect.stringMatching(/^\$\{.*\.arn\}:url::/) }]);
    expect(JSON.stringify(environment)).not.toContain("RABBITMQ");
  });
  it("they are called worker in their task", () => expect(worker().name).toBe("worker"));
  it("they are well while their API answers", () => {
    const { command } = worker().healthCheck;
    expect(command.slice(0, 3)).toEqual(["CMD", "python", "-c"]);
    expect(command[3]).toContain("http://127.0.0.1:2345/api/0.01/");
  });
  it("they are found as worker in the namespace", () => {
    const names = build()
      .all(ServiceDiscoveryService)
      .map(({ name }) => name);
    expect(names.sort()).toEqual(["rabbitmq", "worker"]);
    expect(farm().fossa.cluster.workers.dnsName).toBe("worker.dev-fossa.internal");
  });
  it("they may do nothing in AWS, stay on demand and are not moved between zones", () => {
    expect(permissions({})).toEqual([]);
    expect(service()).toMatchObject({ launch_type: "FARGATE", availability_zone_rebalancing: "DISABLED" });
    expect(build().all(AppautoscalingTarget)).toEqual([]);
  });
});

describe("with settings", () => {
  it.each([0, 32, 5000])("there are %d", (desiredCount) => {
    expect(service({ desiredCount }).desired_count).toBe(desiredCount);
  });
  it("they listen elsewhere, and are asked there", () => {
    const { portMappings, healthCheck, environment } = worker({ port: 8000 });
    expect(portMappings[0].containerPort).toBe(8000);
    expect(healthCheck.command[3]).toContain(":8000/");
    expect(environment).toContainEqual({ name: "FOSSA_HTTP_PORT", value: "8000" });
  });
  it("they are larger, have a disk, and are told of their CPU", () => {
    const large = { cpu: 1024, memory: 2048, ephemeralStorageGib: 50 } as const;
    expect(task(large)).toMatchObject({ cpu: "1024", memory: "2048", ephemeral_storage: { size_in_gib: 50 } });
    expect(worker(large).environment).toContainEqual({ name: "TASK_CPU_UNITS", value: "1024" });
  });
  it("they run on Spot beyond a base on demand", () => {
    const { launch_type, capacity_provider_strategy } = service({ spot: { base: 2 } });
    expect(launch_type).toBeUndefined();
    expect(capacity_provider_strategy).toEqual([
      { base: 2, capacity_provider: "FARGATE", weight: 0 },
      { capacity_provider: "FARGATE_SPOT", weight: 1 },
    ]);
  });
  it("they have variables, secrets and permissions of the models' own", () => {
    const own = {
      environment: { DATASET: "s3://data" },
      secrets: { API_TOKEN: SECRET },
      permissions: [{ Action: "s3:GetObject", Resource: "arn:aws:s3:::data/*" }],
    };
    const { environment, secrets } = worker(own);
    expect(environment).toContainEqual({ name: "DATASET", value: "s3://data" });
    expect(secrets).toContainEqual({ name: "API_TOKEN", valueFrom: SECRET });
    expect(permissions(own)).toEqual([{ Effect: "Allow", ...own.permissions[0] }]);
  });
  it("they write Fossa's log to a stream of its own", () => {
    const { one, parsed } = build({ externalLog: true });
    expect(one(CloudwatchLogStream).name).toBe("fossa-external");
    const variables = containerOf({ parsed }, "dev-fossa-worker").environment.map(({ name }: { name: string }) => name);
    expect(variables).toEqual(expect.arrayContaining(["FOSSA_LOG_GROUP", "FOSSA_LOG_STREAM"]));
    expect(permissions({ externalLog: true })).toEqual([
      { Effect: "Allow", Action: "logs:PutLogEvents", Resource: expect.stringMatching(/:log-stream:\$\{.*\.name\}$/) },
    ]);
  });
  it("AWS chooses their number by CPU", () => {
    const { one, parsed } = build({ autoscaling: { min: 2, max: 8, cpuPercent: 70 } });
    expect(one(AppautoscalingTarget)).toMatchObject({ min_capacity: 2, max_capacity: 8 });
    expect(one(AppautoscalingPolicy).target_tracking_scaling_policy_configuration).toMatchObject({
      target_value: 70,
      disable_scale_in: true, // what is stopped loses its work
    });
    expect(serviceOf({ parsed }, "dev-fossa-worker").lifecycle.ignore_changes).toEqual(["desired_count"]);
  });
  it("AWS chooses their number by what waits at Amazon MQ, and stops some if it may", () => {
    const autoscaling = {
      min: 2,
      max: 8,
      waitingPerWorker: 10,
      scaleIn: true,
      scaleInCooldown: 60,
      scaleOutCooldown: 30,
    };
    const { one } = build({ autoscaling }, { broker: AMAZON_MQ });
    const policy = one(AppautoscalingPolicy).target_tracking_scaling_policy_configuration;
    expect(policy).toMatchObject({ target_value: 10, scale_in_cooldown: 60, scale_out_cooldown: 30 });
    expect(policy.disable_scale_in ?? false).toBe(false);
    const text = JSON.stringify(policy);
    for (const word of ["AWS/AmazonMQ", "MessageReadyCount", "dev-fossa-broker", QUEUE]) expect(text).toContain(word);
  });
});

it("refuses a port that there is none of, where the gateway reads it first", () => {
  expect(errorOf(() => build({ port: 65536 })).message).toBe(
    "test/fossa/gateway: workerPort: must be at most 65535, got 65536",
  );
  expect(worker({ port: 65535 }).portMappings).toEqual([expect.objectContaining({ containerPort: 65535 })]);
});
it("knows the queue by Fossa's name for it", () => expect(QUEUE).toBe("fossa_task_queue"));

const scaling = { min: 2, max: 8, cpuPercent: 70 };
const rows: [string, Workers, ...string[]][] = [
  ["workers.cpu", { cpu: 300 as 256 }, "256", "got 300"],
  ["workers.memory", { cpu: 256, memory: 4096 }, "512, 1024, 2048", "got 4096"],
  ["workers.desiredCount", { desiredCount: -1 }, "at least 0", "got -1"],
  ["workers.desiredCount", { desiredCount: 1.5 }, "whole number", "got 1.5"],
  ["workers.desiredCount", { desiredCount: 5001 }, "at most 5000"],
  ["workers.port", { port: 1023 }, "at least 1024"],
  ["workers.spot.base", { spot: { base: 0 } }, "at least 1"],
  ["workers.stopTimeout", { stopTimeout: 9 }, "at least 10"],
  ["workers.stopTimeout", { stopTimeout: 121 }, "at most 120"],
  ["workers.ephemeralStorageGib", { ephemeralStorageGib: 20 }, "at least 21"],
  ["workers.environment.RABBITMQ_URL", { environment: { RABBITMQ_URL: "x" } }, "set by the construct"],
  ["workers.environment.FOSSA_LOG_GROUP", { environment: { FOSSA_LOG_GROUP: "x" } }, "set by the construct"],
  ["workers.secrets.FOSSA_LOG_STREAM", { secrets: { FOSSA_LOG_STREAM: SECRET } }, "set by the construct"],
  ["workers.environment.FOSSA_HTTP_PORT", { environment: { FOSSA_HTTP_PORT: "1" } }, "set by the construct"],
  ["workers.environment.FOSSA_STOP_SECONDS", { environment: { FOSSA_STOP_SECONDS: "1" } }, "set by the construct"],
  ["workers.environment.TASK_CPU_UNITS", { environment: { TASK_CPU_UNITS: "1" } }, "set by the construct"],
  ["workers.secrets.RABBITMQ_URL", { secrets: { RABBITMQ_URL: SECRET } }, "set by the construct"],
  ["workers.autoscaling.max", { autoscaling: { ...scaling, max: 1 } }, "at least min (2)", "got 1"],
  ["workers.autoscaling.min", { autoscaling: { ...scaling, min: 0 } }, "at least 1"],
  ["workers.autoscaling.cpuPercent", { autoscaling: { min: 1, max: 8 } }, "something to aim at"],
  ["workers.autoscaling.cpuPercent", { autoscaling: { ...scaling, cpuPercent: 101 } }, "at most 100"],
  ["workers.desiredCount", { autoscaling: scaling, desiredCount: 9 }, "2 to 8 workers", "got 9"],
  ["workers.desiredCount", { autoscaling: scaling, desiredCount: 1 }, "2 to 8 workers", "got 1"],
  ["workers.autoscaling.waitingPerWorker", { autoscaling: { ...scaling, waitingPerWorker: 5 } }, "amazonMq", "got 5"],
  ["workers.permissions[0].Resource", { permissions: [{ Action: "s3:GetObject" }] }, "is required"],
];
rejects(
  "test/fossa/cluster",
  rows.map(([key, workers, ...words]): BadInput<Workers> => [key, workers, ...words]),
  (scope, workers) => new FargateFossa(scope, "fossa", { ...PLACE, cluster: { workers } }),
);
