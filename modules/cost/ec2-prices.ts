import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(__dirname, "ec2-prices");
const tables = new Map<string, Readonly<Record<string, number>>>();

/** Regions whose EC2 prices are recorded in US dollars. */
export const ec2Regions = (): string[] =>
  readdirSync(FOLDER)
    .map((file) => file.replace(".json", ""))
    .filter((region) => ec2Prices(region) !== undefined);

/** Hourly on-demand prices of EC2 by instance type (Linux, shared hardware); undefined where no file has them in US dollars. */
export function ec2Prices(region: string): Readonly<Record<string, number>> | undefined {
  const read = tables.get(region);
  if (read || !/^[a-z0-9-]+$/.test(region)) return read;
  const table = tableOf(join(FOLDER, `${region}.json`));
  if (table?.currency !== "USD") return undefined;
  tables.set(region, table.prices);
  return table.prices;
}

function tableOf(file: string): { currency: string; prices: Record<string, number> } | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
