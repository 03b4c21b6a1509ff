import { readFileSync } from "node:fs";
import { join } from "node:path";
import { byName, sizesOf, versionOf } from "./rows";

interface Rule {
  if: { properties: { Engine: { const?: string } } };
  then: { properties: { DBInstanceClass: { enum: string[] } } };
}
const FILE = ["cfnlint", "data", "schemas", "extensions", "aws_rds_dbinstance", "dbinstanceclass_enum.json"];

/** Sizes of each family of RDS's instance classes for PostgreSQL, by region, as cfn-lint records them. */
export function rdsClasses(sitePackages: string) {
  const record: Record<string, { allOf: Rule[] }> = JSON.parse(readFileSync(join(sitePackages, ...FILE), "utf8"));
  const regions = Object.entries(record).map(([region, { allOf }]) => {
    const rules = allOf.filter(({ if: { properties } }) => properties.Engine.const === "postgres");
    return [region, sizesOf(rules.flatMap((rule) => rule.then.properties.DBInstanceClass.enum))];
  });
  const source = `RDS instance classes for PostgreSQL as ${versionOf(sitePackages, "cfn_lint").replace("_", "-")} records them: sizes of each family, by region`;
  return { source, regions: byName(Object.fromEntries(regions)) };
}
