import { Token } from "cdktf";
import { Construct } from "constructs";
import { expect, it } from "vitest";
import { z } from "zod";
import {
  InputError,
  nearest,
  orToken,
  parseInput,
  parseProps,
  reference,
  show,
} from "../../../../modules/common/settings/props";
import { errorOf } from "../../../support/bad-input";

const schema = z.strictObject({
  name: z.string().min(3).max(5),
  count: z.number().int().min(1).max(10).default(4),
  mode: z.enum(["none", "single"]).optional(),
  arn: orToken(z.string().startsWith("arn:")).optional(),
  zones: z.array(z.string()).min(2).max(3).optional(),
  step: z.number().multipleOf(5).optional(),
  pools: z
    .array(
      z
        .strictObject({ suffix: z.string(), minSize: z.number().default(0), maxSize: z.number() })
        .superRefine((pool, ctx) => {
          if (pool.maxSize < pool.minSize) {
            const message = `must be at least minSize (${pool.minSize}), got ${pool.maxSize}`;
            ctx.addIssue({ code: "custom", path: ["maxSize"], message });
          }
        }),
    )
    .optional(),
  peers: z.record(z.string(), z.strictObject({ vpcId: z.string() })).optional(),
  state: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("local"), directory: z.string().optional() }),
      z.strictObject({ kind: z.literal("s3"), bucket: z.string() }),
    ])
    .optional(),
  network: reference<{ vpcId: string }>("a Network", "vpcId").optional(),
  owner: reference<{ subnetIds: readonly string[]; labels: object }>("an owner", "subnetIds[]", "labels{}").optional(),
  tier: z.union([z.literal(false), z.strictObject({ cidrs: z.array(z.string()).min(1).optional() })]).optional(),
});
const messageOf = (input: unknown) => errorOf(() => parseInput("here", schema, input)).message;

it("returns the settings with their defaults", () => {
  expect(parseInput("here", schema, { name: "abc" })).toEqual({ name: "abc", count: 4 });
  expect(parseInput("here", schema, { name: "abc", count: undefined })).toEqual({ name: "abc", count: 4 });
});
it("begins with the construct path and is an InputError", () => {
  const scope = new Construct(new Construct(undefined as unknown as Construct, "stack"), "thing");
  const error = errorOf(() => parseProps(scope, schema, { name: "a" }));
  expect(error).toBeInstanceOf(InputError);
  expect(error.message).toBe('stack/thing: name: must have at least 3 characters, got 1 ("a")');
});
it("lists every fault of one input in one error", () => {
  expect(messageOf({ name: "abcdef", count: 0, mode: "dual" })).toBe(
    'here: name: must have at most 5 characters, got 6 ("abcdef"); count: must be at least 1, got 0; ' +
      'mode: must be one of none, single, got "dual"',
  );
});
it.each([
  [{}, "name: is required (string), got nothing"],
  [{ name: 3 }, "name: must be of type string, got 3"],
  [{ name: "abc", count: 11 }, "count: must be at most 10, got 11"],
  [{ name: "abc", count: 1.5 }, "count: must be a whole number, got 1.5"],
  [{ name: "abc", step: 7 }, "step: must be a multiple of 5, got 7"],
  [{ name: "abc", zones: ["a"] }, 'zones: must have at least 2 items, got 1 (["a"])'],
  [{ name: "abc", zones: ["a", "b", "c", "d"] }, "zones: must have at most 3 items, got 4"],
  [
    { name: "abc", pools: [{ suffix: "x", maxSize: 1, minSize: 2 }] },
    "pools[0].maxSize: must be at least minSize (2), got 1",
  ],
  [{ name: "abc", pools: [{ sufix: "x", maxSize: 1 }] }, "pools[0].sufix: unknown key; did you mean suffix?"],
  [{ name: "abc", peers: { a: { vpcid: "x", vpcId: "y" } } }, "peers.a.vpcid: unknown key; did you mean vpcId?"],
  [{ name: "abc", state: { kind: "s3", bukket: "x", bucket: "y" } }, "state.bukket: unknown key; did you mean bucket?"],
  [{ name: "abc", state: { kind: "gcs" } }, "state.kind: must be one of local, s3"],
  [{ name: "abc", zzz: 1 }, "zzz: unknown key; known keys: name, count, mode"],
  [{ name: "abc", network: { id: 1 } }, 'network: must be a Network (an object with vpcId), got {"id":1}'],
  [{ name: "abc", arn: "x" }, 'arn: Invalid string: must start with "arn:", got "x"'],
  [{ name: "abc", tier: { cidr: [] } }, "tier.cidr: unknown key; did you mean cidrs?"],
  [{ name: "abc", tier: { cidrs: "x" } }, 'tier.cidrs: must be of type array, got "x"'],
  [{ name: "abc", tier: { cidrs: [] } }, "tier.cidrs: must have at least 1 items, got 0 ([])"],
  [{ name: "abc", tier: { cidrs: [1] } }, "tier.cidrs[0]: must be of type string, got 1"],
  [null, "props: must be of type object, got null"],
])("says of %j what is wrong", (input, words) => {
  expect(messageOf(input)).toContain(words);
});
it("lets tokens pass where another resource may supply the value", () => {
  const arn = Token.asString({ resolve: () => "late" });
  expect(parseInput("here", schema, { name: "abc", arn }).arn).toBe(arn);
});
it("keeps a reference to the very object", () => {
  const network = { vpcId: "vpc-1", more: true };
  expect(parseInput("here", schema, { name: "abc", network }).network).toBe(network);
});
it("accepts fields of a reference whose values are known only at apply", () => {
  const [vpcId, subnetIds] = [Token.asString({ resolve: () => "late" }), Token.asList({ resolve: () => ["late"] })];
  const input = { name: "abc", network: { vpcId }, owner: { subnetIds, labels: 1 } };
  expect(parseInput("here", schema, input)).toMatchObject(input);
  const owner = { subnetIds: [vpcId, "subnet-1"], labels: {} };
  expect(parseInput("here", schema, { name: "abc", owner }).owner).toBe(owner);
  expect(parseInput("here", schema, { name: "abc", owner: { subnetIds: [], labels: {} } })).toBeDefined();
});
it.each([
  [{ network: { vpcId: 5 } }, "here: network.vpcId: must be of type string, got 5"],
  [{ network: { vpcId: "" } }, 'here: network.vpcId: must have at least 1 characters, got 0 ("")'],
  [{ network: { vpcId: ["vpc-1"] } }, 'here: network.vpcId: must be of type string, got ["vpc-1"]'],
  [{ network: { vpcId: undefined } }, "here: network.vpcId: is required (string), got nothing"],
  [{ network: {} }, "here: network: must be a Network (an object with vpcId), got {}"],
  [{ owner: { subnetIds: "s", labels: {} } }, 'here: owner.subnetIds: must be of type array, got "s"'],
  [{ owner: { subnetIds: ["s", 1], labels: {} } }, "here: owner.subnetIds[1]: must be of type string, got 1"],
  [{ owner: 1 }, "here: owner: must be an owner (an object with subnetIds, labels), got 1"],
])("says of the reference %j which field is of another type", (input, message) => {
  expect(messageOf({ name: "abc", ...input })).toBe(message);
});
it("suggests only near words", () => {
  expect(nearest("natmode", ["natMode", "name"])).toBe("natMode");
  expect(nearest("bananas", ["natMode", "name"])).toBeUndefined();
  expect(nearest("x", [])).toBeUndefined();
});
it("shows values on one short line", () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  expect(show("x".repeat(100))).toHaveLength(80);
  expect([undefined, () => 1, Number.NaN, 3n, circular].map(show)).toEqual([
    "nothing",
    "a function",
    "NaN",
    "3",
    "[object Object]",
  ]);
});
