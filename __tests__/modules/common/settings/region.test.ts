import { expect, it } from "vitest";
import { regionSchema } from "../../../../modules/common/settings/region";

it.each(["us-east-1", "eu-central-2", "us-gov-west-1", "ap-southeast-5", "eusc-de-east-1"])("accepts %s", (region) => {
  expect(regionSchema.safeParse(region).success).toBe(true);
});
it.each(["", "west", "us-east", "us-east-1a", "US-EAST-1", "us_east_1", 1])("refuses %j", (region) => {
  expect(regionSchema.safeParse(region).success).toBe(false);
});
