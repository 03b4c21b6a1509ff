import { expect, it } from "vitest";
import { z } from "zod";
import { baseShape } from "../../stacks/base-settings";

const schema = z.strictObject(baseShape);
const faults = (input: object) =>
  schema
    .safeParse({ name: "test", region: "us-west-2", ...input })
    .error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];

it("defaults to local state and no tags", () => {
  expect(schema.parse({ name: "test", region: "us-west-2" })).toEqual({
    name: "test",
    region: "us-west-2",
    state: { kind: "local", directory: "state" },
    tags: {},
    offeredTypes: [],
  });
});
it.each([["m9g.large"], ["u-6tb1.112xlarge"], ["db.t4g.micro", "c8i.metal-48xl"], Array(100).fill("m5.large")])(
  "accepts %j as offered",
  (...offeredTypes) => expect(faults({ offeredTypes })).toEqual([]),
);
it.each([
  [["m5"], "offeredTypes.0: must be a type such as m5.xlarge or a class such as db.m5.large"],
  [["M5.large"], "offeredTypes.0: must be a type such as m5.xlarge or a class such as db.m5.large"],
  [["a.b.c.d"], "offeredTypes.0: must be a type such as m5.xlarge or a class such as db.m5.large"],
  [Array(101).fill("m5.large"), "offeredTypes: Too big"],
])("refuses %j as offered", (offeredTypes, message) => {
  expect(faults({ offeredTypes })).toEqual([expect.stringContaining(message)]);
});
it.each(["Environment", "System", "Stack", "ManagedBy"])("refuses the tag %s, which every stack sets", (tag) => {
  expect(faults({ tags: { [tag]: "x" } })).toEqual([`tags.${tag}: is set by every stack; choose another key`]);
  expect(faults({ tags: { [`${tag}s`]: "x" } })).toEqual([]);
});
it("takes at most 33 tags, as up to 17 of the 50 of a resource are set beside", () => {
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`key${i}`, "x"]));
  expect(faults({ tags: many(33) })).toEqual([]);
  expect(faults({ tags: many(34) })).toEqual(["tags: must be at most 33, since up to 17 of 50 are set beside, got 34"]);
});
it.each([
  [{ Team: "a", Teams: "b" }],
  [{ Environments: "a", "Sys tem": "b" }],
  [{ ["k".repeat(128)]: "v".repeat(256) }],
  [{ "team name/part": "a: b/c + d - e @ f . g _ h = i" }],
])("accepts the tags %j", (tags) => {
  expect(faults({ tags })).toEqual([]);
});
it.each([
  [{ managedby: "me" }, "tags.managedby: is set by every stack; choose another key"],
  [{ Team: "a", team: "b" }, "tags.team: must differ from Team by more than its case, which IAM does not tell apart"],
  [{ "a=b": "c" }, "tags.a=b: must have no equals sign, which parts a tag's key from its value"],
])("refuses the tags %j", (tags, message) => {
  expect(faults({ tags })).toEqual([message]);
});
