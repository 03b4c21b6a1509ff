import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { types } from "../../../modules/aws/ec2/data/instance-types.json";
import { ec2Prices, ec2Regions } from "../../../modules/cost/ec2-prices";

const folder = resolve(__dirname, "../../../modules/cost/ec2-prices");

it("has a table of more than a hundred positive prices for each region, with day and source", () => {
  for (const file of readdirSync(folder)) {
    const { source, date, prices } = JSON.parse(readFileSync(join(folder, file), "utf8"));
    expect(source).toContain("github.com/");
    expect(date).toMatch(/^20\d\d-[01]\d-[0-3]\d$/);
    expect(Object.keys(prices).length).toBeGreaterThan(100);
    expect(Object.values<number>(prices).filter((price) => !(price > 0 && price < 10_000))).toEqual([]);
  }
});
it("prices what AWS calls an instance type", () => {
  const known = new Set(Object.keys(types).map((type) => type.split(".")[0]));
  const old = ["c1", "cr1", "f1", "g2", "g3", "g3s", "hs1", "m2", "p2"];
  const odd = Object.keys(ec2Prices("us-east-1") ?? {}).map((type) => type.split(".")[0] ?? "");
  expect(odd.filter((family) => !known.has(family) && !old.includes(family) && !family.startsWith("u-"))).toEqual([]);
});
it("knows only regions with a file in US dollars", () => {
  expect(ec2Regions()).not.toContain("cn-north-1");
  expect(ec2Prices("eu-central-1")?.["m5.large"]).toBe(0.115);
  expect([ec2Prices("cn-north-1"), ec2Prices("nowhere-1"), ec2Prices("../package")]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
