import fc from "fast-check";
import { FARGATE_SIZES } from "../../../../modules/aws/ecs/fargate-size";
import { RabbitMqService, type RabbitMqServiceProps } from "../../../../modules/aws/rabbitmq/rabbit-mq-service";
import { fuzz, type Wrong } from "../../../support/fuzz";
import { CACHE, ECS, NAMESPACE, TOPIC } from "./rabbitmq.fixture";

const noun = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);
const id = (prefix: string) => fc.stringMatching(/^[0-9a-f]{8,17}$/).map((hex) => `${prefix}-${hex}`);
type Size = Pick<RabbitMqServiceProps, "cpu" | "memory">;
const size = fc.oneof(
  fc.constant({}),
  fc
    .constantFrom(...Object.entries(FARGATE_SIZES))
    .chain(([cpu, offered]) => fc.record({ cpu: fc.constant(Number(cpu)), memory: fc.constantFrom(...offered) })),
) as fc.Arbitrary<Size>;

const valid: fc.Arbitrary<RabbitMqServiceProps> = fc
  .tuple(
    fc.record(
      {
        name: fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,79}$/),
        cluster: fc.constant(ECS),
        vpcId: id("vpc"),
        subnetIds: fc.uniqueArray(id("subnet"), { minLength: 1, maxLength: 4 }),
        namespace: fc.constant(NAMESPACE),
        hostName: fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/),
        allowedFrom: fc.dictionary(noun, fc.record({ securityGroupId: id("sg") }), { maxKeys: 4 }),
        architecture: fc.constantFrom("X86_64", "ARM64"),
        imageCache: fc.constant(CACHE),
        image: fc.constantFrom("rabbitmq:4.2.8-alpine", `quay.io/a/rabbitmq@sha256:${"0a".repeat(32)}`),
        username: fc.stringMatching(/^[A-Za-z0-9._-]{2,100}$/).filter((name) => name.toLowerCase() !== "guest"),
        passwordVersion: fc.integer({ min: 1, max: 1_000_000 }),
        persistent: fc.boolean(),
        userId: fc.integer({ min: 1, max: 65_535 }),
        kmsKeyArn: fc.uuid().map((key) => `arn:aws:kms:us-east-1:111122223333:key/${key}`),
        executeCommand: fc.boolean(),
        alarms: fc.record(
          {
            topicArns: fc.constant<string[]>([TOPIC]),
            missingTasks: fc.constant(true),
            cpuPercent: fc.integer({ min: 1, max: 100 }),
          },
          { requiredKeys: ["topicArns", "missingTasks"] },
        ),
      },
      { requiredKeys: ["name", "cluster", "vpcId", "subnetIds", "namespace"] },
    ),
    size,
  )
  .map(([rest, size]) => ({ ...rest, ...size }));

const bad = (key: string, ...values: unknown[]) =>
  fc.constantFrom(...values).map((value) => ({ key, set: { [key]: value } as object }));
const breaks = fc.oneof(
  bad("name", undefined, "", "-a", "a b", "a_b", "x".repeat(81), 5, null),
  bad("cluster", undefined, {}, "dev-fossa", null),
  bad("vpcId", undefined, "", 1, null),
  bad(
    "subnetIds",
    undefined,
    [],
    ["a", "a"],
    "subnet-a",
    {},
    Array.from({ length: 17 }, (_, i) => `s-${i}`),
  ),
  bad("namespace", undefined, {}, "fossa.internal", null),
  bad("hostName", "", "-a", "a.b", "A", "x".repeat(64), 5, null),
  bad("allowedFrom", "sg-1", 5, null),
  bad("architecture", "arm64", "", 5, null),
  bad("imageCache", "cache", {}, null),
  bad("image", "", "rabbitmq", "rabbitmq:latest", "a b:1", 5, null),
  bad("cpu", 0, 128, 300, "256", null),
  fc.constantFrom([256, 4096], [512, 512], [1024, 1024], [16_384, 16_384], [256, 511]).map(([cpu, memory]) => ({
    key: "memory",
    set: { cpu, memory },
  })),
  bad("username", "", "a", "guest", "Guest", "a:b", "x".repeat(101), 5, null),
  bad("passwordVersion", 0, -1, 1.5, 1_000_001, "1", Number.NaN, null),
  bad("persistent", "yes", 1, null),
  bad("userId", 0, -1, 65_536, 1.5, "999", Number.NaN, null),
  bad("kmsKeyArn", "", "alias/a", 5, null),
  bad("executeCommand", "yes", 1, null),
  bad("alarms", "on", 5, null),
  fc.constant({
    key: "alarms.missingTasks",
    set: { cluster: { ...ECS, containerInsights: "disabled" }, alarms: { topicArns: [TOPIC], missingTasks: true } },
  }),
  bad("spot", {}, true),
  bad("desiredCount", 1, 2),
);
const invalid: fc.Arbitrary<Wrong<RabbitMqServiceProps>> = fc
  .tuple(valid, breaks)
  .map(([props, { key, set }]) => ({ key, props: { ...props, ...set } as RabbitMqServiceProps }));

fuzz("test/broker", { valid, invalid }, (stack, props) => new RabbitMqService(stack, "broker", props));
