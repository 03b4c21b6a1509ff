import { expect, it } from "vitest";
import { poolSchema } from "../../../modules/prefect/pool-settings";

it("a pool may start Dask clusters and has no buckets of its own by default", () => {
  expect(poolSchema.parse({})).toMatchObject({
    dask: true,
    readBucketArns: [],
    writeBucketArns: [],
    permissions: [],
    spot: false,
    deregisterDefinitions: false,
  });
});
it.each([20, 21])("takes at most twenty buckets (%i)", (count) => {
  const readBucketArns = Array.from({ length: count }, (_, i) => `arn:aws:s3:::bucket-${i}`);
  expect(poolSchema.safeParse({ readBucketArns }).success).toBe(count === 20);
});
it("refuses a Sid twice", () => {
  const statement = { Sid: "One", Action: "s3:GetObject", Resource: "*" };
  expect(poolSchema.safeParse({ permissions: [statement, statement] }).success).toBe(false);
});
