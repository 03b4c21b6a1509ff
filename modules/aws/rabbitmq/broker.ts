import type { QueueMetric } from "./queue-alarm";

/** RabbitMQ as its clients see it, whoever runs it. */
export interface Broker {
  /** Secret with the JSON keys `username`, `password` and `url`. */
  readonly urlSecretArn: string;
  /** Customer managed key of that secret, which who reads it has to be let use; Secrets Manager's own when undefined. */
  readonly kmsKeyArn: string | undefined;
  /** Value for a container's `secrets`: the URL, pinned to this version of the secret so that a new one replaces the tasks. */
  readonly urlValueFrom: string;
  readonly securityGroupId: string;
  readonly port: number;
  /** Host name for clients. */
  readonly host: string;
  /** Metric of the messages waiting in a queue; absent when the broker does not report to CloudWatch. */
  queueMetric?(queue: string): QueueMetric;
}
