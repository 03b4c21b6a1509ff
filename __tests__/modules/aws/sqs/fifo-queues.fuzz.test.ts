import fc from "fast-check";
import { FifoQueues, type FifoQueuesProps } from "../../../../modules/aws/sqs/fifo-queues";
import { broken, fuzz } from "../../../support/fuzz";
import { FIFO_BREAKS, fifoSettings } from "./fifo-queues.fixture";

const TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts";
const word = (length: number) => fc.stringMatching(new RegExp(`^[A-Za-z0-9_-]{1,${length}}$`));

const valid: fc.Arbitrary<FifoQueuesProps> = fc
  .tuple(
    fc.record({
      name: word(40),
      keys: fc.uniqueArray(
        word(30).filter((key) => key !== "dead"),
        { minLength: 1, maxLength: 10, selector: (key) => key.toLowerCase() },
      ),
    }),
    fifoSettings(1),
    fc.record({ alarmTopicArns: fc.constant([TOPIC]) }, { requiredKeys: [] }),
  )
  .map((parts) => Object.assign({}, ...parts) as FifoQueuesProps);
const BREAKS: [path: string, ...values: unknown[]][] = [
  ["name", undefined, null, "", "a b", "x".repeat(76)],
  ["keys", undefined, null, [], "a", ["a", "a"]],
  ["keys[0]", "", "a.b", "dead", 5],
  ["maxReceives", 0],
  ["alarmTopicArns", [], [TOPIC, TOPIC], null],
  ...FIFO_BREAKS,
];
const invalid = fc
  .tuple(
    valid,
    fc.constantFrom(...BREAKS.flatMap(([path, ...values]) => values.map((value) => [path, value] as const))),
  )
  .map(([props, [path, value]]) => broken(props, path, value));

fuzz("test/queues", { valid, invalid }, (stack, props) => new FifoQueues(stack, "queues", props), 0.5);
