import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { describe, expect, it } from "vitest";
import {
  type AdmitOptions,
  allowedFromSchema,
  clientSecurityGroupIdsSchema,
  IngressSecurityGroup,
  securityGroupIdsOf,
} from "../../../../modules/aws/ec2/ingress-security-group";
import { refTo, synth } from "../../../support/synth";

const build = (clients: Record<string, string>, options: AdmitOptions = { fromPort: 2049 }) =>
  synth((stack) => {
    const props = { namePrefix: "files-data-", description: "NFS of data", vpcId: "vpc-1", name: "data" };
    new IngressSecurityGroup(stack, "security-group", props).admit(clients, options);
  });
const ids = (prefix: string, count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`c${i}`, `${prefix}${i}`]));

it("can be replaced while it is in use, and is open to nobody", () => {
  const { all, one } = build({});
  expect(one(SecurityGroup)).toEqual({
    name_prefix: "files-data-",
    description: "NFS of data",
    vpc_id: "vpc-1",
    tags: { Name: "data" },
    lifecycle: { create_before_destroy: true },
  });
  expect(all(VpcSecurityGroupIngressRule)).toEqual([]);
});

describe("clients", () => {
  const rule = (client: string, id: string) => ({
    security_group_id: refTo(SecurityGroup, "id"),
    description: client,
    referenced_security_group_id: id,
    ip_protocol: "tcp",
    from_port: 2049,
    to_port: 2049,
  });
  it("reach one port, by rules beside the group that bear their names", () => {
    expect(build({ nodes: "sg-1", box: "sg-2" }).byId(VpcSecurityGroupIngressRule)).toEqual({
      "from-box": rule("box", "sg-2"),
      "from-nodes": rule("nodes", "sg-1"),
    });
  });
  it("reach several ports, by ids and descriptions of their own", () => {
    const options = {
      fromPort: 1018,
      toPort: 1023,
      idPrefix: "servers-from",
      description: (name: string) => `of ${name}`,
    };
    expect(build({ nodes: "sg-1" }, options).byId(VpcSecurityGroupIngressRule)).toEqual({
      "servers-from-nodes": { ...rule("of nodes", "sg-1"), from_port: 1018, to_port: 1023 },
    });
  });
  it("may be named in any order", () => {
    expect(build({ b: "sg-b", a: "sg-a" }).json).toBe(build({ a: "sg-a", b: "sg-b" }).json);
  });
});

describe("allowedFrom", () => {
  const owners = (count: number) =>
    Object.fromEntries(Object.entries(ids("sg-", count)).map(([name, securityGroupId]) => [name, { securityGroupId }]));
  it("is empty by default, and takes sixty clients", () => {
    expect(allowedFromSchema.parse(undefined)).toEqual({});
    expect(Object.keys(allowedFromSchema.parse(owners(60)))).toHaveLength(60);
    expect(allowedFromSchema.safeParse(owners(61)).error?.issues).toMatchObject([
      { path: [], message: "must have at most 60 groups, got 61" },
    ]);
  });
  it("becomes ids by the same names", () => {
    expect(securityGroupIdsOf(owners(2))).toEqual(ids("sg-", 2));
  });
});

it("takes at least one client's id, by a name in lower case", () => {
  expect(clientSecurityGroupIdsSchema.parse({ nodes: "sg-1" })).toEqual({ nodes: "sg-1" });
  for (const wrong of [{}, { Nodes: "sg-1" }, { nodes: "" }]) {
    expect(clientSecurityGroupIdsSchema.safeParse(wrong).success).toBe(false);
  }
});
