import fc from "fast-check";
import { FargateService, type FargateServiceProps } from "../../../../modules/aws/ecs/fargate-service";
import { FARGATE_SIZES } from "../../../../modules/aws/ecs/fargate-size";
import { fuzz, type Wrong } from "../../../support/fuzz";
import { CLUSTER, IMAGE, SECRET, TARGET_GROUP, TOPIC } from "./fargate-service.fixture";

type Container = FargateServiceProps["container"];

const noun = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);
const id = (prefix: string) => fc.stringMatching(/^[0-9a-f]{8,17}$/).map((hex) => `${prefix}-${hex}`);
const kmsKeyArn = fc.uuid().map((key) => `arn:aws:kms:us-east-1:111122223333:key/${key}`);
const group = fc.record({ securityGroupId: id("sg") });
const statement = fc.record(
  {
    Effect: fc.constantFrom("Allow" as const, "Deny" as const),
    Action: fc.constantFrom<(string | string[])[]>("s3:GetObject", ["s3:GetObject", "s3:PutObject"]),
    Resource: noun.map((bucket) => `arn:aws:s3:::${bucket}/*`),
  },
  { requiredKeys: ["Action", "Resource"] },
);
const size = fc
  .constantFrom(...Object.entries(FARGATE_SIZES))
  .chain(([cpu, offered]) => fc.record({ cpu: fc.constant(Number(cpu) as 256), memory: fc.constantFrom(...offered) }));

/** Variables with any text, and secrets, of which no two have the same name. */
const variables = fc.uniqueArray(fc.stringMatching(/^[a-z_][a-z0-9_.-]{0,8}$/), { maxLength: 6 }).chain((names) =>
  fc.record({
    environment: fc
      .array(fc.string({ unit: "grapheme", maxLength: 20 }), { minLength: 6, maxLength: 6 })
      .map((values) => Object.fromEntries(names.slice(0, 3).map((name, i) => [`E${name}`, `x${values[i]}`]))),
    secrets: fc
      .constantFrom(SECRET, `${SECRET}:url::`, `${SECRET}:url:AWSCURRENT:`)
      .map((valueFrom) => Object.fromEntries(names.slice(3).map((name) => [`S${name}`, valueFrom]))),
  }),
);
const container: fc.Arbitrary<Container> = fc
  .record(
    {
      name: fc.stringMatching(/^[A-Za-z0-9_-]{1,30}$/),
      image: fc.constant(IMAGE),
      command: fc.array(fc.string({ maxLength: 10 }), { minLength: 1, maxLength: 3 }),
      variables,
      healthCheck: fc.record(
        {
          command: fc.constantFrom<string[]>(["CMD", "true"], ["CMD-SHELL", "a || b"], ["CMD", "a", "b"]),
          interval: fc.integer({ min: 5, max: 300 }),
          timeout: fc.integer({ min: 2, max: 60 }),
          retries: fc.integer({ min: 1, max: 10 }),
          startPeriod: fc.integer({ min: 0, max: 300 }),
        },
        { requiredKeys: ["command"] },
      ),
      stopTimeout: fc.integer({ min: 1, max: 120 }),
      user: fc.constantFrom("1000", "999:999", "nobody"),
      initProcess: fc.boolean(),
      openFiles: fc.integer({ min: 1024, max: 1_048_576 }),
    },
    { requiredKeys: ["image"] },
  )
  .map(({ variables, ...rest }) => ({ ...rest, ...variables }));

const volume = fc.record(
  {
    files: fc.record(
      {
        fileSystemId: id("fs"),
        accessPointId: id("fsap"),
        fileSystemArn: noun.map((name) => `arn:aws:elasticfilesystem:us-east-1:111122223333:file-system/${name}`),
        accessPointArn: noun.map((name) => `arn:aws:elasticfilesystem:us-east-1:111122223333:access-point/${name}`),
      },
      { requiredKeys: ["fileSystemId", "accessPointId"] },
    ),
    readOnly: fc.boolean(),
  },
  { requiredKeys: [] },
);
const autoscaling = fc
  .record({
    min: fc.integer({ min: 2, max: 50 }),
    more: fc.integer({ min: 0, max: 50 }),
    aims: fc.record(
      {
        cpuPercent: fc.integer({ min: 1, max: 100 }),
        memoryPercent: fc.integer({ min: 1, max: 100 }),
        queue: fc.record({
          namespace: noun,
          metricName: noun,
          dimensions: fc.dictionary(noun, noun, { maxKeys: 3 }),
          perTask: fc.double({ min: 0.01, max: 1_000_000, noNaN: true }),
        }),
      },
      { requiredKeys: ["queue"] },
    ),
    scaleIn: fc.boolean(),
    scaleInCooldown: fc.integer({ min: 0, max: 86_400 }),
  })
  .map(({ min, more, aims, ...rest }) => ({ ...rest, ...aims, min, max: min + more }));

/** Who reaches the port, and by what: rules of the service's own, or a group that was made before. */
const reached = fc.oneof(
  fc.record({ vpcId: id("vpc") }),
  fc.record({ securityGroup: group }),
  fc.record({
    vpcId: id("vpc"),
    allowedFrom: fc.dictionary(noun, group, { maxKeys: 4 }),
    port: fc.integer({ min: 1, max: 65_535 }),
  }),
);
const deployed = fc.oneof(
  fc.record({ minimumHealthyPercent: fc.constant(0), maximumPercent: fc.constant(100) }),
  fc.record(
    {
      minimumHealthyPercent: fc.integer({ min: 0, max: 100 }),
      maximumPercent: fc.constant(200),
      zoneRebalancing: fc.boolean(),
    },
    { requiredKeys: [] },
  ),
);

const valid: fc.Arbitrary<FargateServiceProps> = fc
  .record(
    {
      name: fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,99}$/),
      cluster: fc.constantFrom(CLUSTER, { ...CLUSTER, sessionLogGroupArn: "arn:aws:logs:us-east-1:1:log-group:a" }),
      subnetIds: fc.uniqueArray(id("subnet"), { minLength: 1, maxLength: 16 }),
      size,
      container,
      logPrefix: fc.stringMatching(/^[\w.-][\w./-]{0,20}$/),
      desiredCount: fc.integer({ min: 0, max: 5000 }),
      reached,
      deployed,
      architecture: fc.constantFrom("X86_64", "ARM64"),
      volumes: fc
        .array(volume, { maxLength: 4 })
        .map((volumes) => volumes.map((of, i) => ({ ...of, name: `v${i}`, containerPath: `/v/${i}` }))),
      ephemeralStorageGib: fc.integer({ min: 21, max: 200 }),
      executeCommand: fc.boolean(),
      spot: fc.record(
        { base: fc.integer({ min: 1, max: 5000 }), onDemandWeight: fc.integer({ min: 0, max: 1000 }) },
        { requiredKeys: [] },
      ),
      autoscaling,
      discovery: fc.record({
        namespace: fc.constant({ namespaceId: "ns-1", namespaceName: "a.internal" }),
        name: fc.stringMatching(/^[a-z0-9]{1,63}$/),
      }),
      taskRoleStatements: fc.array(statement, { maxLength: 2 }),
      imagePullStatements: fc.array(statement, { maxLength: 2 }),
      secretsKmsKeyArns: fc.uniqueArray(kmsKeyArn, { maxLength: 20 }),
      alarms: fc.record(
        {
          topicArns: fc.constant<string[]>([TOPIC]),
          missingTasks: fc.boolean(),
          noTasks: fc.boolean(),
          cpuPercent: fc.integer({ min: 1, max: 100 }),
        },
        { requiredKeys: ["topicArns", "cpuPercent"] },
      ),
    },
    { requiredKeys: ["name", "cluster", "subnetIds", "size", "container", "logPrefix", "desiredCount", "reached"] },
  )
  .map(({ size, reached, deployed, container, desiredCount, autoscaling, ...rest }) => {
    const { port, ...network } = { port: undefined, ...reached };
    return {
      ...rest,
      ...size,
      ...network,
      ...deployed,
      container: { ...container, port },
      autoscaling,
      desiredCount: autoscaling ? autoscaling.max : desiredCount,
      ...(port && { targetGroupArn: TARGET_GROUP, healthCheckGracePeriodSeconds: port }),
    };
  });

type Break = (props: FargateServiceProps) => Wrong<FargateServiceProps>;
const bad = (key: string, ...values: unknown[]): fc.Arbitrary<Break> =>
  fc
    .constantFrom(...values)
    .map((value) => (props) => ({ key, props: { ...props, [key]: value } as FargateServiceProps }));
const badContainer = (key: string, ...values: unknown[]): fc.Arbitrary<Break> =>
  fc.constantFrom(...values).map((value) => (props) => ({
    key: `container.${key}`,
    props: { ...props, container: { ...props.container, [key]: value } } as FargateServiceProps,
  }));
const within = (key: string, inner: string, whole: object): fc.Arbitrary<Break> =>
  fc.constant((props) => ({ key: `${key}.${inner}`, props: { ...props, [key]: whole } as FargateServiceProps }));
const breaks = fc.oneof(
  bad("name", undefined, null, "", "1a", "a b", "é", "x".repeat(101), 5),
  bad("cluster", undefined, null, "dev", {}, 5, []),
  bad("vpcId", "", null, 5, {}),
  bad("subnetIds", undefined, null, [], ["a", "a"], "subnet-a", {}),
  bad("cpu", undefined, 0, 128, 300, "256", null, Number.NaN),
  bad("memory", undefined, 0, 511, 513, 122_881, "512", null, Number.NaN, 1.5),
  bad("container", undefined, null, "image", [], 5),
  bad("logPrefix", undefined, "", "/a", "a b", null, "x".repeat(129)),
  bad("desiredCount", undefined, -1, 1.5, 5001, "4", null, Number.NaN, Number.POSITIVE_INFINITY),
  bad("architecture", "arm64", "", null, 1),
  bad("volumes", {}, "data", null),
  bad("ephemeralStorageGib", 20, 201, 21.5, "30", null),
  bad("executeCommand", "yes", 1, null),
  bad("allowedFrom", [], "0.0.0.0/0", null),
  bad("securityGroup", "sg-1", {}, null),
  bad("spot", true, "yes", null, []),
  bad("autoscaling", true, null, 5),
  bad("alarms", true, null, []),
  bad("discovery", "rabbitmq", null, true),
  bad("targetGroupArn", "", "tg", "arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/a/b", null, 5),
  bad("healthCheckGracePeriodSeconds", -1, 86_401, 1.5, "60", null),
  bad("minimumHealthyPercent", -1, 101, 0.5, "100", null),
  bad("maximumPercent", 99, 201, 150.5, "200", null),
  bad("zoneRebalancing", "ENABLED", 1, null),
  bad("taskRoleStatements", {}, "s3:*", null),
  bad("imagePullStatements", {}, "ecr:*", null),
  bad("secretsKmsKeyArns", "", 5, null),
  bad("dependsOn", {}, "x", null),
  bad("assignPublicIp", true, false),
  badContainer("image", undefined, null, "", "rabbitmq", "a:latest", "A:1", "a b:1", 5),
  badContainer("name", "", "a b", "é", "x".repeat(256), null),
  badContainer("command", [], "run", null, {}),
  badContainer("port", 0, 65_536, 80.5, "80", null),
  badContainer("environment", [], "A=1", null),
  badContainer("secrets", [], SECRET, null),
  badContainer("healthCheck", true, "true", null),
  badContainer("stopTimeout", 0, 121, 1.5, "30", null),
  badContainer("user", "", "a b", ":1", "1:", null),
  badContainer("readonlyRootFilesystem", "yes", 1, null),
  badContainer("initProcess", "yes", 1, null),
  badContainer("openFiles", 1023, 1_048_577, 2000.5, "65535", null),
  badContainer("privileged", true),
  within("spot", "base", { base: 0 }),
  within("spot", "spotWeight", { spotWeight: 0 }),
  within("autoscaling", "max", { min: 2, max: 1, cpuPercent: 50 }),
  within("autoscaling", "min", { min: 0, max: 1, cpuPercent: 50 }),
  within("alarms", "topicArns", { topicArns: [], cpuPercent: 50 }),
  within("alarms", "cpuPercent", { topicArns: [TOPIC], cpuPercent: 0 }),
  within("volumes", "0.containerPath", [{ name: "a", containerPath: "/" }]),
  within("taskRoleStatements", "0.Action", [{ Resource: "*" }]),
);
const invalid: fc.Arbitrary<Wrong<FargateServiceProps>> = fc.tuple(valid, breaks).map(([props, how]) => how(props));

fuzz("test/service", { valid, invalid }, (stack, props) => new FargateService(stack, "service", props));
