import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import { Eip } from "@cdktf/provider-aws/lib/eip";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { expect, it } from "vitest";
import { refTo } from "../../support/synth";
import { build } from "./network.fixture";

it("stands one machine in the first public subnet that passes on what is not for it", () => {
  const { all, data, one } = build({ nat: "instance" });
  expect(one(Instance)).toMatchObject({
    ami: expect.stringMatching(/^\$\{data\.aws_ssm_parameter\.[\w-]+\.insecure_value\}$/),
    instance_type: "t4g.nano",
    subnet_id: expect.stringContaining("network_public_subnet-0"),
    source_dest_check: false,
    vpc_security_group_ids: [refTo(SecurityGroup, "id")],
    user_data: expect.stringContaining("masquerade"),
    user_data_replace_on_change: true,
    tags: { Name: "ml-net-nat" },
    lifecycle: { ignore_changes: ["ami"] },
    depends_on: [
      expect.stringMatching(/^aws_route\.network_public-route/),
      expect.stringMatching(/^aws_vpc_security_group_egress_rule\./),
    ],
  });
  expect(data(DataAwsSsmParameter)[0].name).toBe(
    "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
  );
  expect(all(NatGateway)).toEqual([]);
});
it("closes the machine as others are closed", () => {
  const { metadata_options, root_block_device } = build({ nat: "instance" }).one(Instance);
  expect(metadata_options).toEqual({
    http_endpoint: "enabled",
    http_tokens: "required",
    http_put_response_hop_limit: 1,
  });
  expect(root_block_device).toEqual({
    volume_type: "gp3",
    volume_size: 8,
    encrypted: true,
    delete_on_termination: true,
    tags: { Name: "ml-net-nat" },
  });
});
it("has an address that stays, once the internet is reached", () => {
  const { network, one } = build({ nat: "instance" });
  expect(one(Eip)).toMatchObject({
    domain: "vpc",
    network_interface: refTo(Instance, "primary_network_interface_id"),
    depends_on: [expect.stringMatching(/^aws_route\.network_public-route/)],
  });
  expect(network.natPublicIps).toHaveLength(1);
  expect(network.natGatewayIds).toEqual([]);
});
it("is the way out of the private tier, for which machines can wait", () => {
  const { all, network } = build({ nat: "instance" });
  const routes = all(Route).filter((route) => route.network_interface_id);
  expect(routes).toEqual([
    {
      destination_cidr_block: "0.0.0.0/0",
      network_interface_id: refTo(Instance, "primary_network_interface_id"),
      route_table_id: expect.stringContaining("network_private-table"),
    },
  ]);
  expect(network.privateRouteTableIds).toHaveLength(1);
  expect(network.defaultRoutes).toHaveLength(2);
});
it("serves the VPC, its pods included, and nobody else", () => {
  const { all, one } = build({ nat: "instance", podCidr: "100.64.0.0/16" });
  const rules = all(VpcSecurityGroupIngressRule);
  expect(rules.map(({ cidr_ipv4 }) => cidr_ipv4)).toEqual(["10.0.0.0/16", "100.64.0.0/16"]);
  for (const rule of rules) {
    expect(rule).toMatchObject({ security_group_id: refTo(SecurityGroup, "id"), ip_protocol: "-1" });
  }
  expect(one(VpcSecurityGroupEgressRule)).toMatchObject({ cidr_ipv4: "0.0.0.0/0", ip_protocol: "-1" });
  expect(build({ nat: "instance" }).all(VpcSecurityGroupIngressRule)).toHaveLength(1);
});
it.each(["t4g.nano", "t4g.micro", "t4g.small", "t4g.medium", "c6gn.medium", "c7gn.medium"] as const)(
  "takes a %s",
  (natInstanceType) => {
    expect(build({ nat: "instance", natInstanceType }).one(Instance).instance_type).toBe(natInstanceType);
  },
);
it("leaves no trace where a gateway, or nothing, is the way out", () => {
  for (const nat of ["single", "perAz", "regional", "none"] as const) {
    const { all, data } = build({ nat });
    for (const type of [Instance, SecurityGroup, VpcSecurityGroupIngressRule]) expect(all(type)).toEqual([]);
    expect(data(DataAwsSsmParameter)).toEqual([]);
  }
});
it("has its disk under a key, where one is given", () => {
  const diskKmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/0f1e2d3c";
  const keyOf = (props: object) => build({ nat: "instance", ...props }).one(Instance).root_block_device.kms_key_id;
  expect(keyOf({ diskKmsKeyArn })).toBe(diskKmsKeyArn);
  expect(keyOf({})).toBeUndefined();
});
