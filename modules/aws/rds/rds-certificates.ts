import { readFileSync } from "node:fs";
import { join } from "node:path";

const FILE = join(__dirname, "..", "..", "..", "assets", "rds", "roots.pem");

let byRegion: ReadonlyMap<string, string> | undefined; // read once, and only if there is a database

/** CA certificates of RDS databases in the region, in PEM; undefined if this project has none for it. */
export function rdsCertificates(region: string): string | undefined {
  byRegion ??= parse(readFileSync(FILE, "utf8"));
  return byRegion.get(region);
}

/** The certificates of each region, named by a line `# <region>` before each. */
function parse(file: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, region = "", pem = ""] of file.matchAll(/^# ([a-z]+(?:-[a-z]+)+-\d)\n(-----BEGIN[^#]*)/gm)) {
    found.set(region, `${found.get(region) ?? ""}${pem.trim()}\n`);
  }
  return found;
}
