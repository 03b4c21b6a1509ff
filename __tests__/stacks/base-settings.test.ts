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
  });
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
  [{ managedby: "me" }, "tags.managedby: is set by every stack; choose another key"],
  [{ Team: "a", team: "b" }, "tags.team: must differ from Team by more than its case, which IAM does not tell apart"],
  [{ "a=b": "c" }, "tags.a=b: must have no equals sign, which parts a tag's key from its value"],
])("refuses the tags %j", (tags, message) => {
  expect(faults({ tags })).toEqual([message]);
});
