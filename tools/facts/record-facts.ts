import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { karpenterPrices, PRICE_PAGES, pagePrices } from "./ec2-prices";
import { instanceTypes, offerings } from "./moto";
import { rdsClasses } from "./rds-classes";
import { regions } from "./regions";

/**
 * Writes the data files about AWS from their public sources:
 * `node -r ./tools/typescript-loader.js tools/facts/record-facts.ts <site-packages> <Karpenter's module> <price repository>`,
 * a Python folder with moto, botocore and cfn-lint, the folder that `go mod download -json` names, and a clone of the repository of
 * {@link PRICE_PAGES}. `npm run format` afterwards.
 */
const [sitePackages = "", karpenter = "", priceRepository = ""] = process.argv.slice(2);

/** JSON with one row a line, which the formatter leaves as it is where it fits. */
function write(file: string, data: object): void {
  const text = JSON.stringify(data, undefined, 2).replace(
    /\{\n\s+("(?:architecture|dnsSuffix)[^{}]*?)\n\s+\}/g,
    (_, row) => `{ ${row.replace(/\n\s+/g, " ")} }`,
  );
  writeFileSync(file, `${text}\n`);
}

write("modules/aws/ec2/data/instance-types.json", instanceTypes(sitePackages));
write("modules/aws/ec2/data/offerings.json", offerings(sitePackages));
write("modules/aws/rds/data/instance-classes.json", rdsClasses(sitePackages));
write("modules/common/settings/data/regions.json", regions(sitePackages));

const folder = "modules/cost/ec2-prices";
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const show = (path: string) =>
  execFileSync("git", ["-C", priceRepository, "show", `${PRICE_PAGES.commit}:${path}`], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
for (const [region, table] of Object.entries({ ...pagePrices(show), ...karpenterPrices(karpenter) })) {
  write(join(folder, `${region}.json`), table);
}
