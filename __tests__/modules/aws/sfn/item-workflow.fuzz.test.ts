import fc from "fast-check";
import { ItemWorkflow, type ItemWorkflowProps } from "../../../../modules/aws/sfn/item-workflow";
import { broken, fuzz } from "../../../support/fuzz";
import { BUCKET, MINIMAL, TOPIC } from "./item-workflow.fixture";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const valid: fc.Arbitrary<ItemWorkflowProps> = fc
  .record(
    {
      name: fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/),
      description: fc.string({ maxLength: 256 }),
      topic: fc.constantFrom(TOPIC, { ...TOPIC, keyArn: KEY }),
      itemsKey: fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,20}$/),
      longList: fc.record(
        {
          bucket: fc.constantFrom(BUCKET, { ...BUCKET, kmsKeyArn: KEY }),
          format: fc.constantFrom("JSON", "JSONL", "CSV"),
          resultPrefix: fc.stringMatching(/^[a-z.-]{1,10}(\/[a-z]{1,10}){0,2}$/),
          toleratedFailurePercent: fc.integer({ min: 0, max: 100 }),
        },
        { requiredKeys: ["bucket"] },
      ),
      concurrency: fc.integer({ min: 1, max: 40 }),
      timeoutSeconds: fc.integer({ min: 900, max: 31_536_000 }),
      listTimeoutSeconds: fc.integer({ min: 1, max: 900 }),
      itemTimeoutSeconds: fc.integer({ min: 1, max: 900 }),
      retry: fc.record(
        {
          attempts: fc.integer({ min: 0, max: 100 }),
          intervalSeconds: fc.integer({ min: 1, max: 59 }),
          backoffRate: fc.double({ min: 1, max: 10, noNaN: true }),
          maxDelaySeconds: fc.integer({ min: 60, max: 86_400 }),
        },
        { requiredKeys: [] },
      ),
      logLevel: fc.constantFrom("ALL", "ERROR", "FATAL"),
      logData: fc.boolean(),
      tracing: fc.boolean(),
      logRetentionDays: fc.constantFrom(0, 7, 30),
      logKmsKeyArn: fc.constant(KEY),
      alarmTopicArns: fc.constant([TOPIC.arn]),
    },
    { requiredKeys: [] },
  )
  .map((some) => ({ ...MINIMAL, ...some }) as ItemWorkflowProps);
const BREAKS: [path: string, ...values: unknown[]][] = [
  ["name", undefined, null, "", "a b", "x".repeat(65)],
  ["description", undefined, null, "x".repeat(257)],
  ["list", undefined, null, {}, "arn"],
  ["process", undefined, null, {}, "arn"],
  ["topic", undefined, null, {}, "arn"],
  ["itemsKey", "", "a.b", "1a", null],
  ["longList", true, null, []],
  ["longList.bucket", undefined, null, {}],
  ["concurrency", 0, 10_001, 1.5, null],
  ["timeoutSeconds", 0, 31_536_001, null],
  ["listTimeoutSeconds", 0, 31_536_001, null],
  ["itemTimeoutSeconds", 0, 31_536_001, null],
  ["retry", false, null],
  ["retry.attempts", -1, 101, null],
  ["retry.backoffRate", 0, 11, null],
  ["logLevel", "OFF", null],
  ["logData", 1, null],
  ["tracing", "on", null],
  ["logRetentionDays", 2, null],
  ["logKmsKeyArn", "alias/a", null],
  ["alarmTopicArns", [], null],
  ["type", "EXPRESS"],
];
const invalid = fc
  .tuple(
    valid,
    fc.constantFrom(...BREAKS.flatMap(([path, ...values]) => values.map((value) => [path, value] as const))),
  )
  .map(([props, [path, value]]) => broken(props, path, value));

fuzz("test/workflow", { valid, invalid }, (stack, props) => new ItemWorkflow(stack, "workflow", props));
