import fc from "fast-check";
import { JobQueues, type JobQueuesProps } from "../../../modules/training/job-queues";
import { broken, fuzz } from "../../support/fuzz";
import { FIFO_BREAKS, fifoSettings } from "../aws/sqs/fifo-queues.fixture";

const TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts";
const valid: fc.Arbitrary<JobQueuesProps> = fc
  .tuple(
    fc.record(
      { name: fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,39}$/), alarmTopicArns: fc.constant<string[]>([TOPIC]) },
      { requiredKeys: ["name"] },
    ),
    fifoSettings(2),
  )
  .map(([own, settings]) => ({ ...own, ...settings }));
const BREAKS: [path: string, ...values: unknown[]][] = [
  ["name", undefined, null, "", "a_b", "1a", "x".repeat(41)],
  ["maxReceives", 1, 0],
  ["alarmTopicArns", [], [TOPIC, TOPIC], null],
  ...FIFO_BREAKS,
];
const invalid = fc
  .tuple(
    valid,
    fc.constantFrom(...BREAKS.flatMap(([path, ...values]) => values.map((value) => [path, value] as const))),
  )
  .map(([props, [path, value]]) => broken(props, path, value));

fuzz("test/queues", { valid, invalid }, (stack, props) => new JobQueues(stack, "queues", props), 0.5);
