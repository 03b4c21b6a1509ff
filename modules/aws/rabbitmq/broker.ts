import type { QueueMetric } from "./queue-alarm";

/** RabbitMQ, whoever runs it, as its clients see it. */
export interface Broker {
  /** Secret whose JSON holds `username`, `password` and `url`. */
  readonly urlSecretArn: string;
  /** What goes into a container's `secrets`: the URL in that very value of the secret, so that a new one starts new tasks. */
  readonly urlValueFrom: string;
  readonly securityGroupId: string;
  readonly port: number;
  /** Name that clients find it by. */
  readonly host: string;
  /** How many messages of a queue wait; absent where CloudWatch is not told. */
  queueMetric?(queue: string): QueueMetric;
}
