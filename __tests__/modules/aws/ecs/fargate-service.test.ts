import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { ServiceDiscoveryHttpNamespace } from "@cdktf/provider-aws/lib/service-discovery-http-namespace";
import { ServiceDiscoveryService } from "@cdktf/provider-aws/lib/service-discovery-service";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { TerraformOutput, Token } from "cdktf";
import { expect, it } from "vitest";
import { FargateService } from "../../../../modules/aws/ecs/fargate-service";
import { PrivateNamespace } from "../../../../modules/aws/ecs/private-namespace";
import { refTo, synth } from "../../../support/synth";
import {
  build,
  CLUSTER,
  containerOf,
  MINIMAL,
  rejectsSettings,
  SECRET,
  type Settings,
  settings,
  TARGET_GROUP,
} from "./fargate-service.fixture";

const NAMESPACE = { namespaceId: "ns-1", namespaceName: "fossa.internal" };
const service = (some: Settings = {}) => build(some).one(EcsService);

it("is one service of its cluster, in private addresses alone, with nothing that was not asked for", () => {
  expect(service()).toEqual({
    name: "fossa",
    cluster: CLUSTER.clusterArn,
    task_definition: refTo(EcsTaskDefinition, "arn"),
    desired_count: 4,
    launch_type: "FARGATE",
    network_configuration: {
      subnets: ["subnet-a", "subnet-b"],
      security_groups: [refTo(SecurityGroup, "id")],
      assign_public_ip: false,
    },
    deployment_circuit_breaker: { enable: true, rollback: true },
    deployment_minimum_healthy_percent: 100,
    deployment_maximum_percent: 200,
    availability_zone_rebalancing: "ENABLED",
    enable_ecs_managed_tags: true,
    propagate_tags: "SERVICE",
    depends_on: expect.any(Array),
  });
});
it("makes just these resources by default", () => {
  const { resource } = build().parsed;
  const counts = Object.entries(resource).map(([type, named]) => [type, Object.keys(named as object).length]);
  expect(Object.fromEntries(counts)).toEqual({
    aws_ecs_service: 1,
    aws_ecs_task_definition: 1,
    aws_iam_role: 2,
    aws_iam_role_policy_attachment: 1,
    aws_security_group: 1,
    aws_vpc_security_group_egress_rule: 1,
  });
});
it("waits for its permissions and for the way out", () => {
  expect(service().depends_on.map((address: string) => address.split(".")[0])).toEqual([
    "aws_iam_role_policy_attachment",
    "aws_vpc_security_group_egress_rule",
  ]);
});

it("is reached on its port by those who are named, and by no address", () => {
  const allowedFrom = { gateway: { securityGroupId: "sg-gateway" }, monitor: { securityGroupId: "sg-monitor" } };
  const { all, one } = build({ container: { port: 2345 }, allowedFrom });
  const rules = all(VpcSecurityGroupIngressRule);
  expect(rules.map((rule) => rule.referenced_security_group_id).sort()).toEqual(["sg-gateway", "sg-monitor"]);
  for (const rule of rules) {
    expect(rule).toMatchObject({ ip_protocol: "tcp", from_port: 2345, to_port: 2345 });
    expect(Object.keys(rule).filter((key) => key.startsWith("cidr"))).toEqual([]);
  }
  expect(one(SecurityGroup).vpc_id).toBe("vpc-1");
});
it("stands in a security group that was made before, and adds no rules to it", () => {
  const securityGroup = { securityGroupId: "sg-before" };
  const { all, one } = build({ vpcId: undefined, securityGroup });
  expect(one(EcsService).network_configuration.security_groups).toEqual(["sg-before"]);
  for (const type of [SecurityGroup, VpcSecurityGroupIngressRule, VpcSecurityGroupEgressRule]) {
    expect(all(type)).toEqual([]);
  }
});
it("is found by its name where it has one", () => {
  const stack = synth((scope) => {
    const namespace = new PrivateNamespace(scope, "namespace", { name: "fossa.internal", vpcId: "vpc-1" });
    const discovery = { namespace, name: "rabbitmq" };
    const { dnsName } = new FargateService(scope, "service", settings({ discovery }));
    new TerraformOutput(scope, "dns", { value: dnsName, staticId: true });
  });
  expect(stack.one(EcsService).service_registries).toEqual({ registry_arn: refTo(ServiceDiscoveryService, "arn") });
  expect(stack.outputs.dns.value).toBe("rabbitmq.fossa.internal");
  expect(stack.all(ServiceDiscoveryHttpNamespace)).toEqual([]);
});
it("stands behind a load balancer where it has one, and waits for what it is told to", () => {
  const { one } = synth((stack) => {
    const listener = new LbListener(stack, "listener", { loadBalancerArn: "arn", defaultAction: [] });
    const some = { targetGroupArn: TARGET_GROUP, healthCheckGracePeriodSeconds: 60, dependsOn: [listener] };
    new FargateService(stack, "service", settings({ ...some, container: { name: "web", port: 8080 } }));
  });
  expect(one(EcsService)).toMatchObject({
    load_balancer: [{ target_group_arn: TARGET_GROUP, container_name: "web", container_port: 8080 }],
    health_check_grace_period_seconds: 60,
  });
  expect(one(EcsService).depends_on).toContainEqual(expect.stringMatching(/^aws_lb_listener\./));
});
it.each([0, 86_400])("gives a container with a check %i seconds to begin", (healthCheckGracePeriodSeconds) => {
  const container = { healthCheck: { command: ["CMD", "true"] } };
  expect(service({ container, healthCheckGracePeriodSeconds }).health_check_grace_period_seconds).toBe(
    healthCheckGracePeriodSeconds,
  );
});
it("lets people into its containers where asked", () => {
  expect(service({ executeCommand: true }).enable_execute_command).toBe(true);
});
it.each<[string, Settings]>([
  ["one subnet", { subnetIds: ["subnet-a"] }],
  ["sixteen subnets", { subnetIds: Array.from({ length: 16 }, (_, i) => `subnet-${i}`) }],
  ["subnets that are known later", { subnetIds: Token.asList({ "Fn::x": 1 }) }],
  ["a target group that another resource gives", { targetGroupArn: Token.asString({}), container: { port: 1 } }],
  ["a name of one letter", { name: "f" }],
  ["a name of a hundred characters", { name: `F_-${"x".repeat(97)}` }],
])("accepts %s", (_, some) => {
  expect(build(some).all(EcsService)).toHaveLength(1);
});
it("names roles within IAM's limit, whatever the service is called", () => {
  for (const { name_prefix } of build({ name: "x".repeat(100) }).all(IamRole)) {
    expect(name_prefix.length).toBeLessThanOrEqual(38);
  }
});
it("runs a worker of Fossa as it must be", () => {
  const stack = build({
    container: {
      port: 2345,
      secrets: { RABBITMQ_URL: `${SECRET}:url::` },
      healthCheck: { command: ["CMD-SHELL", "wget -qO- http://127.0.0.1:2345/api/0.01/ || exit 1"] },
    },
    allowedFrom: { gateway: { securityGroupId: "sg-gateway" } },
  });
  const container = containerOf(stack);
  expect(container.portMappings).toEqual([expect.objectContaining({ containerPort: 2345, protocol: "tcp" })]);
  expect(container.secrets).toEqual([{ name: "RABBITMQ_URL", valueFrom: `${SECRET}:url::` }]);
  expect(container).not.toHaveProperty("environment");
  expect(container.healthCheck.command[1]).toContain(":2345/api/0.01/");
  expect(stack.all(VpcSecurityGroupIngressRule)).toHaveLength(1);
});
it("tells what others need, by reference", () => {
  const KEYS = ["serviceName", "serviceArn", "taskDefinitionArn", "family", "securityGroupId"] as const;
  const ROLES = ["taskRoleArn", "taskRoleName", "executionRoleArn"] as const;
  const { outputs } = synth((stack) => {
    const made = new FargateService(stack, "service", MINIMAL);
    for (const key of [...KEYS, ...ROLES, "containerName"] as const) {
      new TerraformOutput(stack, key, { value: made[key], staticId: true });
    }
    for (const key of ["dnsName", "alarms"] as const) {
      new TerraformOutput(stack, key, { value: made[key] === undefined, staticId: true });
    }
  });
  const role = (kind: string, attribute: string) =>
    expect.stringMatching(new RegExp(`^\\$\\{aws_iam_role\\.service_roles_${kind}_[\\w-]+\\.${attribute}\\}$`));
  expect(outputs).toEqual({
    serviceName: { value: refTo(EcsService, "name") },
    serviceArn: { value: refTo(EcsService, "id") },
    taskDefinitionArn: { value: refTo(EcsTaskDefinition, "arn") },
    family: { value: refTo(EcsTaskDefinition, "family") },
    securityGroupId: { value: refTo(SecurityGroup, "id") },
    taskRoleArn: { value: role("task", "arn") },
    taskRoleName: { value: role("task", "name") },
    executionRoleArn: { value: role("execution", "arn") },
    containerName: { value: "fossa" },
    dnsName: { value: true },
    alarms: { value: true },
  });
});

const callers = { gateway: { securityGroupId: "sg-1" } };
rejectsSettings(
  ["name", { name: "" }, "a letter first"],
  ["name", { name: "fossa worker" }, '"fossa worker"'],
  ["name", { name: "x".repeat(101) }, "at most 100", "got 101"],
  ["cluster", { cluster: "dev-fossa" }, "an EcsCluster", '"dev-fossa"'],
  ["cluster", { cluster: { clusterName: "dev-fossa" } }, "clusterArn, containerInsights, logGroupName"],
  ["vpcId", { vpcId: undefined }, "is required without securityGroup"],
  ["vpcId", { securityGroup: { securityGroupId: "sg-1" } }, "left out with securityGroup", "got both"],
  ["vpcId", { vpcId: "" }, "at least 1"],
  ["subnetIds", { subnetIds: [] }, "at least 1 items"],
  ["subnetIds", { subnetIds: ["a", "a"] }, "must not name a subnet twice"],
  ["subnetIds", { subnetIds: Array.from({ length: 17 }, (_, i) => `subnet-${i}`) }, "at most 16", "got 17"],
  ["subnetIds[0]", { subnetIds: [""] }, "at least 1"],
  ["subnetIds", { subnetIds: "subnet-a" }, "of type array", '"subnet-a"'],
  ["allowedFrom", { allowedFrom: callers }, "must be empty without container.port", "got gateway"],
  [
    "allowedFrom",
    { vpcId: undefined, securityGroup: { securityGroupId: "sg-1" }, allowedFrom: callers, container: { port: 1 } },
    "left out with securityGroup",
  ],
  ["allowedFrom.all", { container: { port: 1 }, allowedFrom: { all: "0.0.0.0/0" } }, "what has a security group"],
  ["securityGroup", { vpcId: undefined, securityGroup: "sg-1" }, "a ServiceSecurityGroup", '"sg-1"'],
  ["discovery", { discovery: "rabbitmq" }, "of type object"],
  ["discovery.name", { discovery: { namespace: NAMESPACE, name: "Rabbit" } }, "lower-case", '"Rabbit"'],
  ["discovery.namespace", { discovery: { namespace: "fossa", name: "a" } }, "a PrivateNamespace"],
  ["discovery.ttl", { discovery: { namespace: NAMESPACE, name: "a", ttl: 5 } }, "unknown key"],
  ["targetGroupArn", { container: { port: 1 }, targetGroupArn: "web" }, "ARN of a target group", '"web"'],
  ["targetGroupArn", { targetGroupArn: TARGET_GROUP }, "left out without container.port"],
  ["healthCheckGracePeriodSeconds", { healthCheckGracePeriodSeconds: 60 }, "without a health check", "got 60"],
  [
    "healthCheckGracePeriodSeconds",
    { container: { port: 1 }, targetGroupArn: TARGET_GROUP, healthCheckGracePeriodSeconds: -1 },
    "at least 0",
    "got -1",
  ],
  [
    "healthCheckGracePeriodSeconds",
    { container: { port: 1 }, targetGroupArn: TARGET_GROUP, healthCheckGracePeriodSeconds: 86_401 },
    "at most 86400",
  ],
  ["dependsOn[0]", { dependsOn: ["aws_lb_listener.x"] }, "a resource", '"aws_lb_listener.x"'],
  ["assignPublicIp", { assignPublicIp: true }, "unknown key"],
  ["desiredcount", { desiredcount: 2 }, "did you mean desiredCount?"],
);
