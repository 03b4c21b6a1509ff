import fc from "fast-check";
import { EventQueue, type EventQueueProps } from "../../../../modules/aws/sqs/event-queue";
import { broken, fuzz } from "../../../support/fuzz";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts";

const valid: fc.Arbitrary<EventQueueProps> = fc
  .record(
    {
      name: fc.stringMatching(/^[A-Za-z0-9_-]{1,60}$/),
      description: fc.string({ minLength: 1, maxLength: 50 }),
      pattern: fc.dictionary(fc.stringMatching(/^[a-z-]{1,10}$/), fc.array(fc.stringMatching(/^[a-z.]{1,10}$/)), {
        maxKeys: 3,
      }),
      days: fc.tuple(fc.integer({ min: 1, max: 14 }), fc.integer({ min: 0, max: 13 })),
      maxReceives: fc.integer({ min: 1, max: 1000 }),
      visibilitySeconds: fc.integer({ min: 0, max: 43_200 }),
      kmsKeyArn: fc.constant(KEY),
      alarms: fc.record(
        { topicArns: fc.constant<string[]>([TOPIC]), ageSeconds: fc.integer({ min: 60, max: 1_209_600 }) },
        { requiredKeys: ["topicArns"] },
      ),
    },
    { requiredKeys: ["name", "description", "pattern"] },
  )
  .map(({ days, ...rest }) => ({
    ...rest,
    ...(days && { retentionDays: days[0], deadLetterRetentionDays: Math.min(14, days[0] + days[1]) }),
  }));
const BREAKS: [path: string, ...values: unknown[]][] = [
  ["name", undefined, null, "", "a b", "x".repeat(256)],
  ["description", undefined, "", null, "x".repeat(513)],
  ["pattern", undefined, null, "aws.ecs"],
  ["retentionDays", 0, 15, 1.5, "7", null],
  ["deadLetterRetentionDays", 0, 15, 1.5, null],
  ["maxReceives", 0, 1001, null],
  ["visibilitySeconds", -1, 43_201, null],
  ["kmsKeyArn", "", "alias/a", null],
  ["alarms", true, null, []],
  ["alarms.topicArns", [], [TOPIC, TOPIC], null],
  ["alarms.ageSeconds", 59, 1_209_601, null],
  ["fifo", true],
];
const invalid = fc
  .tuple(
    valid,
    fc.constantFrom(...BREAKS.flatMap(([path, ...values]) => values.map((value) => [path, value] as const))),
  )
  .map(([props, [path, value]]) => broken(props, path, value));

fuzz("test/events", { valid, invalid }, (stack, props) => new EventQueue(stack, "events", props));
