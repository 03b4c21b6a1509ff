import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { describe, expect, it } from "vitest";
import { publishedOutputs, synthApp } from "../../support/synth";
import { trainingConfigurations } from "./configurations.fixture";
import { build } from "./training.fixture";

const app = build();
const stack = (layer: string) => app.stack(`dev-training-${layer}`);

describe("the jobs", () => {
  it("have a queue for each priority, one of dead letters, and a table", () => {
    const names = stack("jobs")
      .all(SqsQueue)
      .map(({ name }) => name)
      .filter((name) => name.endsWith(".fifo"));
    expect(names.sort()).toEqual(
      ["critical", "dead", "high", "low", "medium"].map((key) => `dev-training-jobs-${key}.fifo`),
    );
    expect(stack("jobs").one(DynamodbTable)).toMatchObject({ name: "dev-training", deletion_protection_enabled: true });
  });
  it("use a table that exists instead", () => {
    const made = synthApp(trainingConfigurations.tenant).stack("tenant-training-jobs");
    expect(made.all(DynamodbTable)).toEqual([]);
    expect(made.outputs.instance_registry_table_name.value).toBe("records");
  });
  it("have alarms that somebody hears, and e-mails only of who is given", () => {
    const actions = stack("jobs")
      .all(CloudwatchMetricAlarm)
      .map(({ alarm_actions }) => alarm_actions);
    expect(actions.length).toBeGreaterThan(3);
    for (const action of actions) expect(action).toHaveLength(1);
    expect(stack("jobs").all(SnsTopicSubscription)).toEqual([]);
    const told = build({ alertEmails: ["a@example.com"], interruption: { alertEmails: ["b@example.com"] } });
    expect(told.stack("dev-training-storage").one(SnsTopicSubscription).endpoint).toBe("a@example.com");
    expect(told.stack("dev-training-jobs").one(SnsTopicSubscription).endpoint).toBe("b@example.com");
  });
});
it("has the user's workflows, which tell people of what failed", () => {
  const made = synthApp(trainingConfigurations.builder).stack("builder-training-jobs");
  expect(made.all(SfnStateMachine).map(({ name }) => name)).toEqual([
    "builder-training-label",
    "builder-training-prepare",
  ]);
  const [label, prepare] = made.all(SfnStateMachine).map(({ definition }) => definition as string);
  expect(label).toContain('"DISTRIBUTED"');
  expect(prepare).not.toContain('"DISTRIBUTED"');
  for (const definition of [label, prepare]) expect(definition).toContain("sns:publish");
});
it("publishes what people and programs need", () => {
  expect(publishedOutputs(stack("jobs"))).toEqual([
    "instance_registry_stream_arn",
    "instance_registry_table_arn",
    "instance_registry_table_name",
    "interruption_function_name",
    "interruption_rule_arns",
    "job_dead_letter_queue_arn",
    "job_dead_letter_queue_url",
    "job_queue_arns",
    "job_queue_urls",
    "spot_topic_arn",
    "workflow_arns",
  ]);
});
