import fc from "fast-check";
import { Interruption, type InterruptionProps } from "../../../modules/training/interruption";
import { JobQueues } from "../../../modules/training/job-queues";
import { broken, fuzz } from "../../support/fuzz";

const TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts";
type Props = Omit<InterruptionProps, "queues"> & { queues?: InterruptionProps["queues"] | null };
const valid = fc.record(
  {
    name: fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,39}$/),
    environment: fc.stringMatching(/^[a-z]{1,20}$/),
    table: fc.constant({ tableName: "items", tableArn: "arn:aws:dynamodb:us-east-1:111122223333:table/items" }),
    ttlHours: fc.integer({ min: 2, max: 168 }),
    leaseSeconds: fc.integer({ min: 15, max: 3600 }),
    alertEmails: fc.uniqueArray(fc.stringMatching(/^[a-z]{1,10}@[a-z]{1,10}\.org$/), { maxLength: 3 }),
    alarmTopicArns: fc.constant([TOPIC]),
    forwardWarnings: fc.boolean(),
    tracing: fc.boolean(),
    logRetentionDays: fc.constantFrom(0, 7, 30),
    logKmsKeyArn: fc.uuid().map((id) => `arn:aws:kms:us-east-1:111122223333:key/${id}`),
  },
  { requiredKeys: ["name", "environment", "table"] },
) as fc.Arbitrary<Props>;
const BREAKS: [path: string, ...values: unknown[]][] = [
  ["name", undefined, null, "", "a_b", "1a", "x".repeat(41)],
  ["environment", undefined, null, "", "x".repeat(101)],
  ["table", undefined, null, {}, "items"],
  ["queues", null, {}, []],
  ["ttlHours", 0, 169, null],
  ["leaseSeconds", 14, 3601, null],
  ["alertEmails", "ops@example.com", null],
  ["alertEmails[0]", "ops", 5],
  ["alarmTopicArns", [], [TOPIC, TOPIC], null],
  ["forwardWarnings", "yes", null],
  ["tracing", "on", null],
  ["logRetentionDays", 2, null],
  ["logKmsKeyArn", "alias/a", null],
  ["rules", {}],
];
const invalid = fc
  .tuple(
    valid,
    fc.constantFrom(...BREAKS.flatMap(([path, ...values]) => values.map((value) => [path, value] as const))),
  )
  .map(([props, [path, value]]) => broken({ alertEmails: [], ...props }, path, value));

fuzz(
  "test/interruption",
  { valid, invalid },
  (stack, props) => {
    const queues = "queues" in props ? props.queues : new JobQueues(stack, "queues", { name: "dev-training" });
    new Interruption(stack, "interruption", { ...props, queues } as InterruptionProps);
  },
  0.1,
);
