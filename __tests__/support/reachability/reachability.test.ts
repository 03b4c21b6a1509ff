import { describe, expect, it } from "vitest";
import type { Json } from "../synth";
import { ref } from "../terraform-json";
import { ruleFaults } from "./group-rules";
import { inWords, tcp } from "./ports";
import { Reachability } from "./reachability";
import { needsOf, reachedBy } from "./services";
import { Whole } from "./whole";

/** A stack of these resources, each with its name as its place. */
const stackOf = (resource: Record<string, Record<string, object>>, rest: object = {}): Json => ({
  ...rest,
  resource: Object.fromEntries(
    Object.entries(resource).map(([type, named]) => [
      type,
      Object.fromEntries(
        Object.entries(named).map(([name, body]) => [name, { ...body, "//": { metadata: { path: name } } }]),
      ),
    ]),
  ),
});

const REMOTE = "data.terraform_remote_state.cross-stack-reference-input";
const OPEN = { cidr_ipv4: "0.0.0.0/0", ip_protocol: "-1" };
const port = (number: number) => ({ ip_protocol: "tcp", from_port: number, to_port: number });

/** Two machines in a network of a stack of its own, of which `b` lets `a` in. */
function two(change: { rule?: object; egress?: object; subnet?: object; route?: object } = {}) {
  const subnet_id = ref(`${REMOTE}-net.outputs.cross-stack-output-a`);
  const group = (name: string) => ref(`aws_security_group.${name}.id`);
  return new Reachability({
    net: stackOf(
      {
        aws_vpc: { vpc: {} },
        aws_subnet: { a: { vpc_id: ref("aws_vpc.vpc.id"), cidr_block: "10.0.1.0/24", ...change.subnet } },
        aws_route_table: { table: {} },
        aws_route_table_association: {
          a: { subnet_id: ref("aws_subnet.a.id"), route_table_id: ref("aws_route_table.table.id") },
        },
        ...(change.route && {
          aws_route: { out: { route_table_id: ref("aws_route_table.table.id"), ...change.route } },
        }),
      },
      { output: { "cross-stack-output-a": { value: ref("aws_subnet.a.id") } } },
    ),
    machines: stackOf({
      aws_security_group: { a: {}, b: {} },
      aws_vpc_security_group_egress_rule: { a: { security_group_id: group("a"), ...OPEN, ...change.egress } },
      aws_vpc_security_group_ingress_rule: {
        b: { security_group_id: group("b"), ...port(443), referenced_security_group_id: group("a"), ...change.rule },
      },
      aws_instance: {
        a: { subnet_id, vpc_security_group_ids: [group("a")] },
        b: { subnet_id, vpc_security_group_ids: [group("b")], associate_public_ip_address: true },
      },
    }),
  });
}

function between(world: Reachability, from: string, to: string): string {
  const called = (name: string) => world.ends.find((end) => end.name === name) as Json;
  return world.between(called(from), called(to));
}

describe("two machines", () => {
  it("reach each other by the rules of both, in one direction", () => {
    expect(between(two(), "a", "b")).toBe("tcp 443");
    expect(between(two(), "b", "a")).toBe("nothing");
  });
  it("do not where either rule is another", () => {
    const elsewhere = { cidr_ipv4: "10.0.2.0/24" };
    expect(between(two({ egress: elsewhere }), "a", "b")).toBe("nothing");
    expect(between(two({ rule: { ...elsewhere, referenced_security_group_id: undefined } }), "a", "b")).toBe("nothing");
    expect(between(two({ egress: port(80) }), "a", "b")).toBe("nothing");
  });
  it("are refused where a rule is about a part of a subnet", () => {
    const part = { rule: { cidr_ipv4: "10.0.1.7/32", referenced_security_group_id: undefined } };
    expect(() => between(two(part), "a", "b")).toThrow("10.0.1.7/32, which is a part of 10.0.1.0/24");
  });
});

describe("the internet", () => {
  const open = { rule: { ...OPEN, referenced_security_group_id: undefined } };
  const gateway = { destination_cidr_block: "0.0.0.0/0", gateway_id: "igw-1" };
  it("is reached, and reaches, by a public address and a route only", () => {
    expect(between(two({ ...open, route: gateway }), "the internet", "b")).toBe("all");
    expect(between(two(open), "the internet", "b")).toBe("nothing");
    expect(between(two({ ...open, route: gateway }), "the internet", "a")).toBe("nothing");
    expect(between(two({ route: gateway }), "a", "the internet")).toBe("nothing");
  });
  it("is reached through a machine by what that lets in and out", () => {
    const route = { destination_cidr_block: "0.0.0.0/0", network_interface_id: ref("aws_instance.none.x") };
    expect(() => between(two({ route }), "a", "the internet")).toThrow("nothing is known of");
  });
});

it("follows what a stack puts out, also inside a text", () => {
  const remote = ref(`${REMOTE}-one.outputs.it`);
  const whole = new Whole({
    one: stackOf({ aws_sns_topic: { here: {} } }, { output: { it: { value: ref("aws_sns_topic.here.arn") } } }),
    two: stackOf({ aws_sns_topic: { there: { policy: `{"a":"${remote}"}`, topics: [remote] } } }),
  });
  expect(whole.resources[1]?.body).toEqual({
    policy: `{"a":"${ref("one:aws_sns_topic.here.arn")}"}`,
    topics: [ref("one:aws_sns_topic.here.arn")],
  });
  expect(whole.at(whole.resources[1]?.body.topics[0])?.path).toBe("here");
});

it("counts rules of a group, and finds those made twice in other words", () => {
  const rule = { security_group_id: "sg-1", cidr_ipv4: "10.0.0.0/8", ...port(22) };
  const rules = Object.fromEntries(
    Array.from({ length: 61 }, (_, n) => [`r${n}`, { ...rule, security_group_id: "sg-2", ...port(n + 1) }]),
  );
  const whole = new Whole({
    one: stackOf({ aws_vpc_security_group_ingress_rule: { first: rule, ...rules } }),
    two: stackOf({ aws_vpc_security_group_ingress_rule: { again: { ...rule, description: "other" } } }),
  });
  expect(ruleFaults(whole)).toEqual([
    "ingress of sg-1: tcp 22 and 10.0.0.0/8 made by first and again",
    "ingress of sg-2 has 61 rules",
  ]);
});

it("says ports in one way", () => {
  expect(inWords([])).toBe("nothing");
  expect(tcp(444, 80, 443)).toBe("tcp 80, 443-444");
  expect(
    inWords([
      { protocol: "udp", from: 53, to: 53 },
      { protocol: "tcp", from: 1, to: 9 },
    ]),
  ).toBe("tcp 1-9; udp 53");
});

it("knows nothing of what a policy of AWS's calls that no row names, and says so", () => {
  const world = new Reachability(
    {
      one: stackOf({
        aws_vpc: { vpc: {} },
        aws_instance: {
          a: {
            subnet_id: "subnet-1",
            vpc_security_group_ids: [],
            iam_instance_profile: ref("aws_iam_instance_profile.p.name"),
          },
        },
        aws_iam_instance_profile: { p: { role: ref("aws_iam_role.r.name") } },
        aws_iam_role: { r: {} },
        aws_iam_role_policy_attachment: {
          r: { role: ref("aws_iam_role.r.name"), policy_arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" },
        },
      }),
    },
    { subnets: { "subnet-1": { network: "vpc-1", block: "10.0.0.0/24", table: "rtb-1" } } },
  );
  const [machine] = world.of("machine");
  expect(() => needsOf(world, machine as Json)).toThrow("ReadOnlyAccess");
  expect(reachedBy(world, machine as Json)).toEqual(new Set());
});
