import fc from "fast-check";
import { AmazonMqBroker, type AmazonMqBrokerProps } from "../../../../modules/aws/rabbitmq/amazon-mq-broker";
import { fuzz, type Wrong } from "../../../support/fuzz";
import { TOPIC } from "./rabbitmq.fixture";

const noun = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);
const id = (prefix: string) => fc.stringMatching(/^[0-9a-f]{8,17}$/).map((hex) => `${prefix}-${hex}`);
const M5 = ["large", "xlarge", "2xlarge", "4xlarge"].map((size) => `mq.m5.${size}`);
const M7G = ["medium", "large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"].map(
  (size) => `mq.m7g.${size}`,
);
type Engine = Pick<AmazonMqBrokerProps, "engineVersion" | "hostInstanceType">;
const engine = fc.oneof(
  fc.record({ engineVersion: fc.constant("3.13"), hostInstanceType: fc.constantFrom(...M5, ...M7G) }),
  fc.record({ engineVersion: fc.constant("4.2"), hostInstanceType: fc.constantFrom(...M7G) }),
  fc.constant({}),
) as fc.Arbitrary<Engine>;
type Place = Pick<AmazonMqBrokerProps, "deploymentMode" | "subnetIds">;
const place = fc.oneof(
  fc.record({
    deploymentMode: fc.constant("CLUSTER_MULTI_AZ"),
    subnetIds: fc.uniqueArray(id("subnet"), { minLength: 2, maxLength: 4 }),
  }),
  fc.record({ subnetIds: fc.uniqueArray(id("subnet"), { minLength: 1, maxLength: 1 }) }),
) as fc.Arbitrary<Place>;

const valid: fc.Arbitrary<AmazonMqBrokerProps> = fc
  .tuple(
    fc.record(
      {
        name: fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,49}$/),
        vpcId: id("vpc"),
        allowedFrom: fc.dictionary(noun, fc.record({ securityGroupId: id("sg") }), { maxKeys: 4 }),
        username: fc.stringMatching(/^[A-Za-z0-9._-]{2,100}$/).filter((name) => name.toLowerCase() !== "guest"),
        passwordVersion: fc.integer({ min: 1, max: 1_000_000 }),
        generalLogs: fc.boolean(),
        maintenanceWindow: fc.record({
          day: fc.constantFrom("MONDAY", "WEDNESDAY", "SUNDAY"),
          time: fc.stringMatching(/^([01]\d|2[0-3]):[0-5]\d$/),
        }),
        kmsKeyArn: fc.uuid().map((key) => `arn:aws:kms:us-east-1:111122223333:key/${key}`),
        alarm: fc.record(
          {
            topicArns: fc.constant<string[]>([TOPIC]),
            queue: fc.stringMatching(/^[\w.:/-]{1,30}$/),
            waiting: fc.integer({ min: 0, max: 10_000_000 }),
            minutes: fc.integer({ min: 1, max: 60 }),
          },
          { requiredKeys: ["topicArns", "queue", "waiting"] },
        ),
      },
      { requiredKeys: ["name", "vpcId"] },
    ),
    engine,
    place,
  )
  .map(([rest, engine, place]) => ({ ...rest, ...engine, ...place }));

const bad = (key: string, ...values: unknown[]) =>
  fc.constantFrom(...values).map((value) => ({ key, set: { [key]: value } as object }));
const breaks = fc.oneof(
  bad("name", undefined, "", "-a", "a b", "a_b", "x".repeat(51), 5, null),
  bad("vpcId", undefined, "", 1, null),
  bad("subnetIds", undefined, [], ["a", "a"], "subnet-a", {}),
  fc.constantFrom(["CLUSTER_MULTI_AZ", ["a"]], ["SINGLE_INSTANCE", ["a", "b"]]).map(([deploymentMode, subnetIds]) => ({
    key: "subnetIds",
    set: { deploymentMode, subnetIds },
  })),
  bad("allowedFrom", "sg-1", 5, null),
  bad("engineVersion", "", "4", "4.3", "3.12", 4.2, null),
  bad("hostInstanceType", "", "mq.t3.micro", "m7g.large", "mq.m7g", 5, null),
  fc.constantFrom(...M5).map((hostInstanceType) => ({
    key: "hostInstanceType",
    set: { engineVersion: "4.2", hostInstanceType },
  })),
  bad("deploymentMode", "", "cluster", "ACTIVE_STANDBY_MULTI_AZ", 3, null),
  bad("username", "", "a", "guest", "GUEST", "a b", "ä".repeat(3), "x".repeat(101), 5, null),
  bad("passwordVersion", 0, -1, 1.5, 1_000_001, "1", Number.NaN, null),
  bad("generalLogs", "yes", 1, null),
  bad("maintenanceWindow", "SUNDAY", 5, null),
  fc.constantFrom("", "2:00", "24:00", "12:60", "12:00:00").map((time) => ({
    key: "maintenanceWindow.time",
    set: { maintenanceWindow: { day: "SUNDAY", time } },
  })),
  bad("kmsKeyArn", "", "alias/a", 5, null),
  bad("alarm", "on", 5, null),
  bad("publiclyAccessible", false, true),
);
const invalid: fc.Arbitrary<Wrong<AmazonMqBrokerProps>> = fc
  .tuple(valid, breaks)
  .map(([props, { key, set }]) => ({ key, props: { ...props, ...set } as AmazonMqBrokerProps }));

fuzz("test/broker", { valid, invalid }, (stack, props) => new AmazonMqBroker(stack, "broker", props));
