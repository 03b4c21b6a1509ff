import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { policy } from "../../common/iam/policy";
import { boundedName } from "../../common/names";
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

/** Days of retention, 1 to 14. Source: SQS API reference, SetQueueAttributes, MessageRetentionPeriod. */
const daysSchema = z.int().min(1).max(14);

/** Settings of a queue that a user chooses. */
export const eventQueueShape = {
  /** Retention of events, days, 1 to 14. */
  retentionDays: daysSchema.default(7),
  /** Retention of dead letters, days, 1 to 14, at least `retentionDays`: their age counts from the first queue on. */
  deadLetterRetentionDays: daysSchema.default(14),
  /** Receptions after which an event becomes a dead letter, 1 to 1000. */
  maxReceives: maxReceivesSchema.default(3),
  /** Seconds, 0 to 43200, for which a received event is hidden from other readers. */
  visibilitySeconds: z.int().min(0).max(VISIBILITY_LIMIT).default(300),
  /**
   * KMS key of the queue and its dead letters; SQS's own key when absent. The key's policy must let EventBridge
   * (events.amazonaws.com) use kms:GenerateDataKey and kms:Decrypt, or no event arrives.
   */
  kmsKeyArn: kmsKeyArnSchema.optional(),
};
const settingsSchema = z.strictObject(eventQueueShape);
export type EventQueueSettings = z.output<typeof settingsSchema>;

/** Rules across the inputs of {@link eventQueueShape}. */
export function checkEventQueue(
  { retentionDays, deadLetterRetentionDays }: Pick<EventQueueSettings, "retentionDays" | "deadLetterRetentionDays">,
  ctx: z.RefinementCtx,
  path: string[] = [],
): void {
  if (deadLetterRetentionDays >= retentionDays) return;
  // Source: SQS Developer Guide, "Using dead-letter queues": the retention counts from the first enqueuing
  const message = `must be at least retentionDays (${retentionDays}), got ${deadLetterRetentionDays}`;
  refuse(ctx, [...path, "deadLetterRetentionDays"], message);
}

const alarmsSchema = z.strictObject({
  /** SNS topics, 1 to 5, notified of each alarm and of its end. */
  topicArns: topicArnsSchema,
  /** Age of the oldest event, seconds, 60 to 1209600, above which an alarm fires. */
  ageSeconds: z.int().min(60).max(RETENTION_LIMIT).default(600),
});

const schema = z
  .strictObject({
    /** Prefix of the names of queues and rule: letters, digits, hyphens and underscores; cut and hashed beyond 30. */
    name: z
      .string()
      .min(1)
      .max(255)
      .regex(/^[A-Za-z0-9_-]+$/, "must have letters, digits, hyphens and underscores only"),
    /** What the rule does, for those who see it. */
    description: z.string().min(1).max(512),
    /** Pattern of the events, by field. Values of other resources must not contain quotes. */
    pattern: z.record(z.string(), z.unknown()),
    ...eventQueueShape,
    /** Alarms on events that nobody reads and on dead letters; none when absent. */
    alarms: alarmsSchema.optional(),
  })
  .superRefine((settings, ctx) => checkEventQueue(settings, ctx));
export type EventQueueProps = z.input<typeof schema>;
type Settings = z.output<typeof schema>;

const A_DAY = 86_400;

/** Queue of the EventBridge events of one pattern, with a queue of those that no reader could handle. */
export class EventQueue extends Construct {
  readonly queueName: string;
  readonly queueArn: string;
  readonly deadLetterQueueName: string;
  readonly deadLetterQueueArn: string;
  readonly ruleArn: string;
  /** What must exist before events arrive. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: EventQueueProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { name, description, pattern, retentionDays, maxReceives, visibilitySeconds, kmsKeyArn } = settings;
    // SQS: 80 characters, EventBridge: 64, of which the provider's suffix takes 26
    const prefix = boundedName(30, name);
    const encryption = queueEncryption(kmsKeyArn);

    const dead = new SqsQueue(this, "dead-letters", {
      namePrefix: `${prefix}-dead-`,
      messageRetentionSeconds: settings.deadLetterRetentionDays * A_DAY,
      ...encryption,
    });
    const queue = new SqsQueue(this, "queue", {
      namePrefix: `${prefix}-`,
      messageRetentionSeconds: retentionDays * A_DAY,
      visibilityTimeoutSeconds: visibilitySeconds,
      redrivePolicy: redriveTo(dead.arn, maxReceives),
      ...encryption,
    });
    const rule = new CloudwatchEventRule(this, "rule", {
      namePrefix: `${prefix}-`,
      description,
      eventPattern: JSON.stringify(pattern),
    });
    const access = new SqsQueuePolicy(this, "policy", {
      queueUrl: queue.url,
      policy: policy(
        {
          Sid: "Events",
          Principal: { Service: "events.amazonaws.com" },
          Action: "sqs:SendMessage",
          Resource: queue.arn,
          Condition: { ArnEquals: { "aws:SourceArn": rule.arn } },
        },
        denyWithoutTls(queue.arn),
      ),
    });
    new SqsQueuePolicy(this, "dead-letters-policy", { queueUrl: dead.url, policy: policy(denyWithoutTls(dead.arn)) });
    const target = new CloudwatchEventTarget(this, "target", {
      rule: rule.name,
      targetId: "queue",
      arn: queue.arn,
      dependsOn: [access],
    });
    if (settings.alarms) this.watch(name, queue, dead, settings.alarms);

    this.queueName = queue.name;
    this.queueArn = queue.arn;
    this.deadLetterQueueName = dead.name;
    this.deadLetterQueueArn = dead.arn;
    this.ruleArn = rule.arn;
    this.ready = [target];
  }

  private watch(name: string, queue: SqsQueue, dead: SqsQueue, alarms: NonNullable<Settings["alarms"]>): void {
    const { ageSeconds, topicArns } = alarms;
    queueAlarm(this, "queue-age", {
      alarmName: `${name}-queue-age`,
      queueName: queue.name,
      metricName: "ApproximateAgeOfOldestMessage",
      threshold: ageSeconds,
      description: `Events wait longer than ${ageSeconds} seconds: see whether their readers run, and their logs`,
      topicArns,
    });
    queueAlarm(this, "dead-letter", {
      alarmName: `${name}-dead-letter`,
      queueName: dead.name,
      metricName: "ApproximateNumberOfMessagesVisible",
      threshold: 0,
      description:
        "An event could not be handled: read it in the queue of dead letters, then delete it or move it back",
      topicArns,
    });
  }
}
