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
  /** GPUs of the largest machine, which is what a job can have; unknown when absent. */
  mostGpus?: number;
  /** What only machines have: where the files are mounted, the trainer's command, and what is saved of its work. */
  machine?: {
    checkpoints: string;
    training: string;
    trainer: readonly string[];
    graceSeconds: number;
    keepCheckpoints: number;
  };
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
