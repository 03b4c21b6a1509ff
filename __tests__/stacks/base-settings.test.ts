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
