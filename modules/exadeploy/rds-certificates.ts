import { readFileSync } from "node:fs";
import { join } from "node:path";

const FILE = join(__dirname, "..", "..", "assets", "exadeploy", "rds-roots.pem");

let byRegion: ReadonlyMap<string, string> | undefined; // the file is read once, and only where a database is

/** PEM of the certificates that sign those of RDS databases in the region; nothing where this project has none of it. */
export function rdsCertificates(region: string): string | undefined {
  byRegion ??= parse(readFileSync(FILE, "utf8"));
  return byRegion.get(region);
}

/** The certificates of each region, which a line `# <region>` before each of them names. */
function parse(file: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, region = "", pem = ""] of file.matchAll(/^# ([a-z]+(?:-[a-z]+)+-\d)\n(-----BEGIN[^#]*)/gm)) {
    found.set(region, `${found.get(region) ?? ""}${pem.trim()}\n`);
  }
  return found;
}
