import { expect, it } from "vitest";
import { z } from "zod";
import { dataShape } from "../../../stacks/portfolio/data-settings";

const schema = z.strictObject(dataShape);
const paths = (settings: object) => schema.safeParse(settings).error?.issues.map(({ path }) => path.join("."));

it("needs nothing of the user", () => {
  expect(schema.parse({})).toEqual({ table: {}, rawBucket: {} });
});
it("takes what a table and a bucket take", () => {
  expect(
    paths({ table: { recoveryDays: 7, stream: "keys" }, rawBucket: { expiration: { days: 60 } } }),
  ).toBeUndefined();
});
it.each<[string, object]>([
  ["table.recoveryDays", { table: { recoveryDays: 36 } }],
  ["rawBucket.transition.days", { rawBucket: { transition: { days: -1, storageClass: "GLACIER_IR" } } }],
  // the routes and the package know these
  ["table.name", { table: { name: "mine" } }],
  ["table.indexes", { table: { indexes: 2 } }],
  ["table.typeIndex", { table: { typeIndex: false } }],
  ["table.ttlAttribute", { table: { ttlAttribute: "expires" } }],
])("refuses %s", (path, settings) => {
  expect(paths(settings)).toEqual([path]);
});
