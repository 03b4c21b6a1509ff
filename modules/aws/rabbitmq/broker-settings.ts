import { z } from "zod";
import { amazonMqBrokerShape, checkAmazonMqBroker } from "./amazon-mq-broker";
import { checkRabbitMqService, rabbitMqServiceShape } from "./rabbit-mq-service";

/** Choice of the broker, with its settings. */
export const brokerShape = {
  /** RabbitMQ as a Fargate task with its files on EFS (`service`), or on Amazon MQ (`amazonMq`). */
  broker: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("service"), ...rabbitMqServiceShape }).superRefine(checkRabbitMqService),
      z.strictObject({ kind: z.literal("amazonMq"), ...amazonMqBrokerShape }).superRefine(checkAmazonMqBroker),
    ])
    .prefault({ kind: "service" }),
};
