import { Ec2InstanceConnectEndpoint } from "@cdktf/provider-aws/lib/ec2-instance-connect-endpoint";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { TerraformOutput } from "cdktf";
import { expect, it } from "vitest";
import { InstanceConnect } from "../../../modules/ml-ec2/instance-connect";
import { refTo, synth } from "../../support/synth";
import { build, rejectsSettings } from "./operations.fixture";

const made = () =>
  synth((stack) => {
    const { endpointId, securityGroupId } = new InstanceConnect(stack, "connect", {
      prefix: "ml-dev",
      vpcId: "vpc-1",
      subnetId: "subnet-1",
      machineSecurityGroupId: "sg-machine",
    });
    for (const [name, value] of Object.entries({ endpointId, securityGroupId })) {
      new TerraformOutput(stack, name, { value, staticId: true });
    }
  });
const group = refTo(SecurityGroup, "id");

it("is off by default", () => {
  const { all } = build();
  expect([
    ...all(Ec2InstanceConnectEndpoint),
    ...all(VpcSecurityGroupEgressRule),
    ...all(VpcSecurityGroupIngressRule),
  ]).toEqual([]);
  expect(build({ instanceConnect: true }).all(Ec2InstanceConnectEndpoint)).toHaveLength(1);
});
it("is an endpoint in the subnet, which machines see by its security group", () => {
  const { one } = made();
  expect(one(Ec2InstanceConnectEndpoint)).toMatchObject({
    subnet_id: "subnet-1",
    security_group_ids: [group],
    preserve_client_ip: false,
  });
  expect(one(SecurityGroup)).toMatchObject({
    name_prefix: "instance-connect-ml-dev-",
    vpc_id: "vpc-1",
    lifecycle: { create_before_destroy: true },
  });
});
it("goes to SSH of the machines only, and they let it in there", () => {
  const { one } = made();
  const ssh = { ip_protocol: "tcp", from_port: 22, to_port: 22 };
  expect(one(VpcSecurityGroupEgressRule)).toEqual({
    ...ssh,
    security_group_id: group,
    referenced_security_group_id: "sg-machine",
    description: expect.any(String),
  });
  expect(one(VpcSecurityGroupIngressRule)).toEqual({
    ...ssh,
    security_group_id: "sg-machine",
    referenced_security_group_id: group,
    description: expect.any(String),
  });
});
it("tells its ids by reference", () => {
  expect(made().outputs).toEqual({
    endpointId: { value: refTo(Ec2InstanceConnectEndpoint, "id") },
    securityGroupId: { value: group },
  });
});

rejectsSettings(
  ["instanceConnect", { instanceConnect: {} }, "of type boolean"],
  ["instanceConnect", { instanceConnect: "true" }, "of type boolean", '"true"'],
);
