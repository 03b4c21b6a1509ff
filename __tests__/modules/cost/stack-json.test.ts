import { describe, expect, it } from "vitest";
import { Block, isTemplate, Stack } from "../../../modules/cost/stack-json";
import { ref } from "./cost.fixture";

const stack = new Stack({
  provider: { aws: [{ region: "us-east-1" }, { alias: "far", region: "eu-west-1" }] },
  resource: {
    aws_b: { second: { size: 2 }, first: { size: "1", back: ref("aws_b.second.size"), self: ref("aws_b.first.self") } },
    aws_a: { only: {} },
  },
});

function block(body: Record<string, unknown>) {
  const notes: string[] = [];
  return { notes, of: new Block(stack, body, (reason) => void notes.push(reason), "outer.") };
}

describe("Stack", () => {
  it("gives its resources by type and name", () => {
    expect([...stack.all()].map(({ type, id }) => `${type}.${id}`)).toEqual([
      "aws_a.only",
      "aws_b.first",
      "aws_b.second",
    ]);
  });
  it("knows the regions of its providers", () => {
    expect(stack.region).toBe("us-east-1");
    expect(stack.ownRegion({})).toBeUndefined();
    expect(stack.ownRegion({ provider: "aws.far" })).toBe("eu-west-1");
    expect(stack.ownRegion({ provider: "aws" })).toBe("us-east-1");
    expect(stack.ownRegion({ region: "ap-south-1", provider: "aws.far" })).toBe("ap-south-1");
    expect(stack.ownRegion({ region: ref("var.r") })).toBe("");
    expect(new Stack({}).region).toBe("");
  });
  it("survives JSON that is no stack", () => {
    for (const json of [{ resource: [] }, { resource: { aws_a: "x", aws_b: { c: 1 } } }, { provider: { aws: "x" } }]) {
      expect([...new Stack(json as never).all()]).toEqual([]);
    }
  });
});

describe("Block", () => {
  it("reads literals, numbers also as text", () => {
    const { notes, of } = block({ t: "text", n: 5, s: "6", yes: true, no: "false", list: ["a"], none: null });
    expect([of.text("t"), of.text("n"), of.number("n"), of.number("s")]).toEqual(["text", "5", 5, 6]);
    expect([of.flag("yes"), of.flag("no"), of.flag("absent")]).toEqual([true, false, false]);
    expect([of.list("list"), of.list("absent"), of.text("none", "x"), of.number("none", 1)]).toEqual([
      ["a"],
      [],
      "x",
      1,
    ]);
    expect(notes).toEqual([]);
  });
  it("follows references inside the stack to their end", () => {
    const { notes, of } = block({ near: ref("aws_b.second.size"), far: ref("aws_b.first.back") });
    expect([of.number("near"), of.number("far")]).toEqual([2, 2]);
    expect(notes).toEqual([]);
  });
  it.each([
    ["a variable", ref("var.x")],
    ["an output of another stack", ref("data.terraform_remote_state.x.outputs.y")],
    ["a reference in text", `a-${ref("aws_b.second.size")}`],
    ["a part of an attribute", ref("aws_b.second.size[0]")],
    ["a directive", "%{ if true }1%{ endif }"],
    ["a computed attribute", ref("aws_b.second.arn")],
    ["a circle", ref("aws_b.first.self")],
    ["a resource of no stack", ref("aws_c.none.size")],
  ])("does not know %s, and says so", (_, value) => {
    const { notes, of } = block({ x: value });
    expect([of.text("x"), of.number("x"), of.flag("x"), of.list("x"), of.blocks("x")]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      [],
    ]);
    expect(new Set(notes)).toEqual(new Set(["outer.x is not known at synth"]));
  });
  it.each([
    ["text", { x: {} }, "outer.x is not text"],
    ["text", {}, "outer.x is not given"],
    ["number", { x: "many" }, "outer.x is not a number"],
    ["number", { x: " " }, "outer.x is not a number"],
    ["number", { x: -1 }, "outer.x is not a number from 0"],
    ["flag", { x: "on" }, "outer.x is not true or false"],
    ["list", { x: "a" }, "outer.x is not a list"],
  ] as const)("notes a %s of %j", (kind, body, reason) => {
    const { notes, of } = block(body);
    expect(of[kind]("x")).toBeUndefined();
    expect(notes).toEqual([reason]);
  });
  it("takes a block alone or in a list", () => {
    for (const x of [{ n: 1 }, [{ n: 1 }]]) expect(block({ x }).of.block("x")?.number("n")).toBe(1);
    const { notes, of } = block({ x: [{}] });
    of.block("x")?.number("n");
    expect(notes).toEqual(["outer.x.n is not given"]);
  });
  it.each([{}, { size: null }, { size: [] }])("notes a block that must be there and is not, in %j", (body) => {
    const { of, notes } = block(body);
    expect(of.required("size")).toBeUndefined();
    expect(notes).toEqual(["outer.size is not given"]);
  });
  it("finds the resource that a reference is to", () => {
    const { notes, of } = block({ id: ref("aws_b.first.id") });
    expect(of.linked("aws_b", "arn", "id")?.number("size")).toBe(1);
    expect(notes).toEqual([]);
    expect(of.linked("aws_a", "id")).toBeUndefined();
    expect(of.linked("aws_b", "arn")).toBeUndefined();
    expect(notes).toEqual(["its aws_a is not in this stack", "its aws_b is not in this stack"]);
  });
});

it("tells templates from plain text", () => {
  expect([ref("a"), "%{ if a }", "x"].map(isTemplate)).toEqual([true, true, false]);
});
