import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Token } from "cdktf";
import { expect, it } from "vitest";
import type { GatewayHostProps } from "../../../modules/fargate-fossa/gateway-host";
import { type Json, refTo } from "../../support/synth";
import { APP, build, MAXIMAL, MINIMAL, PAGE, TYPICAL } from "./gateway-host.fixture";

const office = "203.0.113.0/24";
const open = (props: GatewayHostProps) =>
  build(props)
    .all(VpcSecurityGroupIngressRule)
    .map((rule: Json) => {
      expect(rule).toMatchObject({
        security_group_id: refTo(SecurityGroup, "id"),
        ip_protocol: "tcp",
        to_port: rule.from_port,
      });
      return `${rule.cidr_ipv4} ${rule.from_port}`;
    })
    .sort();

it("lets the private side through on HTTP and HTTPS, nobody else in, and everything out", () => {
  expect(open(TYPICAL)).toEqual(["192.168.2.0/24 443", "192.168.2.0/24 80"]);
  const { one } = build(TYPICAL);
  expect(one(SecurityGroup)).toMatchObject({
    name_prefix: "dev-fossa-gateway-",
    vpc_id: "vpc-0123456789abcdef0",
    lifecycle: { create_before_destroy: true },
  });
  expect(one(SecurityGroup)).not.toHaveProperty("ingress");
  expect(one(VpcSecurityGroupEgressRule)).toMatchObject({ cidr_ipv4: "0.0.0.0/0", ip_protocol: "-1" });
});
it("lets the private side through on the ports that are named, from each block", () => {
  const privateCidrBlocks = ["192.168.2.0/24", "192.168.3.0/24"];
  expect(open({ ...MINIMAL, privateCidrBlocks, egressPorts: [22, 443] })).toEqual([
    "192.168.2.0/24 22",
    "192.168.2.0/24 443",
    "192.168.3.0/24 22",
    "192.168.3.0/24 443",
  ]);
});
it("lets nobody through who does not need it", () => {
  expect(open({ ...PAGE, privateCidrBlocks: ["192.168.2.0/24"] })).toEqual([]);
});
it("opens the page's port to the blocks that are named, where there is no TLS", () => {
  expect(open({ ...PAGE, allowedCidrs: [office, "10.0.0.0/8"] })).toEqual(["10.0.0.0/8 80", `${office} 80`]);
  expect(open({ ...PAGE, app: { ...APP, port: 8000 }, allowedCidrs: [office] })).toEqual([`${office} 8000`]);
});
it("opens it to nobody where a load balancer with TLS does, or where there is no page", () => {
  expect(open({ ...PAGE, tls: true, allowedCidrs: [office] })).toEqual([]);
  expect(open({ ...PAGE, tls: true, allowInternet: true, allowedCidrs: ["0.0.0.0/0"] })).toEqual([]);
  expect(open({ ...MINIMAL, allowedCidrs: [office] })).toEqual(open(MINIMAL));
});
it("opens SSH to nobody unless told to", () => {
  for (const props of [MINIMAL, TYPICAL, PAGE]) expect(open(props).join()).not.toMatch(/ 22\b/);
  expect(open({ ...PAGE, ssh: [office] })).toEqual([`${office} 22`]);
  expect(open(MAXIMAL).filter((rule) => rule.endsWith(" 22"))).toEqual([
    "192.168.2.0/24 22", // what the private side reaches in the internet
    "192.168.3.0/24 22",
    `${office} 22`,
  ]);
});
it("admits the internet as a whole nowhere", () => {
  for (const props of [MINIMAL, TYPICAL, PAGE, MAXIMAL]) expect(open(props).join()).not.toContain("0.0.0.0/0");
});
it("names rules by block and port, so that order does not matter", () => {
  const ids = (props: GatewayHostProps) => Object.keys(build(props).byId(VpcSecurityGroupIngressRule)).sort();
  const blocks = [office, "10.0.0.0/8"];
  expect(ids({ ...TYPICAL, allowedCidrs: blocks, egressPorts: [80, 443] })).toEqual(
    ids({ ...TYPICAL, allowedCidrs: [...blocks].reverse(), egressPorts: [443, 80] }),
  );
});
it("takes blocks that another resource gives", () => {
  expect(open({ ...PAGE, allowedCidrs: [Token.asString({}), Token.asString({ x: 1 })] })).toHaveLength(2);
});
