import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { EfsAccessPoint } from "@cdktf/provider-aws/lib/efs-access-point";
import { EfsBackupPolicy } from "@cdktf/provider-aws/lib/efs-backup-policy";
import { EfsFileSystem } from "@cdktf/provider-aws/lib/efs-file-system";
import { EfsMountTarget } from "@cdktf/provider-aws/lib/efs-mount-target";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import { ServiceDiscoveryService } from "@cdktf/provider-aws/lib/service-discovery-service";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { TerraformOutput, Token } from "cdktf";
import { describe, expect, it } from "vitest";
import {
  BROKER_IMAGE,
  RabbitMqService,
  type RabbitMqServiceProps,
} from "../../../../modules/aws/rabbitmq/rabbit-mq-service";
import { startScript } from "../../../../modules/aws/rabbitmq/start-command";
import { rejects } from "../../../support/bad-input";
import { type Json, refTo, synth } from "../../../support/synth";
import { CACHE, ECS, KEY, NAMESPACE, SERVICE_EVERYTHING, TOPIC } from "./rabbitmq.fixture";

const MINIMAL: RabbitMqServiceProps = {
  name: "dev-rabbitmq",
  cluster: ECS,
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b"],
  namespace: NAMESPACE,
  allowedFrom: { workers: { securityGroupId: "sg-workers" } },
};
type Settings = Partial<RabbitMqServiceProps>;
const build = (props: Settings = {}) =>
  synth((stack) => new RabbitMqService(stack, "broker", { ...MINIMAL, ...props }));
const container = (props: Settings = {}): Json => {
  const [found, ...others] = JSON.parse(build(props).one(EcsTaskDefinition).container_definitions);
  expect(others).toEqual([]);
  return found;
};
const document = (props: Settings = {}): Json =>
  JSON.parse(build(props).one(SecretsmanagerSecretVersion).secret_string_wo);
/** Statements of the policies written for a role, by the role's construct id. */
const statements = (role: "execution" | "task", props: Settings = {}): Json[] =>
  Object.entries(build(props).byId(IamRolePolicy))
    .filter(([id]) => id.startsWith(`broker_service_roles_${role}_`))
    .flatMap(([, { policy }]) => JSON.parse(policy).Statement);
const PASSWORD = "\\$\\{ephemeral\\.aws_secretsmanager_random_password\\.\\w+\\.random_password\\}";

describe("the task", () => {
  it("is one, on Fargate on demand, and never two at once", () => {
    expect(build().one(EcsService)).toMatchObject({
      name: "dev-rabbitmq",
      cluster: ECS.clusterArn,
      desired_count: 1,
      launch_type: "FARGATE",
      deployment_minimum_healthy_percent: 0,
      deployment_maximum_percent: 100,
      availability_zone_rebalancing: "DISABLED",
      network_configuration: { subnets: ["subnet-a", "subnet-b"], assign_public_ip: false },
    });
    expect(build().json).not.toContain("FARGATE_SPOT");
  });
  it("has a quarter of a CPU and 2 GiB, or what is asked for", () => {
    const task = (props?: Settings) => build(props).one(EcsTaskDefinition);
    expect(task()).toMatchObject({
      family: "dev-rabbitmq",
      cpu: "256",
      memory: "2048",
      requires_compatibilities: ["FARGATE"],
      network_mode: "awsvpc",
      runtime_platform: { cpu_architecture: "X86_64" },
    });
    expect(task({ cpu: 512, memory: 1024, architecture: "ARM64" })).toMatchObject({
      cpu: "512",
      memory: "1024",
      runtime_platform: { cpu_architecture: "ARM64" },
    });
  });
  it("runs one container, with a check, time to end and a log", () => {
    expect(container()).toMatchObject({
      name: "rabbitmq",
      essential: true,
      portMappings: [{ containerPort: 5672, protocol: "tcp" }],
      user: "999:999",
      stopTimeout: 120,
      ulimits: [{ name: "nofile", softLimit: 65535, hardLimit: 65535 }],
      healthCheck: {
        command: ["CMD", "rabbitmq-diagnostics", "-q", "ping"],
        interval: 60,
        timeout: 60,
        retries: 3,
        startPeriod: 300,
      },
      logConfiguration: {
        logDriver: "awslogs",
        options: { "awslogs-group": "/ecs/dev-fossa", "awslogs-stream-prefix": "rabbit_mq" },
      },
    });
  });
  it("keeps the name that its files bear", () => {
    expect(container().environment).toEqual([
      { name: "RABBITMQ_NODENAME", value: "rabbit@localhost" },
      { name: "RABBITMQ_USE_LONGNAME", value: "false" },
    ]);
  });
  it.each([512, 2048])("is started with its share of %i MiB", (memory) => {
    expect(container({ memory }).command).toEqual(["sh", "-c", startScript({ memory })]);
  });
  it.each([1, 65_535])("runs as user %i where asked", (userId) => {
    expect(container({ userId }).user).toBe(`${userId}:${userId}`);
  });
  it("can be entered where asked", () => {
    expect(build().one(EcsService)).not.toHaveProperty("enable_execute_command");
    expect(build({ executeCommand: true }).one(EcsService).enable_execute_command).toBe(true);
  });
});

describe("the image", () => {
  it("is an exact version of the official one, straight from the public registry or through a cache", () => {
    expect(BROKER_IMAGE).toMatch(/^docker\/library\/rabbitmq:4\.\d+\.\d+$/);
    expect(container().image).toBe(`public.ecr.aws/${BROKER_IMAGE}`);
    expect(container({ imageCache: CACHE }).image).toBe(
      `123456789012.dkr.ecr.us-east-1.amazonaws.com/cache/${BROKER_IMAGE}`,
    );
  });
  it("is another where asked, cache or not", () => {
    const image = "registry.example.com/rabbitmq:4.2.8";
    expect(container({ image }).image).toBe(image);
    expect(container({ image, imageCache: CACHE }).image).toBe(image);
  });
  it("brings the permission to fill the cache when it comes through it", () => {
    const fills = (props: Settings) =>
      statements("execution", props).filter(({ Action }) => Action === "ecr:BatchImportUpstreamImage");
    expect(fills({ imageCache: CACHE })).toHaveLength(1);
    expect(fills({})).toEqual([]);
    expect(fills({ imageCache: CACHE, image: "a/b:1" })).toEqual([]);
  });
});

describe("the secret", () => {
  it("holds user, password and URL, of which only the password is made up", () => {
    expect(document()).toEqual({
      username: "fossa",
      password: expect.stringMatching(new RegExp(`^${PASSWORD}$`)),
      url: expect.stringMatching(new RegExp(`^amqp://fossa:${PASSWORD}@rabbitmq\\.fossa\\.internal:5672$`)),
    });
  });
  it("names the user and the host that were asked for", () => {
    const { username, url } = document({ username: "jobs", hostName: "broker" });
    expect(username).toBe("jobs");
    expect(url).toMatch(new RegExp(`^amqp://jobs:${PASSWORD}@broker\\.fossa\\.internal:5672$`));
  });
  it("has the host by which the service is found", () => {
    expect(build({ hostName: "broker" }).one(ServiceDiscoveryService)).toMatchObject({
      name: "broker",
      dns_config: { namespace_id: "ns-1", dns_records: [{ type: "A", ttl: 10 }] },
    });
    expect(build().one(EcsService).service_registries).toEqual({
      registry_arn: refTo(ServiceDiscoveryService, "arn"),
    });
  });
  it("is given to the container key by key, in the very value that was written", () => {
    const version = `aws_secretsmanager_secret_version.${Object.keys(build().byId(SecretsmanagerSecretVersion))[0]}`;
    const valueFrom = (key: string) => `\${${version}.arn}:${key}::\${${version}.version_id}`;
    expect(container().secrets).toEqual([
      { name: "RABBITMQ_DEFAULT_PASS", valueFrom: valueFrom("password") },
      { name: "RABBITMQ_DEFAULT_USER", valueFrom: valueFrom("username") },
    ]);
  });
  it("is the only one that ECS reads for it, beside what AWS's own policy allows", () => {
    expect(statements("execution")).toEqual([
      {
        Effect: "Allow",
        Action: "secretsmanager:GetSecretValue",
        Resource: [refTo(SecretsmanagerSecretVersion, "arn")],
      },
    ]);
    expect(build().all(IamRolePolicyAttachment)).toEqual([
      expect.objectContaining({
        policy_arn: "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
      }),
    ]);
  });
  it("is made anew, and encrypted, as asked", () => {
    const { one } = build({ passwordVersion: 9, kmsKeyArn: KEY });
    expect(one(SecretsmanagerSecretVersion).secret_string_wo_version).toBe(9);
    expect(one(SecretsmanagerSecret)).toMatchObject({ name_prefix: "dev-rabbitmq-credentials-", kms_key_id: KEY });
    expect(statements("execution", { kmsKeyArn: KEY })[1]).toMatchObject({ Action: "kms:Decrypt", Resource: [KEY] });
    expect(build().one(SecretsmanagerSecret)).not.toHaveProperty("kms_key_id");
  });
  it("and everything else speak of no user that everybody knows", () => {
    for (const props of [{}, SERVICE_EVERYTHING, { persistent: false }])
      expect(build(props).json).not.toMatch(/guest/i);
  });
});

describe("the files", () => {
  it("lie on an encrypted file system, mounted by TLS where RabbitMQ keeps them", () => {
    const { one, all } = build();
    expect(one(EfsFileSystem)).toMatchObject({ encrypted: true });
    expect(one(EcsTaskDefinition).volume).toEqual([
      {
        name: "data",
        efs_volume_configuration: {
          file_system_id: refTo(EfsFileSystem, "id"),
          transit_encryption: "ENABLED",
          authorization_config: { access_point_id: refTo(EfsAccessPoint, "id"), iam: "ENABLED" },
        },
      },
    ]);
    expect(container().mountPoints).toEqual([
      { sourceVolume: "data", containerPath: "/var/lib/rabbitmq", readOnly: false },
    ]);
    expect(all(EfsMountTarget).map(({ subnet_id }) => subnet_id)).toEqual(["subnet-a", "subnet-b"]);
    expect(all(EfsBackupPolicy)).toEqual([]);
  });
  it.each([999, 100])("belong to user %i, as which RabbitMQ runs", (userId) => {
    expect(build({ userId }).one(EfsAccessPoint)).toMatchObject({
      posix_user: { uid: userId, gid: userId },
      root_directory: { creation_info: { owner_uid: userId, owner_gid: userId } },
    });
  });
  it("have a key of one's own where asked", () => {
    expect(build().one(EfsFileSystem)).not.toHaveProperty("kms_key_id");
    expect(build({ kmsKeyArn: KEY }).one(EfsFileSystem).kms_key_id).toBe(KEY);
  });
  it("are all that the broker's role may use", () => {
    expect(statements("task")).toEqual([
      {
        Effect: "Allow",
        Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
        Resource: refTo(EfsFileSystem, "arn"),
        Condition: {
          Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" },
          ArnEquals: { "elasticfilesystem:AccessPointArn": refTo(EfsAccessPoint, "arn") },
        },
      },
    ]);
    expect(build().all(IamRole)).toHaveLength(2);
    expect(statements("task", { persistent: false })).toEqual([]);
  });
  it("can be left to the task, and leave no trace then", () => {
    const { parsed, one } = build({ persistent: false });
    expect(Object.keys(parsed.resource).filter((type) => type.startsWith("aws_efs"))).toEqual([]);
    expect(one(EcsTaskDefinition)).not.toHaveProperty("volume");
    expect(container({ persistent: false })).not.toHaveProperty("mountPoints");
  });
  it("are there before the task", () => {
    const { one, byId } = build();
    for (const id of Object.keys(byId(EfsMountTarget))) {
      expect(one(EcsService).depends_on).toContain(`aws_efs_mount_target.${id}`);
    }
  });
});

it("is reached on one port from the groups that are named, and reaches its files", () => {
  const allowedFrom = { workers: { securityGroupId: "sg-workers" }, page: { securityGroupId: "sg-page" } };
  const { all, one, byId } = build({ allowedFrom });
  const groups = Object.keys(byId({ tfResourceType: "aws_security_group" } as never));
  const group = (name: string) => `\${aws_security_group.${groups.find((id) => id.includes(name))}.id}`;
  expect(one(EcsService).network_configuration.security_groups).toEqual([group("access")]);
  const amqp = { security_group_id: group("access"), ip_protocol: "tcp", from_port: 5672, to_port: 5672 };
  const nfs = { security_group_id: group("files"), ip_protocol: "tcp", from_port: 2049, to_port: 2049 };
  const rules = all(VpcSecurityGroupIngressRule).map(({ description: _, ...rule }) => rule);
  expect(rules).toHaveLength(3);
  expect(rules).toEqual(
    expect.arrayContaining([
      { ...amqp, referenced_security_group_id: "sg-page" },
      { ...amqp, referenced_security_group_id: "sg-workers" },
      { ...nfs, referenced_security_group_id: group("access") },
    ]),
  );
});
it("is watched where asked", () => {
  expect(build().all(CloudwatchMetricAlarm)).toEqual([]);
  const alarms = { topicArns: [TOPIC], missingTasks: true, cpuPercent: 90, memoryPercent: 80 };
  const found = build({ alarms }).all(CloudwatchMetricAlarm);
  expect(found.map(({ alarm_name }) => alarm_name).sort()).toEqual([
    "dev-rabbitmq-cpu",
    "dev-rabbitmq-memory",
    "dev-rabbitmq-missing-tasks",
  ]);
  for (const { alarm_actions } of found) expect(alarm_actions).toEqual([TOPIC]);
});
it.each([true, false])("tells what clients and people need (persistent: %s)", (persistent) => {
  const { outputs, byId } = synth((stack) => {
    const broker = new RabbitMqService(stack, "broker", {
      ...MINIMAL,
      persistent,
      alarms: { topicArns: [TOPIC], cpuPercent: 90 },
    });
    expect(broker.port).toBe(5672);
    expect(broker.host).toBe("rabbitmq.fossa.internal");
    expect(broker.alarms?.alarmNames).toHaveLength(1);
    expect(broker.fileSystemId !== undefined).toBe(persistent);
    const { urlSecretArn, urlValueFrom, securityGroupId, serviceName, taskRoleArn, executionRoleArn } = broker;
    const fileSystemId = broker.fileSystemId ?? "none";
    const told = {
      urlSecretArn,
      urlValueFrom,
      securityGroupId,
      serviceName,
      taskRoleArn,
      executionRoleArn,
      fileSystemId,
    };
    for (const [name, value] of Object.entries(told)) new TerraformOutput(stack, name, { value, staticId: true });
  });
  const version = `aws_secretsmanager_secret_version.${Object.keys(byId(SecretsmanagerSecretVersion))[0]}`;
  expect(Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]))).toEqual({
    urlSecretArn: `\${${version}.arn}`,
    urlValueFrom: `\${${version}.arn}:url::\${${version}.version_id}`,
    securityGroupId: expect.stringMatching(/^\$\{aws_security_group\.broker_access_/),
    serviceName: refTo(EcsService, "name"),
    taskRoleArn: expect.stringMatching(/^\$\{aws_iam_role\.broker_service_roles_task_/),
    executionRoleArn: expect.stringMatching(/^\$\{aws_iam_role\.broker_service_roles_execution_/),
    fileSystemId: persistent ? refTo(EfsFileSystem, "id") : "none",
  });
});
it("takes what other resources supply", () => {
  const token = (value: string) => Token.asString({ resolve: () => value });
  const props = {
    vpcId: token("vpc-2"),
    subnetIds: [token("subnet-x")],
    kmsKeyArn: token(KEY),
    image: token("registry.example.com/rabbitmq:4.2.8"),
  };
  expect(container(props).image).toBe("registry.example.com/rabbitmq:4.2.8");
  expect(build(props).one(EfsMountTarget).subnet_id).toBe("subnet-x");
});
it("gives the same JSON whatever the order of its callers", () => {
  const [a, b] = [{ securityGroupId: "sg-a" }, { securityGroupId: "sg-b" }];
  expect(build({ allowedFrom: { a, b } }).json).toBe(build({ allowedFrom: { b, a } }).json);
});

rejects<unknown>(
  "test/broker",
  [
    ["name", { name: undefined }, "is required"],
    ["name", { name: "x".repeat(81) }, "at most 80"],
    ["name", { name: "1a" }, "a letter first"],
    ["name", { name: "a_b" }, "letters, digits and hyphens"],
    ["cluster", { cluster: { clusterName: "a" } }, "an EcsCluster"],
    ["vpcId", { vpcId: "" }, "at least 1"],
    ["subnetIds", { subnetIds: [] }, "at least 1"],
    ["subnetIds", { subnetIds: Array.from({ length: 17 }, (_, i) => `subnet-${i}`) }, "at most 16", "got 17"],
    ["subnetIds", { subnetIds: ["a", "a"] }, "must not name a subnet twice"],
    ["subnetIds", { subnetIds: Token.asList({ resolve: () => ["a"] }) }, "got a token"],
    ["namespace", { namespace: "fossa.internal" }, "a PrivateNamespace", '"fossa.internal"'],
    ["hostName", { hostName: "Rabbit" }, "lower-case"],
    ["hostName", { hostName: "x".repeat(64) }, "at most 63"],
    ["allowedFrom.Workers", { allowedFrom: { Workers: { securityGroupId: "sg-1" } } }, "lower-case"],
    ["architecture", { architecture: "arm64" }, "X86_64, ARM64"],
    ["imageCache", { imageCache: { prefix: "a" } }, "a PullThroughCache"],
    ["image", { image: "rabbitmq:latest" }, "latest"],
    ["image", { image: "rabbitmq" }, "tag or a digest"],
    ["cpu", { cpu: 128 }, "256, 512", "got 128"],
    ["memory", { memory: 4096 }, "must be one of 512, 1024, 2048 MiB", "got 4096"],
    ["memory", { cpu: 512, memory: 512 }, "1024", "got 512"],
    ["username", { username: "guest" }, "a user of its own"],
    ["username", { username: "a" }, "at least 2"],
    ["username", { username: "a@b" }, "letters, digits and ._-"],
    ["passwordVersion", { passwordVersion: 0 }, "at least 1"],
    ["passwordVersion", { passwordVersion: 1_000_001 }, "at most 1000000"],
    ["persistent", { persistent: "yes" }, '"yes"'],
    ["userId", { userId: 0 }, "at least 1"],
    ["userId", { userId: 65_536 }, "at most 65535"],
    ["kmsKeyArn", { kmsKeyArn: "alias/mine" }, "ARN of a KMS key"],
    ["alarms.cpuPercent", { alarms: { topicArns: [TOPIC], cpuPercent: 101 } }, "at most 100"],
    [
      "alarms.missingTasks",
      { cluster: { ...ECS, containerInsights: "disabled" }, alarms: { topicArns: [TOPIC], missingTasks: true } },
      "containerInsights is disabled",
    ],
    ["spot", { spot: { base: 1 } }, "unknown key"],
    ["password", { password: "secret" }, "unknown key"],
  ],
  (stack, wrong) => new RabbitMqService(stack, "broker", { ...MINIMAL, ...(wrong as object) }),
);
