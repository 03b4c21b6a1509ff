import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import { Eip } from "@cdktf/provider-aws/lib/eip";
import { EipAssociation } from "@cdktf/provider-aws/lib/eip-association";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { TerraformOutput, Token } from "cdktf";
import { describe, expect, it } from "vitest";
import { GatewayHost, type GatewayHostProps } from "../../../modules/fargate-fossa/gateway-host";
import { refTo, synth } from "../../support/synth";
import { APP, BUILD, build, MAXIMAL, MINIMAL, PAGE, TYPICAL } from "./gateway-host.fixture";

const IMAGES = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-";
const networkInterface = refTo(Instance, "primary_network_interface_id");

describe("the host", () => {
  it("is one small machine in the public subnet, of the newest Amazon Linux 2023 when it is made", () => {
    const { one, data } = build(TYPICAL);
    expect(one(Instance)).toMatchObject({
      ami: expect.stringMatching(/^\$\{data\.aws_ssm_parameter\.[\w-]+\.insecure_value\}$/),
      instance_type: "t3.small",
      subnet_id: "subnet-0123456789abcdef0",
      vpc_security_group_ids: [refTo(SecurityGroup, "id")],
      user_data_replace_on_change: true,
      tags: { Name: "dev-fossa-gateway" },
      lifecycle: { ignore_changes: ["ami"] },
    });
    expect(data(DataAwsSsmParameter)[0].name).toBe(`${IMAGES}x86_64`);
  });
  it("is closed: metadata by token, and not to containers, and an encrypted disk", () => {
    const { metadata_options, root_block_device } = build(TYPICAL).one(Instance);
    expect(metadata_options).toEqual({
      http_endpoint: "enabled",
      http_tokens: "required",
      http_put_response_hop_limit: 1,
    });
    expect(root_block_device).toEqual({
      volume_type: "gp3",
      volume_size: 20,
      encrypted: true,
      delete_on_termination: true,
      tags: { Name: "dev-fossa-gateway" },
    });
  });
  it("has neither a key pair nor detailed monitoring unless told to", () => {
    const instance = build(TYPICAL).one(Instance);
    expect(instance).not.toHaveProperty("key_name");
    expect(instance.monitoring).toBe(false);
    expect(build(MAXIMAL).one(Instance)).toMatchObject({
      key_name: "me",
      monitoring: true,
      instance_type: "t4g.medium",
      root_block_device: { volume_size: 40 },
    });
  });
  it.each<[Partial<GatewayHostProps>, string, string]>([
    [{}, "t3.small", "x86_64"],
    [{ architecture: "ARM64" }, "t4g.small", "arm64"],
    [{ instanceType: "t4g.nano" }, "t4g.nano", "arm64"],
    [{ architecture: "ARM64", instanceType: "c7i.large" }, "c7i.large", "x86_64"],
    [{ architecture: "ARM64", build: BUILD }, "t4g.small", "arm64"],
    [{ architecture: "ARM64", build: BUILD, instanceType: "m7g.large" }, "m7g.large", "arm64"],
  ])("with %j is a %s with an image for %s", (settings, type, architecture) => {
    const { one, data } = build({ ...MINIMAL, ...settings });
    expect(one(Instance).instance_type).toBe(type);
    expect(data(DataAwsSsmParameter)[0].name).toBe(IMAGES + architecture);
  });
  it("waits for its permissions and for the way to the internet", () => {
    const { one } = synth((stack) => {
      const gateway = new InternetGateway(stack, "internet", {});
      new GatewayHost(stack, "gateway", { ...TYPICAL, dependsOn: [gateway] });
    });
    const waitsFor = one(Instance).depends_on.join(" ");
    for (const type of [
      "aws_internet_gateway",
      "aws_vpc_security_group_egress_rule",
      "aws_iam_role_policy",
      "aws_iam_role_policy_attachment",
    ]) {
      expect(waitsFor).toMatch(new RegExp(`\\b${type}\\.`));
    }
    expect(one(EipAssociation).depends_on).toEqual(["aws_internet_gateway.internet"]);
  });
  it("has an address that stays when it is made anew", () => {
    const { one } = build(TYPICAL);
    expect(one(Eip)).toEqual({ domain: "vpc", tags: { Name: "dev-fossa-gateway" } });
    expect(one(EipAssociation)).toEqual({ allocation_id: refTo(Eip, "id"), network_interface_id: networkInterface });
  });
  it("runs nothing but the same script while the program changes", () => {
    const user_data = (key: string) => build({ ...PAGE, app: { ...APP, key } }).one(Instance).user_data;
    expect(user_data("a.mjs")).not.toBe(user_data("b.mjs")); // the key stays; what lies under it is not in the script
    expect(user_data("a.mjs")).toBe(user_data("a.mjs"));
  });
});

describe("as the way out", () => {
  it("passes on what is not for it, and is where the private tables lead", () => {
    const { one, all, host } = build(TYPICAL);
    expect(one(Instance).source_dest_check).toBe(false);
    expect(all(Route)).toEqual([
      {
        route_table_id: "rtb-0123456789abcdef0",
        destination_cidr_block: "0.0.0.0/0",
        network_interface_id: networkInterface,
      },
    ]);
    expect(all(NatGateway)).toEqual([]);
    expect(host.routes).toHaveLength(1);
  });
  it("is so for each table, in whatever order they are named", () => {
    const { all, byId, host } = build(MAXIMAL);
    expect(all(Route).map(({ route_table_id }) => route_table_id)).toEqual(MAXIMAL.privateRouteTableIds);
    expect(host.routes).toHaveLength(2);
    const reversed = [...(MAXIMAL.privateRouteTableIds ?? [])].reverse();
    expect(Object.keys(build({ ...MAXIMAL, privateRouteTableIds: reversed }).byId(Route)).sort()).toEqual(
      Object.keys(byId(Route)).sort(),
    );
  });
  it("takes tables that another stack makes", () => {
    const privateRouteTableIds = [Token.asString({}), Token.asString({ x: 1 })];
    expect(build({ ...TYPICAL, privateRouteTableIds }).all(Route)).toHaveLength(2);
  });
  it("leaves no trace where something else is", () => {
    const { one, all, host } = build({ ...PAGE, privateRouteTableIds: ["rtb-0123456789abcdef0"] });
    expect(one(Instance)).not.toHaveProperty("source_dest_check");
    expect(all(Route)).toEqual([]);
    expect(host.routes).toEqual([]);
  });
});

it("tells of itself what others need", () => {
  const { outputs } = synth((stack) => {
    const { routes, node, ...fields } = new GatewayHost(stack, "gateway", TYPICAL);
    for (const [id, value] of Object.entries(fields)) new TerraformOutput(stack, id, { staticId: true, value });
  });
  const values = Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  expect(values).toEqual({
    instanceId: refTo(Instance, "id"),
    instanceArn: refTo(Instance, "arn"),
    privateIp: refTo(Instance, "private_ip"),
    publicIp: refTo(Eip, "public_ip"),
    securityGroupId: refTo(SecurityGroup, "id"),
    roleArn: refTo(IamRole, "arn"),
    roleName: refTo(IamRole, "name"),
    sourceAmiId: refTo(Instance, "ami"),
  });
});

it("holds no password, whatever it does", () => {
  for (const props of [MINIMAL, TYPICAL, PAGE, MAXIMAL]) {
    const { json, parsed } = build(props);
    expect(json).not.toMatch(/supersecret|jammy/);
    expect(Object.keys(parsed.resource).filter((type) => /secret/.test(type))).toEqual([]);
    expect(json.match(/GATEWAY_HTTP_PASSWORD|HTTP_USER_PASSWORD/)).toBeNull();
  }
});
it("leaves out what is off", () => {
  const { parsed, all } = build({ ...MINIMAL, autoRecovery: false });
  expect(Object.keys(parsed.resource).sort()).toEqual([
    "aws_eip",
    "aws_eip_association",
    "aws_iam_instance_profile",
    "aws_iam_role",
    "aws_iam_role_policy_attachment",
    "aws_instance",
    "aws_route",
    "aws_security_group",
    "aws_vpc_security_group_egress_rule",
    "aws_vpc_security_group_ingress_rule",
  ]);
  expect(all(CloudwatchMetricAlarm)).toEqual([]);
});
