import { Token } from "cdktf";
import { expect, it } from "vitest";
import { subnetIdsSchema } from "../../../../modules/aws/ec2/subnet-ids";

it.each([[[]], [["subnet-1", "subnet-2"]], [[Token.asString({ a: 1 }), Token.asString({ b: 1 })]]])(
  "may be %j",
  (ids) => {
    expect(subnetIdsSchema.parse(ids)).toEqual(ids);
  },
);
it.each([
  ["a subnet twice", ["subnet-1", "subnet-1"], "must not name a subnet twice"],
  ["a token for them all", Token.asList({}), "must be a list of subnets, each an element of its own, got a token"],
])("may not be %s", (_, ids, message) => {
  expect(subnetIdsSchema.safeParse(ids).error?.issues.map((issue) => issue.message)).toEqual([message]);
});
it("has no empty name", () => {
  expect(subnetIdsSchema.safeParse([""]).success).toBe(false);
});
