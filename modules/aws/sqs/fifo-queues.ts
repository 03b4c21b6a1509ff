import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { SqsQueueRedriveAllowPolicy } from "@cdktf/provider-aws/lib/sqs-queue-redrive-allow-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { areDistinct } from "../../common/collections";
import { policy, type Statement } from "../../common/iam/policy";
import { idFrom } from "../../common/names";
import { kmsKeyArnSchema } from "../../common/settings/arns";
import { refuse } from "../../common/settings/faults";
import { parseProps } from "../../common/settings/props";
import { topicArnsSchema } from "../ecs/service-alarms";
import {
  denyWithoutTls,
  maxReceivesSchema,
  queueAlarm,
  queueEncryption,
  RETENTION_LIMIT,
  redriveTo,
  VISIBILITY_LIMIT,
} from "./queue-parts";

const retentionSchema = z.int().min(60).max(RETENTION_LIMIT);

/** Settings of FIFO queues that a user chooses. */
export const fifoQueuesShape = {
  /** Seconds, 30 to 43200, for which a received message is hidden; its reader renews them while it works. */
  visibilitySeconds: z.int().min(30).max(VISIBILITY_LIMIT).default(1800),
  /** Receptions after which a message becomes a dead letter, 1 to 1000. */
  maxReceives: maxReceivesSchema.default(5),
  /** Seconds, 60 to 1209600, after which SQS drops a message that nobody has deleted. */
  retentionSeconds: retentionSchema.default(345_600),
  /** The same of dead letters; in FIFO queues their age counts from the move. */
  deadLetterRetentionSeconds: retentionSchema.default(1_209_600),
  /** KMS key of the queues; SQS's own key when absent. */
  kmsKeyArn: kmsKeyArnSchema.optional(),
  /** Messages in a queue, 0 to 1000000, above which an alarm fires after a quarter of an hour. */
  depthAlarm: z.int().min(0).max(1_000_000).default(100),
  /**
   * Age of a queue's oldest message, seconds, at least 60 and less than `retentionSeconds`, above which an alarm fires. A
   * message has its age from when it was sent until it is deleted, so let it be longer than the longest work takes. A quarter
   * of `retentionSeconds` when absent, and at least 60.
   */
  ageAlarmSeconds: z.int().min(60).max(RETENTION_LIMIT).optional(),
};
const settingsSchema = z.strictObject(fifoQueuesShape);
export type FifoQueuesSettings = z.output<typeof settingsSchema>;

/** Rules across the inputs of {@link fifoQueuesShape}. */
export function checkFifoQueues(
  settings: Pick<FifoQueuesSettings, "retentionSeconds" | "visibilitySeconds" | "ageAlarmSeconds">,
  ctx: z.RefinementCtx,
): void {
  const { retentionSeconds, visibilitySeconds, ageAlarmSeconds } = settings;
  if (!retentionSchema.safeParse(retentionSeconds).success) return; // its own bound says so
  if (visibilitySeconds >= retentionSeconds) {
    const message = `must be less than retentionSeconds (${retentionSeconds}), or messages are gone before they come back`;
    refuse(ctx, "visibilitySeconds", `${message}, got ${visibilitySeconds}`);
  }
  if (ageAlarmSeconds !== undefined && ageAlarmSeconds >= retentionSeconds) {
    const message = `must be less than retentionSeconds (${retentionSeconds}), or no message gets that old`;
    refuse(ctx, "ageAlarmSeconds", `${message}, got ${ageAlarmSeconds}`);
  }
}

const NAME = /^[A-Za-z0-9_-]+$/;
const NAME_WORDS = "must have letters, digits, hyphens and underscores only";
/** Length of a queue's name. Source: SQS Developer Guide, "Amazon SQS message quotas". */
const NAME_LIMIT = 80;
const ENDING = ".fifo";
const DEAD = "dead";

const schema = z
  .strictObject({
    /** Prefix of the queues' names, which are `<name>-<key>.fifo` and `<name>-dead.fifo`, 80 characters at most. */
    name: z.string().min(1).regex(NAME, NAME_WORDS),
    /** Key of each queue, 1 to 10, the end of its name. Source of 10: SQS API reference, RedriveAllowPolicy. */
    keys: z
      .array(
        z
          .string()
          .min(1)
          .regex(NAME, NAME_WORDS)
          .refine((key) => key !== DEAD, `must not be ${DEAD}, as the queue of dead letters is`),
      )
      .min(1)
      .max(10)
      .refine(areDistinct, "must name each queue once"),
    /** SNS topics, 1 to 5, notified of each alarm and of its end; no alarms when absent. */
    alarmTopicArns: topicArnsSchema.optional(),
    ...fifoQueuesShape,
  })
  .superRefine((settings, ctx) => {
    checkFifoQueues(settings, ctx);
    const { name, keys } = settings;
    const longest = Math.max(...[...keys, DEAD].map((key) => key.length));
    const limit = NAME_LIMIT - longest - 1 - ENDING.length;
    if (name.length > limit) refuse(ctx, "name", `must have at most ${limit} characters, got ${name.length}`);
  });
export type FifoQueuesProps = z.input<typeof schema>;
type Settings = z.output<typeof schema>;

/** A queue, as those who use it need it. */
export interface QueueReference {
  readonly url: string;
  readonly arn: string;
  readonly name: string;
}

/**
 * FIFO queues with one queue of dead letters. Each message group is in order and has one reader at a time; groups run beside
 * each other. Duplicates are known by the id that the sender gives.
 */
export class FifoQueues extends Construct {
  /** By key, in the order of `keys`. */
  readonly queues: ReadonlyMap<string, QueueReference>;
  readonly deadLetterQueue: QueueReference;
  readonly visibilitySeconds: number;
  readonly maxReceives: number;
  /** Customer managed key of the messages, if any. */
  readonly kmsKeyArn: string | undefined;
  /** Empty without `alarmTopicArns`. */
  readonly alarmArns: string[] = [];
  /** What must exist before messages are sent. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: FifoQueuesProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { name, keys, visibilitySeconds, maxReceives, retentionSeconds, kmsKeyArn } = settings;
    const common = {
      fifoQueue: true,
      // quotas and deduplication by message group: high throughput
      deduplicationScope: "messageGroup",
      fifoThroughputLimit: "perMessageGroupId",
      ...queueEncryption(kmsKeyArn),
    };
    const dead = new SqsQueue(this, "dead-letters", {
      name: `${name}-${DEAD}${ENDING}`,
      messageRetentionSeconds: settings.deadLetterRetentionSeconds,
      ...common,
    });
    const made = keys.map((key) => {
      const queue = new SqsQueue(this, idFrom(key), {
        name: `${name}-${key}${ENDING}`,
        messageRetentionSeconds: retentionSeconds,
        visibilityTimeoutSeconds: visibilitySeconds,
        redrivePolicy: redriveTo(dead.arn, maxReceives),
        ...common,
      });
      return [key, queue] as const;
    });
    const all = [...made, ["dead-letters", dead] as const];
    const policies = all.map(
      ([key, { url, arn }]) =>
        new SqsQueuePolicy(this, `${key}-policy`, { queueUrl: url, policy: policy(denyWithoutTls(arn)) }),
    );
    new SqsQueueRedriveAllowPolicy(this, "dead-letters-sources", {
      queueUrl: dead.url,
      redriveAllowPolicy: JSON.stringify({
        redrivePermission: "byQueue",
        sourceQueueArns: made.map(([, { arn }]) => arn),
      }),
    });
    const { alarmTopicArns } = settings;
    if (alarmTopicArns) this.alarmArns = this.watch(made, dead, { ...settings, alarmTopicArns });

    const refer = ({ url, arn, name }: SqsQueue): QueueReference => ({ url, arn, name });
    this.queues = new Map(made.map(([key, queue]) => [key, refer(queue)]));
    this.deadLetterQueue = refer(dead);
    this.visibilitySeconds = visibilitySeconds;
    this.maxReceives = maxReceives;
    this.kmsKeyArn = kmsKeyArn;
    this.ready = [...made.map(([, queue]) => queue), dead, ...policies];
  }

  /** IAM statements of a role that sends, receives and settles messages, and sends dead letters itself. */
  grantUse(): Statement[] {
    const arns = [...this.queues.values()].map(({ arn }) => arn);
    return [
      {
        Sid: "Messages",
        Action: [
          "sqs:ChangeMessageVisibility",
          "sqs:DeleteMessage",
          "sqs:GetQueueAttributes",
          "sqs:ReceiveMessage",
          "sqs:SendMessage",
        ],
        Resource: arns,
      },
      { Sid: "DeadLetters", Action: "sqs:SendMessage", Resource: this.deadLetterQueue.arn },
      ...this.keyStatements(),
    ];
  }

  /** IAM statements for the key of the messages; none where SQS has its own. */
  keyStatements(): Statement[] {
    if (!this.kmsKeyArn) return [];
    // Source: SQS Developer Guide, "Key management": producers need both, as sending checks that it can be read
    return [{ Sid: "MessageKey", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: this.kmsKeyArn }];
  }

  private watch(
    made: (readonly [string, SqsQueue])[],
    dead: SqsQueue,
    settings: Settings & { alarmTopicArns: string[] },
  ): string[] {
    const { name, depthAlarm, retentionSeconds, alarmTopicArns: topicArns } = settings;
    const age = settings.ageAlarmSeconds ?? Math.max(60, Math.floor(retentionSeconds / 4));
    const waiting = made.flatMap(([key, queue]) => [
      queueAlarm(this, `${key}-depth`, {
        alarmName: `${name}-${key}-depth`,
        queueName: queue.name,
        metricName: "ApproximateNumberOfMessagesVisible",
        threshold: depthAlarm,
        periods: 3,
        description: `More than ${depthAlarm} messages wait: see whether their readers run, and take more of them`,
        topicArns,
      }),
      queueAlarm(this, `${key}-age`, {
        alarmName: `${name}-${key}-age`,
        queueName: queue.name,
        metricName: "ApproximateAgeOfOldestMessage",
        threshold: age,
        description: `A message is older than ${age} seconds, and is lost at ${retentionSeconds}: see whether its readers run`,
        topicArns,
      }),
    ]);
    const letters = queueAlarm(this, "dead-letters-alarm", {
      alarmName: `${name}-dead-letters`,
      queueName: dead.name,
      metricName: "ApproximateNumberOfMessagesVisible",
      threshold: 0,
      description: "A message could not be handled: read it among the dead letters, then delete it or move it back",
      topicArns,
    });
    return [...waiting, letters].map(({ arn }) => arn);
  }
}
