import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { TerraformOutput } from "cdktf";
import { expect, it } from "vitest";
import { z } from "zod";
import { QueueAlarm, queueAlarmShape } from "../../../../modules/aws/rabbitmq/queue-alarm";
import { parseProps } from "../../../../modules/common/settings/props";
import { rejects } from "../../../support/bad-input";
import { refTo, synth } from "../../../support/synth";
import { TOPIC } from "./rabbitmq.fixture";

const schema = z.strictObject(queueAlarmShape);
type Alarm = NonNullable<z.input<typeof schema>["alarm"]>;
const ALARM: Alarm = { topicArns: [TOPIC], queue: "fossa_task_queue", waiting: 1000 };
const metric = {
  namespace: "AWS/AmazonMQ",
  metricName: "MessageReadyCount",
  dimensions: { Queue: "fossa_task_queue" },
};
const build = (some: Partial<Alarm> = {}) =>
  synth((stack) => {
    const settings = parseProps(stack, schema, { alarm: { ...ALARM, ...some } }).alarm;
    if (!settings) throw new Error("no alarm");
    const { alarmArn, alarmName } = new QueueAlarm(stack, "alarm", { name: "dev-fossa", metric, settings });
    new TerraformOutput(stack, "arn", { value: alarmArn, staticId: true });
    new TerraformOutput(stack, "name", { value: alarmName, staticId: true });
  });

it("goes off when for a quarter of an hour more waits than should", () => {
  const { one, outputs } = build();
  expect(one(CloudwatchMetricAlarm)).toEqual({
    alarm_name: "dev-fossa-waiting",
    alarm_description: expect.stringContaining("More than 1000 messages wait in fossa_task_queue"),
    namespace: "AWS/AmazonMQ",
    metric_name: "MessageReadyCount",
    dimensions: { Queue: "fossa_task_queue" },
    statistic: "Average",
    period: 60,
    evaluation_periods: 15,
    comparison_operator: "GreaterThanThreshold",
    threshold: 1000,
    treat_missing_data: "notBreaching",
    alarm_actions: [TOPIC],
    ok_actions: [TOPIC],
  });
  expect(outputs.arn.value).toEqual(refTo(CloudwatchMetricAlarm, "arn"));
  expect(outputs.name.value).toEqual(refTo(CloudwatchMetricAlarm, "alarm_name"));
});
it.each([
  [{ waiting: 0 }, { threshold: 0 }],
  [{ waiting: 10_000_000 }, { threshold: 10_000_000 }],
  [{ minutes: 1 }, { evaluation_periods: 1 }],
  [{ minutes: 60 }, { evaluation_periods: 60 }],
  [{ queue: "x".repeat(255) }, {}],
  [{ topicArns: ["a", "b", "c", "d", "e"].map((name) => `${TOPIC}-${name}`) }, {}],
])("takes %j", (some, expected) => {
  expect(build(some).one(CloudwatchMetricAlarm)).toMatchObject(expected);
});

rejects<object>(
  "test",
  [
    ["alarm.waiting", { waiting: -1 }, "at least 0", "got -1"],
    ["alarm.waiting", { waiting: 10_000_001 }, "at most 10000000"],
    ["alarm.waiting", { waiting: 1.5 }, "whole number"],
    ["alarm.waiting", { waiting: undefined }, "is required"],
    ["alarm.minutes", { minutes: 0 }, "at least 1"],
    ["alarm.minutes", { minutes: 61 }, "at most 60"],
    ["alarm.queue", { queue: "" }, "letters, digits"],
    ["alarm.queue", { queue: "x".repeat(256) }, "at most 255"],
    ["alarm.queue", { queue: "$" + "{a}" }, "letters, digits"],
    ["alarm.queue", { queue: 5 }, "got 5"],
    ["alarm.topicArns", { topicArns: [] }, "at least 1"],
    ["alarm.topicArns", { topicArns: Array.from("abcdef", (name) => `${TOPIC}-${name}`) }, "at most 5"],
    ["alarm.topicArns", { topicArns: [TOPIC, TOPIC] }, "each topic once"],
    ["alarm.topicArns[0]", { topicArns: ["alerts"] }, "ARN of an SNS topic"],
    ["alarm.threshold", { threshold: 5 }, "unknown key"],
  ],
  (stack, wrong) => parseProps(stack, schema, { alarm: { ...ALARM, ...wrong } }),
);
