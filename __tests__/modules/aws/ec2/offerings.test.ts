import { expect, it } from "vitest";
import { factsOf } from "../../../../modules/aws/ec2/instance-types";
import { typeOfferings } from "../../../../modules/aws/ec2/offerings";
import { partitions } from "../../../../modules/common/settings/data/regions.json";

it("has what the regions offer, of types whose facts are known", () => {
  const regions = partitions.aws.regions.split(" ").filter((region) => typeOfferings.in(region));
  expect(regions.length).toBeGreaterThan(25);
  expect(typeOfferings.in("us-east-1")?.has("g5.xlarge")).toBe(true);
  expect(typeOfferings.in("eu-south-1")?.has("g5.xlarge")).toBe(false);
  const types = regions.flatMap((region) => [...(typeOfferings.in(region) ?? [])]).filter((type) => !/^mac/.test(type));
  expect([...new Set(types)].filter((type) => factsOf(type).architecture === undefined)).toEqual([]);
});
