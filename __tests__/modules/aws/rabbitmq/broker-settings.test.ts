import { expect, it } from "vitest";
import { z } from "zod";
import { brokerShape } from "../../../../modules/aws/rabbitmq/broker-settings";
import { parseProps } from "../../../../modules/common/settings/props";
import { rejects } from "../../../support/bad-input";
import { KEY } from "./rabbitmq.fixture";

const schema = z.strictObject(brokerShape);
const chosen = (broker?: z.input<typeof schema>["broker"]) => schema.parse({ broker }).broker;

it("is a service that keeps its files unless told otherwise", () => {
  expect(chosen()).toEqual({
    kind: "service",
    cpu: 256,
    memory: 2048,
    username: "fossa",
    passwordVersion: 1,
    persistent: true,
    userId: 999,
    executeCommand: false,
    allowReplacement: false,
  });
});
it("is Amazon MQ's smallest where asked", () => {
  expect(chosen({ kind: "amazonMq" })).toEqual({
    kind: "amazonMq",
    engineVersion: "4.2",
    hostInstanceType: "mq.m7g.medium",
    deploymentMode: "SINGLE_INSTANCE",
    username: "fossa",
    passwordVersion: 1,
    generalLogs: true,
    allowReplacement: false,
  });
});
it("takes everything that the one or the other knows", () => {
  const service = { kind: "service", cpu: 512, memory: 1024, persistent: false, userId: 100, kmsKeyArn: KEY } as const;
  expect(chosen(service)).toMatchObject(service);
  const amazonMq = { kind: "amazonMq", engineVersion: "3.13", hostInstanceType: "mq.m5.large" } as const;
  expect(chosen(amazonMq)).toMatchObject(amazonMq);
});

rejects<unknown>(
  "test",
  [
    ["broker.kind", {}, "must be one of service, amazonMq", "got nothing"],
    ["broker.kind", { kind: "kafka" }, "must be one of service, amazonMq", '"kafka"'],
    ["broker", "service", '"service"'],
    ["broker", null, "null"],
    ["broker.memory", { kind: "service", cpu: 256, memory: 4096 }, "512, 1024, 2048", "got 4096"],
    ["broker.username", { kind: "service", username: "guest" }, "a user of its own"],
    ["broker.image", { kind: "service", image: "rabbitmq:latest" }, "latest"],
    ["broker.image", { kind: "service", image: "rabbitmq" }, "tag or a digest"],
    ["broker.userId", { kind: "service", userId: 0 }, "at least 1"],
    ["broker.persistent", { kind: "service", persistent: "yes" }, '"yes"'],
    ["broker.engineVersion", { kind: "service", engineVersion: "4.2" }, "unknown key"],
    ["broker.spot", { kind: "service", spot: {} }, "unknown key"],
    ["broker.hostInstanceType", { kind: "amazonMq", hostInstanceType: "mq.m5.large" }, "must be an mq.m7g type"],
    ["broker.hostInstanceType", { kind: "amazonMq", hostInstanceType: "mq.t3.micro" }, '"mq.t3.micro"'],
    ["broker.username", { kind: "amazonMq", username: "guest" }, "a user of its own"],
    ["broker.persistent", { kind: "amazonMq", persistent: true }, "unknown key"],
    [
      "broker.maintenanceWindow.time",
      { kind: "amazonMq", maintenanceWindow: { day: "SUNDAY", time: "24:00" } },
      "23:59",
    ],
  ],
  (stack, broker) => parseProps(stack, schema, { broker } as z.input<typeof schema>),
);
