import { expect, it } from "vitest";
import { AmazonMqBroker } from "../../../../modules/aws/rabbitmq/amazon-mq-broker";
import type { Broker } from "../../../../modules/aws/rabbitmq/broker";
import { RabbitMqService } from "../../../../modules/aws/rabbitmq/rabbit-mq-service";
import { synth } from "../../../support/synth";
import { ECS, NAMESPACE } from "./rabbitmq.fixture";

it("is the same to its clients whoever runs it", () => {
  synth((stack) => {
    const props = { name: "broker", vpcId: "vpc-1", subnetIds: ["subnet-1"] };
    const brokers: Broker[] = [
      new RabbitMqService(stack, "service", { ...props, cluster: ECS, namespace: NAMESPACE }),
      new AmazonMqBroker(stack, "amazon-mq", props),
    ];
    for (const { urlSecretArn, urlValueFrom, securityGroupId, host } of brokers) {
      for (const value of [urlSecretArn, securityGroupId, host]) expect(value).toMatch(/./);
      expect(urlValueFrom.startsWith(`${urlSecretArn}:url::`)).toBe(true);
    }
    expect(brokers.map(({ port }) => port)).toEqual([5672, 5671]);
    expect(brokers.map(({ queueMetric }) => queueMetric !== undefined)).toEqual([false, true]);
  });
});
