import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { topicArnsSchema } from "../aws/ecs/service-alarms";
import { checkFifoQueues, FifoQueues, fifoQueuesShape, type QueueReference } from "../aws/sqs/fifo-queues";
import type { Statement } from "../common/iam/policy";
import { checkedBy } from "../common/settings/checked-by";
import { refuse } from "../common/settings/faults";
import { parseProps } from "../common/settings/props";

/** Priorities of jobs, in the order in which workers look for one. */
export const PRIORITIES = ["critical", "high", "medium", "low"] as const;
export type Priority = (typeof PRIORITIES)[number];

/** Queue of the jobs of one priority. */
export interface JobQueue extends QueueReference {
  readonly priority: Priority;
}

const schema = z
  .strictObject({
    /** Prefix of the queues' names, 1 to 40 letters, digits and hyphens, a letter first. */
    name: z
      .string()
      .max(40)
      .regex(/^[A-Za-z][A-Za-z0-9-]*$/, "must have letters, digits and hyphens only, a letter first"),
    /** SNS topics, 1 to 5, notified of jobs that wait for long and of those that were given up; no alarms when absent. */
    alarmTopicArns: topicArnsSchema.optional(),
    ...fifoQueuesShape,
  })
  .superRefine((settings, ctx) => {
    checkFifoQueues(settings, ctx);
    const { maxReceives } = settings;
    if (maxReceives >= 2) return;
    refuse(ctx, "maxReceives", `must be at least 2, or a job is lost with its first machine, got ${maxReceives}`);
  });
export type JobQueuesProps = z.input<typeof schema>;
/** Checks the settings of a user. */
export const jobQueuesSettings = checkedBy(schema, { name: "any", alarmTopicArns: undefined });

/**
 * Queues of jobs, one for each priority, with one queue of dead letters.
 *
 * Order: a worker looks for a job in the queues from critical to low, so that a job runs after all waiting ones of higher
 * priority. Within a priority jobs start by arrival, best effort: each is a message group of its own, so that they run beside
 * each other and none waits for another's retry.
 * Retries: a worker that fails leaves the message and hides it for its back-off; SQS counts receptions and moves the message to
 * the dead letters after `maxReceives`. A sender gives `<job id>.<number of the message>` as deduplication id, so that sending
 * one twice within five minutes counts once.
 * Heartbeat: a worker renews `visibilitySeconds` while a job runs. A message whose worker is gone comes back when they end.
 */
export class JobQueues extends Construct {
  /** In the order in which workers poll them. */
  readonly queues: readonly JobQueue[];
  readonly deadLetterQueue: QueueReference;
  readonly visibilitySeconds: number;
  readonly maxReceives: number;
  /** Customer managed key of the messages, if any. */
  readonly kmsKeyArn: string | undefined;
  /** Empty without `alarmTopicArns`. */
  readonly alarmArns: string[];
  /** What must exist before jobs are sent. */
  readonly ready: ITerraformDependable[];
  readonly #all: FifoQueues;

  constructor(scope: Construct, id: string, props: JobQueuesProps) {
    super(scope, id);
    const { name, ...settings } = parseProps(this, schema, props);
    const all = new FifoQueues(this, "jobs", { ...settings, name: `${name}-jobs`, keys: [...PRIORITIES] });
    this.queues = PRIORITIES.map((priority) => ({ ...(all.queues.get(priority) as QueueReference), priority }));
    this.deadLetterQueue = all.deadLetterQueue;
    this.visibilitySeconds = all.visibilitySeconds;
    this.maxReceives = all.maxReceives;
    this.kmsKeyArn = all.kmsKeyArn;
    this.alarmArns = all.alarmArns;
    this.ready = all.ready;
    this.#all = all;
  }

  /** IAM statements of a role that runs jobs. */
  grantUse(): Statement[] {
    return this.#all.grantUse();
  }

  /** IAM statements of those who submit jobs. */
  grantSubmit(): Statement[] {
    const Resource = this.queues.map(({ arn }) => arn);
    return [{ Sid: "Submit", Action: "sqs:SendMessage", Resource }, ...this.#all.keyStatements()];
  }

  /** IAM statements of a role that gives jobs back: shows their messages, or sends them anew where they are gone. */
  grantGiveBack(): Statement[] {
    const Action = ["sqs:ChangeMessageVisibility", "sqs:SendMessage"];
    return [{ Sid: "GiveBack", Action, Resource: this.queues.map(({ arn }) => arn) }, ...this.#all.keyStatements()];
  }
}
