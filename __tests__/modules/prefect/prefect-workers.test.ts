import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { describe, expect, it } from "vitest";
import { PrefectWorkers, type PrefectWorkersProps } from "../../../modules/prefect/prefect-workers";
import { rejects } from "../../support/bad-input";
import { type Json, refTo, synth } from "../../support/synth";
import {
  build,
  CLOUD,
  CLUSTER,
  containerOf,
  DASK,
  KEY,
  MINIMAL,
  SECRET,
  serviceOf,
  statementsOf,
  TOPIC,
} from "./prefect.fixture";

const SIDE_BY_SIDE: PrefectWorkersProps["workers"] = [
  { name: "dev", workPool: "dev", queues: ["fast", "default"] },
  { name: "dev-large", workPool: "dev", queues: ["large"], cpu: 1024, memory: 2048 },
  { name: "prod", workPool: "prod", desiredCount: 2 },
];
const env = (container: Json) =>
  Object.fromEntries((container.environment ?? []).map(({ name, value }: Json) => [name, value]));

describe("a worker", () => {
  it("starts the ECS worker of its pool, well while it polls, with time to end", () => {
    expect(containerOf(build(), "dev-prefect-dev")).toMatchObject({
      name: "worker",
      image: "docker.io/prefecthq/prefect-aws:0.7.12-python3.12",
      command: [
        ..."prefect worker start --type ecs --pool dev --with-healthcheck".split(" "),
        ..."--no-create-pool-if-not-found --install-policy never".split(" "),
      ],
      healthCheck: {
        command: ["CMD", "python", "-c", expect.stringContaining("http://127.0.0.1:8080/health")],
        interval: 30,
        retries: 3,
        startPeriod: 60,
      },
      stopTimeout: 120,
    });
  });
  it("polls each of its queues, and has a limit where asked", () => {
    const workers = [{ name: "dev", workPool: "dev", queues: ["b", "a"], limit: 5 }];
    const { command } = containerOf(build({ workers }), "dev-prefect-dev");
    expect(command.join(" ")).toContain("--work-queue a --work-queue b --with-healthcheck");
    expect(command.slice(-2)).toEqual(["--limit", "5"]);
  });
  it("knows the API and the queue of events, and no secret in plain text", () => {
    const container = containerOf(build({ api: { url: CLOUD, keySecretArn: SECRET } }), "dev-prefect-dev");
    expect(env(container)).toMatchObject({
      PREFECT_API_URL: CLOUD,
      PREFECT_INTEGRATIONS_AWS_ECS_OBSERVER_SQS_QUEUE_NAME: refTo(SqsQueue, "name"),
      PREFECT_INTEGRATIONS_AWS_ECS_OBSERVER_SQS_QUEUE_REGION: expect.stringContaining("aws_region"),
      AWS_DEFAULT_REGION: expect.stringContaining("aws_region"),
      PREFECT_WORKER_ENABLE_CANCELLATION: "true",
    });
    expect(Object.keys(env(container))).not.toContain("PREFECT_API_KEY");
    expect(container.secrets).toEqual([{ name: "PREFECT_API_KEY", valueFrom: SECRET }]);
  });
  it("signs in to a server of one's own by an auth string", () => {
    const api = { url: "https://p.example.com/api", authStringSecretArn: `${SECRET}:auth_string::` };
    const container = containerOf(build({ api }), "dev-prefect-dev");
    expect(container.secrets).toEqual([{ name: "PREFECT_API_AUTH_STRING", valueFrom: `${SECRET}:auth_string::` }]);
  });
  it("stands in private subnets behind no load balancer, and is rolled back when it does not start", () => {
    expect(serviceOf(build(), "dev-prefect-dev")).toMatchObject({
      desired_count: 1,
      network_configuration: { subnets: ["subnet-a", "subnet-b"], assign_public_ip: false },
      deployment_circuit_breaker: { enable: true, rollback: true },
    });
    expect(serviceOf(build(), "dev-prefect-dev")).not.toHaveProperty("load_balancer");
  });
  it("is one service each, development and production in one cluster", () => {
    const built = build({ workers: SIDE_BY_SIDE });
    const services = built.all(EcsService);
    expect(services.map(({ name }) => name).sort()).toEqual([
      "dev-prefect-dev",
      "dev-prefect-dev-large",
      "dev-prefect-prod",
    ]);
    expect(new Set(services.map(({ cluster }) => cluster))).toEqual(new Set([CLUSTER.clusterArn]));
    expect(serviceOf(built, "dev-prefect-prod").desired_count).toBe(2);
    expect(built.all(CloudwatchEventRule).filter((rule) => rule.event_pattern)).toHaveLength(1);
  });
  it("is the same in whatever order workers are named", () => {
    const turned = build({ workers: [...SIDE_BY_SIDE].reverse() });
    expect(turned.parsed.resource).toEqual(build({ workers: SIDE_BY_SIDE }).parsed.resource);
  });
  it("scales by CPU and memory", () => {
    const { one, all } = build({ workers: [{ name: "dev", workPool: "dev", autoscaling: { min: 1, max: 10 } }] });
    expect(one(AppautoscalingTarget)).toMatchObject({ min_capacity: 1, max_capacity: 10 });
    const targets = all(AppautoscalingPolicy).map((policy) => policy.target_tracking_scaling_policy_configuration);
    expect(targets).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ target_value: 70, scale_in_cooldown: 300, scale_out_cooldown: 120 }),
        expect.objectContaining({ target_value: 80 }),
      ]),
    );
    expect(build().all(AppautoscalingTarget)).toEqual([]);
  });
  it("has variables of the user's", () => {
    const workers = [{ name: "dev", workPool: "dev", environment: { PREFECT_LOGGING_LEVEL: "DEBUG" } }];
    expect(env(containerOf(build({ workers }), "dev-prefect-dev")).PREFECT_LOGGING_LEVEL).toBe("DEBUG");
  });
});

describe("roles", () => {
  const worker = (some: Partial<PrefectWorkersProps> = {}) => statementsOf(build(some), "worker-dev", "task");

  it("let a worker do what it calls, on its own things only", () => {
    const actions = worker().flatMap(({ Action }) => Action);
    expect(actions.sort()).toEqual([
      "ec2:DescribeSubnets",
      "ec2:DescribeVpcs",
      "ecs:DescribeTaskDefinition",
      "ecs:DescribeTasks",
      "ecs:RegisterTaskDefinition",
      "ecs:RunTask",
      "ecs:StopTask",
      "ecs:TagResource",
      "iam:PassRole",
      "logs:GetLogEvents",
      "sqs:ChangeMessageVisibility",
      "sqs:DeleteMessage",
      "sqs:GetQueueUrl",
      "sqs:ReceiveMessage",
    ]);
    const everywhere = worker().filter(({ Resource }) => Resource === "*");
    expect(everywhere.flatMap(({ Action }) => Action).filter((action) => !/:(Describe|Register)/.test(action))).toEqual(
      [],
    );
  });
  it("let it run definitions of its pool in its cluster, and give them the roles of flows alone", () => {
    const of = (sid: string) => worker().find(({ Sid }) => Sid === sid);
    expect(of("RunFlows").Resource).toMatch(/:task-definition\/prefect_dev_\*$/);
    expect(of("RunFlows").Condition).toEqual({ ArnEquals: { "ecs:cluster": CLUSTER.clusterArn } });
    expect(of("FlowTasks").Resource).toMatch(/:task\/dev-prefect\/\*$/);
    expect(of("FlowRoles")).toMatchObject({
      Resource: [
        expect.stringMatching(/aws_iam_role\.prefect_flows_execution_role_/),
        expect.stringMatching(/aws_iam_role\.prefect_pool-dev_flow_role_/),
      ],
      Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    });
  });
  it("let it deregister definitions only where its pool says so", () => {
    const pools = { dev: { deregisterDefinitions: true } };
    expect(worker({ pools }).flatMap(({ Action }) => Action)).toContain("ecs:DeregisterTaskDefinition");
  });
  it("let it decrypt events under a key of the user's", () => {
    expect(worker({ events: { kmsKeyArn: KEY } }).find(({ Sid }) => Sid === "EventsKey")).toMatchObject({
      Action: "kms:Decrypt",
      Resource: KEY,
    });
  });
  it("let ECS read the secrets that are named, and no others", () => {
    const other = SECRET.replace("prefect", "github");
    const built = build({
      api: { url: CLOUD, keySecretArn: `${SECRET}:key::` },
      pools: { dev: { secrets: { GITHUB_ACCESS_TOKEN: other } } },
      secretsKmsKeyArns: [KEY],
    });
    expect(statementsOf(built, "worker-dev", "secrets")[0]).toMatchObject({ Resource: [SECRET] });
    const [flows, key] = statementsOf(built, "flows", "secrets");
    expect(flows).toMatchObject({ Action: "secretsmanager:GetSecretValue", Resource: [other, SECRET] });
    expect(key).toMatchObject({ Action: "kms:Decrypt", Resource: [KEY] });
    expect(statementsOf(build(), "flows", "secrets")).toEqual([]);
  });
  it("let flows use the buckets that are named", () => {
    const built = build({
      buckets: { output: { bucketArn: "arn:aws:s3:::out", kmsKeyArn: KEY } },
      pools: {
        dev: {
          readBucketArns: ["arn:aws:s3:::raw"],
          writeBucketArns: ["arn:aws:s3:::own"],
          permissions: [{ Action: "sns:Publish", Resource: TOPIC }],
        },
      },
    });
    expect(statementsOf(built, "pool-dev", "flow")).toEqual([
      {
        Effect: "Allow",
        Action: "s3:ListBucket",
        Resource: ["arn:aws:s3:::out", "arn:aws:s3:::own", "arn:aws:s3:::raw"],
      },
      {
        Effect: "Allow",
        Action: "s3:GetObject",
        Resource: ["arn:aws:s3:::out/*", "arn:aws:s3:::own/*", "arn:aws:s3:::raw/*"],
      },
      {
        Effect: "Allow",
        Action: ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"],
        Resource: ["arn:aws:s3:::out/*", "arn:aws:s3:::own/*"],
      },
      { Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: [KEY] },
      { Effect: "Allow", Action: "sns:Publish", Resource: TOPIC },
    ]);
    expect(statementsOf(build(), "pool-dev", "flow")).toEqual([]);
  });
});

describe("flows", () => {
  it("may start Dask clusters and reach their schedulers, if their pool may", () => {
    const built = build({ workers: SIDE_BY_SIDE, dask: DASK, pools: { prod: { dask: false } } });
    const attached = Object.entries(built.byId(IamRolePolicyAttachment)).filter(
      ([, { policy_arn }]) => policy_arn === DASK.clientPolicyArn,
    );
    expect(attached.map(([id]) => id.split("_")[1])).toEqual(["pool-dev"]);
    expect(built.one(VpcSecurityGroupIngressRule)).toMatchObject({
      security_group_id: "sg-dask",
      referenced_security_group_id: refTo(SecurityGroup, "id"),
      from_port: 8786,
      to_port: 8787,
    });
  });
  it("open nothing of Dask's where no pool may use it, or there is none", () => {
    for (const some of [{}, { dask: DASK, pools: { dev: { dask: false } } }]) {
      expect(build(some).all(VpcSecurityGroupIngressRule)).toEqual([]);
    }
  });
  it("find Dask's configuration by their environment", () => {
    const dask = { ...DASK, environment: { DASK_CLUSTER_CONFIG: "s3://files/dask.yaml" } };
    const { json } = synth((stack) => {
      const { pools } = new PrefectWorkers(stack, "prefect", { ...MINIMAL, dask });
      expect(JSON.parse(pools.dev?.baseJobTemplate ?? "").variables.properties.env.default).toEqual(dask.environment);
    });
    expect(json).toBeDefined();
  });
  it("have a pool each, with a template in the bucket and the command that creates it", () => {
    const built = synth((stack) => {
      const { pools } = new PrefectWorkers(stack, "prefect", {
        ...MINIMAL,
        workers: SIDE_BY_SIDE,
        templateBucket: { bucketName: "files" },
      });
      expect(Object.keys(pools)).toEqual(["dev", "prod"]);
      expect(pools.dev?.command.split(" && ")).toEqual([
        expect.stringMatching(/^aws s3 cp s3:\/\/.* dev\.json$/),
        "prefect work-pool create dev --type ecs --base-job-template dev.json --overwrite",
        expect.stringContaining("prefect work-queue create fast --pool dev"),
        expect.stringContaining("prefect work-queue create large --pool dev"),
      ]);
      expect(pools.prod?.command.split(" && ")).toHaveLength(2);
    });
    const objects = built.all(S3Object);
    expect(objects.map(({ key }) => key).sort()).toEqual([
      "prefect/work-pools/pool-dev.json",
      "prefect/work-pools/pool-prod.json",
    ]);
    expect(JSON.parse(objects[0].content)).toHaveProperty("job_configuration");
  });
  it("leave old definitions to a function of each pool, unless asked not to", () => {
    const names = build({ workers: SIDE_BY_SIDE })
      .all(LambdaFunction)
      .map(({ function_name }) => function_name);
    expect(names.sort()).toEqual(["dev-prefect-dev-sweeper", "dev-prefect-prod-sweeper"]);
    expect(build({ sweeper: false }).all(LambdaFunction)).toEqual([]);
  });
});

it("events come from the cluster's tasks alone", () => {
  expect(JSON.parse(build({ sweeper: false }).one(CloudwatchEventRule).event_pattern)).toEqual({
    source: ["aws.ecs"],
    "detail-type": ["ECS Task State Change"],
    detail: { clusterArn: [CLUSTER.clusterArn] },
  });
});
it("lets nobody in", () => {
  expect(build({ workers: SIDE_BY_SIDE }).all(VpcSecurityGroupIngressRule)).toEqual([]);
});
it("sounds alarms when no worker runs, tasks are missing, events wait or die", () => {
  const names = (some: Partial<PrefectWorkersProps>) =>
    build({ alarmTopicArns: [TOPIC], ...some })
      .all(CloudwatchMetricAlarm)
      .map(({ alarm_name }) => alarm_name)
      .sort();
  expect(names({})).toEqual([
    "dev-prefect-dev-missing-tasks",
    "dev-prefect-dev-no-tasks",
    "dev-prefect-ecs-events-dead-letter",
    "dev-prefect-ecs-events-queue-age",
  ]);
  expect(names({ cluster: { ...CLUSTER, containerInsights: "disabled" } })).not.toContain(
    "dev-prefect-dev-missing-tasks",
  );
  expect(names({ workers: [{ name: "dev", workPool: "dev", desiredCount: 0 }] })).toEqual([
    "dev-prefect-ecs-events-dead-letter",
    "dev-prefect-ecs-events-queue-age",
  ]);
  expect(build().all(CloudwatchMetricAlarm)).toEqual([]);
});
it("keeps secrets out of what it writes", () => {
  expect(build({ api: { url: CLOUD, keySecretArn: SECRET } }).json).not.toMatch(/secret_string|pnu_/);
});
it.each<[string, Partial<PrefectWorkersProps>]>([
  ["a name of one letter", { name: "p" }],
  ["a name of forty", { name: "p".repeat(40) }],
  ["a worker's name of forty", { workers: [{ name: "w".repeat(40), workPool: "dev" }] }],
  ["the longest pool", { workers: [{ name: "dev", workPool: "P".repeat(100) }] }],
  [
    "fifty workers",
    { workers: Array.from({ length: 50 }, (_, i) => ({ name: `w${i}`, workPool: "dev" })), sweeper: false },
  ],
  ["the smallest task", { workers: [{ name: "dev", workPool: "dev", cpu: 256, memory: 512 }] }],
  ["half a vCPU with 2 GiB", { workers: [{ name: "dev", workPool: "dev", cpu: 512, memory: 2048 }] }],
])("accepts %s", (_, some) => {
  expect(build(some).all(EcsService).length).toBeGreaterThan(0);
});

const worker = (some: object) => ({ workers: [{ name: "dev", workPool: "dev", ...some }] });
const ENOUGH = ["ec2", "ecr.api", "ecr.dkr", "ecs", "logs", "s3", "sqs"];
const IMAGE = "111122223333.dkr.ecr.us-east-1.amazonaws.com/prefect:1";
/** Images that a network without NAT reaches. */
const OF_ECR = { workers: [{ name: "dev", workPool: "dev", image: IMAGE }], pools: { dev: { image: IMAGE } } };
it("needs no internet where images and services are reached otherwise", () => {
  expect(() => build({ privateReach: ENOUGH, ...OF_ECR })).not.toThrow();
});
const pool = (some: object) => ({ pools: { dev: some } });
rejects<unknown>(
  "test/prefect",
  [
    ["name", { name: "" }, "a letter first"],
    ["name", { name: "x".repeat(41) }, "at most 40", "got 41"],
    ["cluster", { cluster: "dev" }, "an EcsCluster", '"dev"'],
    ["vpcId", { vpcId: "" }, "at least 1"],
    ["subnetIds", { subnetIds: [] }, "at least 1 items"],
    ["subnetIds", { subnetIds: Array.from({ length: 17 }, (_, i) => `s${i}`) }, "at most 16"],
    ["api.url", { api: { url: "prefect" } }, "URL of an API", '"prefect"'],
    ["api.keySecretArn", { api: { url: CLOUD } }, "required for Prefect Cloud"],
    ["dask", { dask: "dask" }, "a DaskCluster", '"dask"'],
    ["buckets.out", { buckets: { out: "bucket" } }, "a PrivateBucket"],
    ["templateBucket", { templateBucket: "files" }, "a PrivateBucket"],
    ["alarmTopicArns", { alarmTopicArns: [] }, "at least 1 items"],
    ["workers", { workers: [] }, "at least 1 items"],
    ["workers", { workers: Array.from({ length: 51 }, (_, i) => ({ name: `w${i}`, workPool: "dev" })) }, "at most 50"],
    [
      "workers.1.name",
      { workers: [worker({}).workers[0], { name: "dev", workPool: "prod" }] },
      "unique among the workers",
      "got dev again",
    ],
    ["workers.0.name", worker({ name: "Dev" }), "lower-case", '"Dev"'],
    ["workers.0.name", worker({ name: "w".repeat(41) }), "at most 40"],
    ["workers.0.workPool", worker({ workPool: "my pool" }), "hyphens and underscores", '"my pool"'],
    ["workers.0.workPool", worker({ workPool: "prefect-dev" }), "must not begin with prefect"],
    ["workers.0.workPool", worker({ workPool: "x".repeat(101) }), "at most 100"],
    ["workers.0.queues", worker({ queues: ["a", "a"] }), "each queue once"],
    ["workers.0.queues.0", worker({ queues: ["a b"] }), '"a b"'],
    ["workers.0.queues", worker({ queues: Array.from({ length: 21 }, (_, i) => `q${i}`) }), "at most 20"],
    ["workers.0.image", worker({ image: "prefect:latest" }), "fixed tag"],
    ["workers.0.memory", worker({ cpu: 512, memory: 8192 }), "one of 1024, 2048, 3072, 4096", "got 8192"],
    ["workers.0.cpu", worker({ cpu: 300 }), "one of 256"],
    ["workers.0.architecture", worker({ architecture: "arm" }), "X86_64, ARM64"],
    ["workers.0.desiredCount", worker({ desiredCount: -1 }), "at least 0"],
    ["workers.0.desiredCount", worker({ desiredCount: 5001 }), "at most 5000"],
    ["workers.0.desiredCount", worker({ desiredCount: 5, autoscaling: { max: 4 } }), "1 to 4 tasks", "got 5"],
    ["workers.0.autoscaling.max", worker({ autoscaling: { min: 4, max: 3 } }), "at least min (4)", "got 3"],
    ["workers.0.autoscaling.min", worker({ autoscaling: { min: 0 } }), "at least 1"],
    ["workers.0.autoscaling.cpuPercent", worker({ autoscaling: { cpuPercent: 101 } }), "at most 100"],
    ["workers.0.autoscaling.memoryPercent", worker({ autoscaling: { memoryPercent: 0 } }), "at least 1"],
    ["workers.0.autoscaling.scaleInCooldown", worker({ autoscaling: { scaleInCooldown: -1 } }), "at least 0"],
    ["workers.0.autoscaling.scaleOutCooldown", worker({ autoscaling: { scaleOutCooldown: 86_401 } }), "at most 86400"],
    ["workers.0.limit", worker({ limit: 0 }), "at least 1"],
    ["workers.0.limit", worker({ limit: 10_001 }), "at most 10000"],
    ["workers.0.environment.PREFECT_API_KEY", worker({ environment: { PREFECT_API_KEY: "pnu" } }), "must be left out"],
    ["workers.0.environment.PREFECT_API_URL", worker({ environment: { PREFECT_API_URL: "x" } }), "must be left out"],
    ["tags", { tags: Object.fromEntries([...Array(31).keys()].map((n) => [`t${n}`, "a"])) }, "at most 30", "got 31"],
    ["privateReach", { privateReach: [], ...OF_ECR }, "must reach ec2, ecr.api, ecr.dkr, ecs, logs, s3, sqs from"],
    [
      "privateReach",
      { privateReach: ENOUGH, ...OF_ECR, api: { ...MINIMAL.api, authStringSecretArn: SECRET } },
      "secretsmanager",
    ],
    ["workers.0.image", { privateReach: ENOUGH, ...OF_ECR, workers: MINIMAL.workers }, "must be in ECR", "prefect-aws"],
    ["pools.dev.image", { privateReach: ENOUGH, ...OF_ECR, pools: {} }, "must be in ECR", "prefecthq"],
    [
      "api.url",
      { privateReach: [...ENOUGH, "secretsmanager"], ...OF_ECR, api: { url: CLOUD, keySecretArn: SECRET } },
      "must be of a server in the VPC",
    ],
    ["pools.prod", { pools: { prod: {} } }, "must be the pool of a worker (dev)", "got prod"],
    ["pools.a b", { pools: { "a b": {} } }, "hyphens and underscores"],
    ["pools.dev.memory", pool({ cpu: 512, memory: 8192 }), "one of 1024, 2048, 3072, 4096", "got 8192"],
    ["pools.dev.image", pool({ image: "prefect" }), "tag or a digest"],
    ["pools.dev.environment.PREFECT_API_URL", pool({ environment: { PREFECT_API_URL: "x" } }), "must be left out"],
    ["pools.dev.readBucketArns.0", pool({ readBucketArns: ["raw"] }), "ARN of a bucket", '"raw"'],
    [
      "pools.dev.writeBucketArns",
      pool({ writeBucketArns: ["arn:aws:s3:::own", "arn:aws:s3:::own"] }),
      "each bucket once",
    ],
    ["pools.dev.permissions.0.Resource", pool({ permissions: [{ Action: "s3:*" }] }), "is required"],
    ["pools.dev.dask", pool({ dask: "yes" }), "boolean"],
    ["events.deadLetterRetentionDays", { events: { retentionDays: 10, deadLetterRetentionDays: 9 } }, "(10)", "got 9"],
    ["secretsKmsKeyArns.0", { secretsKmsKeyArns: ["alias/a"] }, "ARN of a KMS key"],
    ["sweeper", { sweeper: "never" }, "false or an object"],
    ["executeCommand", { executeCommand: "yes" }, "boolean"],
    ["assignPublicIp", { assignPublicIp: true }, "unknown key"],
  ],
  (stack, props) => new PrefectWorkers(stack, "prefect", { ...MINIMAL, ...(props as object) }),
);
