import { readFileSync } from "node:fs";
import { join } from "node:path";
import { goTable } from "./go-table";
import { byName } from "./rows";

/** On-demand prices per hour of Linux on shared hardware, by instance type. */
export interface PriceTable {
  source: string;
  date: string;
  currency: "USD" | "CNY";
  prices: Record<string, number>;
}

/** Newest version whose tables are recorded. */
export const KARPENTER = { module: "github.com/aws/karpenter-provider-aws", version: "v1.14.1" };
/** Commit of the price repository, and the publication of the price pages that it records. */
export const PRICE_PAGES = { repository: "github.com/lamngockhuong/aws-price", commit: "508fb45", date: "2025-11-04" };

/** Tables that Karpenter's module carries: us-east-1, GovCloud and one region of China. */
export function karpenterPrices(module: string): Record<string, PriceTable> {
  const tables: Record<string, PriceTable> = {};
  for (const partition of ["aws", "aws_cn", "aws_us_gov"]) {
    const file = join(module, "pkg", "providers", "pricing", `zz_generated.pricing_${partition}.go`);
    const text = readFileSync(file, "utf8");
    const [, date = ""] = /generated at (\d{4}-\d{2}-\d{2})/.exec(text) ?? [];
    for (const [region, prices] of Object.entries(goTable(text))) {
      const currency = partition === "aws_cn" ? "CNY" : "USD";
      const source = `price table of ${KARPENTER.module} ${KARPENTER.version}`;
      tables[region] = { source, date, currency, prices: byName(prices) };
    }
  }
  return tables;
}

interface Location {
  name: string;
  code: string;
  type: string;
  label: string;
}
interface Row {
  region: string;
  attributes: { instanceType: string };
  pricePerUnit: string;
}

/** Tables of the price pages, from their files in the price repository as `read` gives them. */
export function pagePrices(read: (path: string) => string): Record<string, PriceTable> {
  const locations: Record<string, Location> = JSON.parse(read("lib/data/locations.json"));
  const codes = new Map<string, string>();
  for (const { name, code, type, label } of Object.values(locations)) {
    if (type !== "AWS Region") continue;
    for (const spelling of [name, label, code]) codes.set(spelling.toLowerCase().replaceAll(" ", "-"), code);
  }
  const rows: Row[] = JSON.parse(read("lib/data/pricing/ec2-transformed.json"));
  const tables: Record<string, PriceTable> = {};
  const { repository, commit, date } = PRICE_PAGES;
  const source = `price files of the AWS price pages as ${repository} records them at ${commit}`;
  for (const { region, attributes, pricePerUnit } of rows) {
    const code = codes.get(region);
    if (code === undefined) continue; // Local Zones and Wavelength Zones
    tables[code] ??= { source, date, currency: "USD", prices: {} };
    tables[code].prices[attributes.instanceType] = Number(pricePerUnit);
  }
  for (const table of Object.values(tables)) table.prices = byName(table.prices);
  return tables;
}
