import { Ec2ClientVpnAuthorizationRule } from "@cdktf/provider-aws/lib/ec2-client-vpn-authorization-rule";
import { Ec2ClientVpnEndpoint } from "@cdktf/provider-aws/lib/ec2-client-vpn-endpoint";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { describe, expect, it } from "vitest";
import { ClientVpn, type ClientVpnProps } from "../../../../modules/aws/client-vpn/client-vpn";
import { type BadInput, rejects } from "../../../support/bad-input";
import { refTo, synth } from "../../../support/synth";
import { BY_DIRECTORY, build, MINIMAL, NETWORK, SID, SIGN_IN } from "./client-vpn.fixture";

const rulesOf = (settings: Partial<ClientVpnProps>) =>
  build(settings)
    .all(Ec2ClientVpnAuthorizationRule)
    .map(({ access_group_id: group, target_network_cidr: target }) => `${group} ${target}`)
    .sort();

describe("who signs in", () => {
  it("reaches the VPC as a member of a group, and nobody else does", () => {
    const { all } = build({ ...SIGN_IN, groups: { staff: { id: "data-staff" } } });
    expect(all(Ec2ClientVpnAuthorizationRule)).toEqual([
      {
        client_vpn_endpoint_id: refTo(Ec2ClientVpnEndpoint, "id"),
        target_network_cidr: "192.168.0.0/16",
        description: "staff",
        access_group_id: "data-staff",
      },
    ]);
  });
  it("has a rule for each group and block of the VPC", () => {
    const vpcCidrBlocks = ["192.168.0.0/16", "100.64.0.0/16"];
    const groups = { staff: { id: "a" }, guests: { id: "b" } };
    expect(rulesOf({ ...SIGN_IN, groups, network: { ...NETWORK, vpcCidrBlocks } })).toEqual([
      "a 100.64.0.0/16",
      "a 192.168.0.0/16",
      "b 100.64.0.0/16",
      "b 192.168.0.0/16",
    ]);
  });
  it("keeps what it reaches where another group reaches a part of it: the longest prefix alone decides", () => {
    const groups = {
      staff: { id: "a" },
      guests: { id: "b", cidrs: ["192.168.2.0/24"] },
      crew: { id: "c", cidrs: ["192.168.2.0/23"] },
    };
    expect(rulesOf({ ...SIGN_IN, groups })).toEqual([
      "a 192.168.0.0/16",
      "a 192.168.2.0/23",
      "a 192.168.2.0/24",
      "b 192.168.2.0/24",
      "c 192.168.2.0/23",
      "c 192.168.2.0/24",
    ]);
  });
  it("gets into the internet as a member of a group, where all traffic is taken", () => {
    expect(rulesOf({ ...BY_DIRECTORY, splitTunnel: false, groups: { staff: { id: SID } } })).toEqual([
      `${SID} 0.0.0.0/0`,
      `${SID} 192.168.0.0/16`,
    ]);
  });
  it("has rules that stay, whatever the order of the groups", () => {
    const ids = (groups: ClientVpnProps["groups"]) => build({ ...SIGN_IN, groups }).byId(Ec2ClientVpnAuthorizationRule);
    const [a, b] = [{ id: "a", cidrs: ["192.168.1.0/24"] }, { id: "b" }];
    expect(Object.keys(ids({ a, b })).sort()).toEqual(Object.keys(ids({ b, a })).sort());
    expect(ids({ a, b })).toEqual(ids({ b, a }));
  });
  it("reaches a VPC whose block is known later", () => {
    const { one } = synth((stack) => {
      const vpc = new Vpc(stack, "vpc", { ipv4IpamPoolId: "ipam-pool-1" });
      const network = { vpcId: vpc.id, vpcCidrBlocks: [vpc.cidrBlock] };
      new ClientVpn(stack, "vpn", { ...MINIMAL, ...SIGN_IN, network, groups: { staff: { id: "a" } } });
    });
    expect(one(Ec2ClientVpnAuthorizationRule)).toMatchObject({
      access_group_id: "a",
      target_network_cidr: refTo(Vpc, "cidr_block"),
    });
  });
});
it("lets in everybody who has a certificate", () => {
  const rules = build().all(Ec2ClientVpnAuthorizationRule);
  expect(rules).toEqual([expect.objectContaining({ authorize_all_groups: true })]);
});
it.each<[string, ClientVpnProps["groups"]]>([
  ["a key of 32 characters", { ["a".repeat(32)]: { id: "a" } }],
  ["an id of 255 characters", { a: { id: "a".repeat(255) } }],
  ["a single address", { a: { id: "a", cidrs: ["192.168.7.7/32"] } }],
  ["the whole VPC", { a: { id: "a", cidrs: ["192.168.0.0/16"] } }],
])("accepts %s", (_, groups) => {
  expect(build({ ...SIGN_IN, groups }).all(Ec2ClientVpnEndpoint)).toHaveLength(1);
});

const group = (settings: object) => ({ ...SIGN_IN, groups: { staff: { id: "a", ...settings } } });
const rows: BadInput<object>[] = [
  ["groups", { groups: { staff: { id: "a" } } }, "must be left out without samlProviderArn", "got staff"],
  ["groups.Staff", { ...SIGN_IN, groups: { Staff: { id: "a" } } }, "lower-case letters", '"Staff"'],
  [`groups.${"a".repeat(33)}`, { ...SIGN_IN, groups: { ["a".repeat(33)]: { id: "a" } } }, "1 to 32"],
  ["groups.b.id", { ...SIGN_IN, groups: { a: { id: "x" }, b: { id: "x" } } }, "must differ from that of a", "got x"],
  ["groups.staff.id", group({ id: "" }), "at least 1 characters"],
  ["groups.staff.id", group({ id: "a".repeat(256) }), "at most 255 characters", "got 256"],
  ["groups.staff.id", { ...BY_DIRECTORY, groups: { staff: { id: "staff" } } }, "must be the SID of a group", "staff"],
  ["groups.staff.cidrs", group({ cidrs: [] }), "at least 1 items"],
  ["groups.staff.cidrs", group({ cidrs: Array.from({ length: 21 }, (_, i) => `192.168.${i}.0/24`) }), "at most 20"],
  ["groups.staff.cidrs.0", group({ cidrs: ["10.0.0.0/24"] }), "must lie in the VPC (192.168.0.0/16)", "10.0.0.0/24"],
  ["groups.staff.cidrs.0", group({ cidrs: ["192.168.0.1/24"] }), "did you mean 192.168.0.0/24?"],
  ["groups.staff.cidrs", { ...group({ cidrs: ["192.168.2.0/24"] }), splitTunnel: false }, "where splitTunnel is off"],
];
rejects(
  "test/vpn",
  rows.map(([key, settings, ...words]) => [key, { ...MINIMAL, ...settings }, ...words]),
  (stack, props) => new ClientVpn(stack, "vpn", props as ClientVpnProps),
);
