import { describe, expect, it } from "vitest";
import { answered, applied, planned } from "../src/change";
import { UNKNOWN, type Value } from "../src/msgpack-cty";
import type { Block } from "../src/schema";
import { factsOf } from "../src/simulated/facts";
import { SimulatedValues } from "../src/simulated/simulated-values";

const block: Block = {
  attributes: {
    id: { type: "string", computed: true },
    name: { type: "string", required: true },
    size: { type: "number", optional: true, computed: true },
    note: { type: "string", optional: true },
    secret_wo: { type: "string", optional: true, writeOnly: true },
    rules: {
      optional: true,
      nested: {
        nesting: "list",
        attributes: { port: { type: "number", required: true }, rule_id: { type: "string", computed: true } },
      },
    },
  },
  blocks: {
    disk: {
      nesting: "list",
      block: {
        attributes: { gb: { type: "number", optional: true }, volume_id: { type: "string", computed: true } },
        blocks: {},
      },
    },
    tag: {
      nesting: "set",
      block: {
        attributes: { key: { type: "string", required: true }, tag_id: { type: "string", computed: true } },
        blocks: {},
      },
    },
    timeouts: { nesting: "single", block: { attributes: { create: { type: "string", optional: true } }, blocks: {} } },
  },
};
const empty = {
  id: null,
  name: "n",
  size: null,
  note: null,
  secret_wo: null,
  rules: null,
  disk: [],
  tag: [],
  timeouts: null,
};
const simulated = (values: Value) =>
  new SimulatedValues({
    type: "aws_thing",
    block,
    facts: factsOf(null),
    seed: "s",
    values: values as Record<string, Value>,
  });

describe("a plan", () => {
  it("of a new resource has unknown values where AWS decides", () => {
    const proposed = {
      ...empty,
      secret_wo: "hush",
      rules: [{ port: 1, rule_id: null }],
      disk: [{ gb: 5, volume_id: null }],
      tag: [{ key: "k", tag_id: null }],
    };
    expect(planned(block, proposed, null)).toEqual({
      ...empty,
      id: UNKNOWN,
      size: UNKNOWN,
      secret_wo: null,
      rules: [{ port: 1, rule_id: UNKNOWN }],
      disk: [{ gb: 5, volume_id: UNKNOWN }],
      tag: [{ key: "k", tag_id: UNKNOWN }],
    });
  });
  it("keeps known and unknown values of the configuration", () => {
    const proposed = { ...empty, size: 7, note: UNKNOWN, disk: UNKNOWN };
    expect(planned(block, proposed, null)).toMatchObject({ size: 7, note: UNKNOWN, disk: UNKNOWN });
  });
  it("of an existing resource changes nothing by itself", () => {
    const prior = { ...empty, id: "i", size: 1, disk: [{ gb: 5, volume_id: "v" }] };
    expect(planned(block, prior, prior)).toEqual(prior);
  });
  it("keeps attributes that AWS left empty", () => {
    const prior = { ...empty, id: "i", size: null, disk: [{ gb: 5, volume_id: null }] };
    expect(planned(block, { ...prior, note: "new" }, prior)).toEqual({ ...prior, note: "new" });
  });
  it("has unknown values in an added block", () => {
    const prior = { ...empty, id: "i", size: 1, disk: [{ gb: 5, volume_id: "v" }] };
    const proposed = {
      ...prior,
      disk: [
        { gb: 5, volume_id: "v" },
        { gb: 6, volume_id: null },
      ],
    };
    expect(planned(block, proposed, prior)).toMatchObject({
      disk: [{ volume_id: "v" }, { gb: 6, volume_id: UNKNOWN }],
    });
  });
  it("of a removal is nothing", () => expect(planned(block, null, empty)).toBeNull());
});

describe("an apply", () => {
  const plan = {
    ...empty,
    id: UNKNOWN,
    size: 7,
    rules: [{ port: 1, rule_id: UNKNOWN }],
    disk: [
      { gb: 5, volume_id: UNKNOWN },
      { gb: 5, volume_id: UNKNOWN },
    ],
  };
  const state = applied(block, plan, simulated(plan)) as Record<string, Value>;
  it("fills in unknown values only", () => {
    expect(state).toMatchObject({
      id: expect.stringMatching(/^thing-/),
      name: "n",
      size: 7,
      note: null,
      tag: [],
      timeouts: null,
    });
    expect(state.rules).toEqual([{ port: 1, rule_id: expect.any(String) }]);
  });
  it("gives each block different values", () => {
    const [one, two] = state.disk as Record<string, Value>[];
    expect(one?.volume_id).toMatch(/^vol-[0-9a-f]{17}$/);
    expect(two?.volume_id).toMatch(/^vol-[0-9a-f]{17}$/);
    expect(one?.volume_id).not.toBe(two?.volume_id);
  });
  it("is repeatable", () => expect(applied(block, plan, simulated(plan))).toEqual(state));
});

it("the result of a data source has no unknown values", () => {
  expect(answered(block, empty, simulated(empty))).toMatchObject({
    id: expect.any(String),
    size: expect.any(Number),
    note: null,
  });
});
