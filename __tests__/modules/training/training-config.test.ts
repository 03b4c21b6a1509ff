import { expect, it } from "vitest";
import { JobQueues } from "../../../modules/training/job-queues";
import { type TrainingConfigParts, trainingConfig } from "../../../modules/training/training-config";
import { synth } from "../../support/synth";

const config = (some: Partial<TrainingConfigParts> = {}) => {
  let text = "";
  let urls: string[] = [];
  synth((stack) => {
    const queues = new JobQueues(stack, "queues", { name: "dev-training", visibilitySeconds: 600, maxReceives: 7 });
    urls = [...queues.queues, queues.deadLetterQueue].map(({ url }) => url);
    text = trainingConfig({
      environment: "dev",
      region: "us-east-1",
      tableName: "items",
      queues,
      ttlHours: 3,
      leaseSeconds: 60,
      ...some,
    });
  });
  return { found: JSON.parse(text), urls };
};

it("is what the function needs, without what only machines have", () => {
  const { found, urls } = config({ topicArn: "arn" });
  expect(found).toEqual({
    environment: "dev",
    region: "us-east-1",
    table: "items",
    queues: ["critical", "high", "medium", "low"].map((priority, i) => ({ priority, url: urls[i] })),
    deadLetterQueueUrl: urls[4],
    topicArn: "arn",
    visibilitySeconds: 600,
    maxReceives: 7,
    ttlHours: 3,
    leaseSeconds: 60,
  });
});
it("has the paths and the trainer of a machine beside them", () => {
  const machine = {
    checkpoints: "/mnt/checkpoints",
    training: "/mnt/training",
    trainer: ["python", "-m", "fit"],
    graceSeconds: 60,
    keepCheckpoints: 3,
  };
  expect(config({ machine, autoScalingGroup: "group", logGroup: "log" }).found).toMatchObject({
    ...machine,
    autoScalingGroup: "group",
    logGroup: "log",
  });
});
