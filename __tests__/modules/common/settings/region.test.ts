import { describe, expect, it } from "vitest";
import { commercialRegionSchema, partitionOf, regionSchema } from "../../../../modules/common/settings/region";

const messageOf = (schema: typeof regionSchema, region: unknown) =>
  schema.safeParse(region).error?.issues.map(({ message }) => message);

it.each(["us-east-1", "eu-central-2", "us-gov-west-1", "ap-southeast-5", "eusc-de-east-1", "mx-central-1"])(
  "accepts %s",
  (region) => {
    expect(messageOf(regionSchema, region)).toBeUndefined();
  },
);
it.each(["", "west", "us-east", "us-east-1a", "US-EAST-1", "us_east_1"])("refuses %j", (region) => {
  expect(messageOf(regionSchema, region)).toEqual(["must be an AWS region such as us-west-2"]);
});
it.each([
  ["us-esat-1", "us-east-1"],
  ["eu-west-9", "eu-west-1"],
])("refuses %s, which does not exist, with what may have been meant", (region, near) => {
  expect(messageOf(regionSchema, region)).toEqual([
    `must be an AWS region that exists, got ${region}; did you mean ${near}?`,
  ]);
});

describe("a commercial region", () => {
  it.each(["us-east-1", "af-south-1"])("may be %s", (region) => {
    expect(messageOf(commercialRegionSchema, region)).toBeUndefined();
  });
  it.each([
    ["us-gov-west-1", "aws-us-gov"],
    ["cn-north-1", "aws-cn"],
    ["eusc-de-east-1", "aws-eusc"],
    ["us-isob-east-1", "aws-iso-b"],
  ])("may not be %s", (region, partition) => {
    expect(partitionOf(region)).toBe(partition);
    expect(messageOf(commercialRegionSchema, region)).toEqual([
      `must be a region of the partition aws, as the stacks write ARNs of it, got ${region} of ${partition}`,
    ]);
  });
  it("is reported once if it does not exist", () => {
    expect(messageOf(commercialRegionSchema, "eu-west-9")).toHaveLength(1);
  });
});
