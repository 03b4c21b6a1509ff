import { ServiceDiscoveryPrivateDnsNamespace } from "@cdktf/provider-aws/lib/service-discovery-private-dns-namespace";
import { ServiceDiscoveryService } from "@cdktf/provider-aws/lib/service-discovery-service";
import { TerraformOutput } from "cdktf";
import { expect, it } from "vitest";
import { DiscoveryService, type DiscoveryServiceProps } from "../../../../modules/aws/ecs/discovery-service";
import { PrivateNamespace } from "../../../../modules/aws/ecs/private-namespace";
import { rejects } from "../../../support/bad-input";
import { refTo, synth } from "../../../support/synth";

const NAMESPACE = { namespaceId: "ns-1", namespaceName: "fossa.internal" };
const build = (name: string) =>
  synth((stack) => {
    const namespace = new PrivateNamespace(stack, "namespace", { name: "fossa.internal", vpcId: "vpc-1" });
    const { registryArn, dnsName } = new DiscoveryService(stack, "discovery", { namespace, name });
    new TerraformOutput(stack, "registry", { value: registryArn, staticId: true });
    new TerraformOutput(stack, "dns", { value: dnsName, staticId: true });
  });

it("is an A record of ten seconds that ECS keeps, and that can be deleted", () => {
  expect(build("rabbitmq").one(ServiceDiscoveryService)).toEqual({
    name: "rabbitmq",
    dns_config: {
      namespace_id: refTo(ServiceDiscoveryPrivateDnsNamespace, "id"),
      routing_policy: "MULTIVALUE",
      dns_records: [{ type: "A", ttl: 10 }],
    },
    health_check_custom_config: { failure_threshold: 1 },
    force_destroy: true,
  });
});
it("tells where tasks are registered, and the name that is known at synth", () => {
  const { outputs } = build("rabbitmq");
  expect(outputs.registry.value).toEqual(refTo(ServiceDiscoveryService, "arn"));
  expect(outputs.dns.value).toBe("rabbitmq.fossa.internal");
});
it.each(["x", "rabbit-mq-1", "x".repeat(63)])("accepts the name %s", (name) => {
  expect(build(name).one(ServiceDiscoveryService).name).toBe(name);
});

rejects<unknown>(
  "test/discovery",
  (
    [
      ["name", { name: undefined }, "is required"],
      ["name", { name: "" }, "lower-case", '""'],
      ["name", { name: "Rabbit" }, "lower-case", '"Rabbit"'],
      ["name", { name: "rabbit.mq" }, "letters, digits and hyphens"],
      ["name", { name: "-rabbit" }, "no hyphen first or last"],
      ["name", { name: "rabbit-" }, "no hyphen first or last"],
      ["name", { name: "x".repeat(64) }, "at most 63", "got 64"],
      ["namespace", { namespace: "ns-1" }, "a PrivateNamespace", '"ns-1"'],
      ["namespace", { namespace: { namespaceId: "ns-1" } }, "namespaceName"],
      ["namespace", { namespace: undefined }, "got nothing"],
      ["ttl", { ttl: 60 }, "unknown key"],
    ] as [string, object, ...string[]][]
  ).map(([key, props, ...words]) => [key, { namespace: NAMESPACE, name: "rabbitmq", ...props }, ...words]),
  (stack, props) => new DiscoveryService(stack, "discovery", props as DiscoveryServiceProps),
);
