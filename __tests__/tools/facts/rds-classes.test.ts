import { expect, it } from "vitest";
import { rdsClasses } from "../../../tools/facts/rds-classes";
import { sitePackages } from "./facts.fixture";

it("has the sizes of each family for PostgreSQL alone, once each, by region", () => {
  expect(rdsClasses(sitePackages())).toEqual({
    source: expect.stringContaining("cfn-lint 1.77.0"),
    regions: { "eu-west-1": { "db.m5": "large xlarge", "db.t4g": "micro" } },
  });
});
