import type { JobQueues } from "./job-queues";

export interface TrainingConfigParts {
  /** Name of the environment. */
  environment: string;
  region: string;
  tableName: string;
  queues: Pick<JobQueues, "queues" | "deadLetterQueue" | "visibilitySeconds" | "maxReceives">;
  ttlHours: number;
  leaseSeconds: number;
  autoScalingGroup?: string;
  topicArn?: string;
  logGroup?: string;
  /** What only machines have: where the files are mounted, and the trainer's command. */
  machine?: { checkpoints: string; training: string; trainer: readonly string[] };
}

/** Configuration of the runtime in `assets/training`, as JSON. */
export const trainingConfig = ({ tableName, queues, machine, ...rest }: TrainingConfigParts): string =>
  JSON.stringify({
    ...rest,
    table: tableName,
    queues: queues.queues.map(({ priority, url }) => ({ priority, url })),
    deadLetterQueueUrl: queues.deadLetterQueue.url,
    visibilitySeconds: queues.visibilitySeconds,
    maxReceives: queues.maxReceives,
    ...machine,
  });
