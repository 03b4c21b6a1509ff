import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import type { TerraformStack } from "cdktf";
import { PullThroughCache } from "../../../../modules/aws/ecr/pull-through-cache";
import { EcsCluster } from "../../../../modules/aws/ecs/ecs-cluster";
import type { ServiceCluster } from "../../../../modules/aws/ecs/fargate-service";
import { PrivateNamespace } from "../../../../modules/aws/ecs/private-namespace";
import { AmazonMqBroker, type AmazonMqBrokerProps } from "../../../../modules/aws/rabbitmq/amazon-mq-broker";
import { RabbitMqService, type RabbitMqServiceProps } from "../../../../modules/aws/rabbitmq/rabbit-mq-service";
import { startScript } from "../../../../modules/aws/rabbitmq/start-command";
import { synth } from "../../../support/synth";

export const KEY = "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
export const TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts";

/** Stand-ins for what others make. */
export const ECS: ServiceCluster = {
  clusterName: "dev-fossa",
  clusterArn: "arn:aws:ecs:us-east-1:123456789012:cluster/dev-fossa",
  containerInsights: "enabled",
  logGroupName: "/ecs/dev-fossa",
};
export const NAMESPACE = { namespaceId: "ns-1", namespaceName: "fossa.internal" };
export const CACHE = {
  image: (path: string) => `123456789012.dkr.ecr.us-east-1.amazonaws.com/cache/${path}`,
  pullStatements: [
    { Action: "ecr:BatchImportUpstreamImage", Resource: "arn:aws:ecr:us-east-1:123456789012:repository/cache/*" },
  ],
};

/** A whole stack, with the network that a broker stands in. */
function network(stack: TerraformStack) {
  const vpcId = new Vpc(stack, "vpc", { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true }).id;
  const subnetIds = ["a", "b"].map(
    (zone, i) =>
      new Subnet(stack, `subnet-${zone}`, {
        vpcId,
        cidrBlock: `10.0.${i}.0/24`,
        availabilityZone: `us-east-1${zone}`,
      }).id,
  );
  const workers = { securityGroupId: new SecurityGroup(stack, "workers", { vpcId }).id };
  return { vpcId, subnetIds, allowedFrom: { workers } };
}

export type ServiceSettings = Partial<RabbitMqServiceProps>;
export const SERVICE_EVERYTHING: ServiceSettings = {
  cpu: 1024,
  memory: 4096,
  username: "jobs.v2",
  passwordVersion: 3,
  kmsKeyArn: KEY,
  executeCommand: true,
  architecture: "ARM64",
  hostName: "broker",
  alarms: { topicArns: [TOPIC], missingTasks: true, cpuPercent: 80, memoryPercent: 70 },
};
export const serviceStack = (settings: ServiceSettings = {}, cached = false) =>
  synth((stack) => {
    const { vpcId, subnetIds, allowedFrom } = network(stack);
    const cluster = new EcsCluster(stack, "cluster", { name: "dev-fossa", containerInsights: "enabled" });
    const namespace = new PrivateNamespace(stack, "namespace", { name: "fossa.internal", vpcId });
    const imageCache = cached ? new PullThroughCache(stack, "cache", { prefix: "dev-fossa" }) : undefined;
    const props = { name: "rabbitmq", cluster, vpcId, subnetIds, namespace, allowedFrom, imageCache };
    new RabbitMqService(stack, "broker", { ...props, ...settings });
  });

export type AmazonMqSettings = Partial<AmazonMqBrokerProps>;
export const AMAZON_MQ_EVERYTHING: AmazonMqSettings = {
  engineVersion: "3.13",
  hostInstanceType: "mq.m5.large",
  deploymentMode: "CLUSTER_MULTI_AZ",
  username: "jobs.v2",
  passwordVersion: 3,
  maintenanceWindow: { day: "SUNDAY", time: "02:30" },
  kmsKeyArn: KEY,
  alarm: { topicArns: [TOPIC], queue: "fossa_task_queue", waiting: 1000 },
};
export const amazonMqStack = (settings: AmazonMqSettings = {}) =>
  synth((stack) => {
    const { subnetIds, ...props } = network(stack);
    const count = settings.deploymentMode === "CLUSTER_MULTI_AZ" ? 2 : 1;
    new AmazonMqBroker(stack, "broker", {
      name: "dev-fossa",
      subnetIds: subnetIds.slice(0, count),
      ...props,
      ...settings,
    });
  });

/** The start script with its files in a folder of ours, and an entry point that is not the image's. */
export function startIn(folder: string, memory: number, entryPoint: string) {
  const definitions = join(folder, "definitions.json");
  const configurations = join(folder, "conf.d");
  const program = join(folder, "docker-entrypoint.sh");
  mkdirSync(configurations, { recursive: true });
  writeFileSync(program, `#!/bin/sh\n${entryPoint}\n`, { mode: 0o755 });
  const script = startScript({ memory })
    .replaceAll("/tmp/definitions.json", definitions)
    .replaceAll("/etc/rabbitmq/conf.d", configurations);
  const configuration = join(configurations, "90-service.conf");
  return { script, path: `${folder}:${process.env.PATH}`, definitions, configurations, configuration };
}
