import { z } from "zod";
import { amazonMqBrokerShape, checkAmazonMqBroker } from "./amazon-mq-broker";
import { checkRabbitMqService, rabbitMqServiceShape } from "./rabbit-mq-service";

/** Where to look how many messages wait: a metric of CloudWatch. */
export interface QueueMetric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Record<string, string>;
}

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

/** Which broker there is, and what a user chooses of it. */
export const brokerShape = {
  /** RabbitMQ: as a Fargate task with its files on EFS (`service`, by default), or run by AWS (`amazonMq`). */
  broker: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("service"), ...rabbitMqServiceShape }).superRefine(checkRabbitMqService),
      z.strictObject({ kind: z.literal("amazonMq"), ...amazonMqBrokerShape }).superRefine(checkAmazonMqBroker),
    ])
    .prefault({ kind: "service" }),
};
