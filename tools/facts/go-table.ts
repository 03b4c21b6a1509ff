/** Reads a Go map of maps of numbers, as Karpenter's generated price tables are: by region, then by instance type. */
export function goTable(text: string): Record<string, Record<string, number>> {
  const tables: Record<string, Record<string, number>> = {};
  let table: Record<string, number> | undefined;
  for (const line of text.split("\n")) {
    const [, region] = /^\s*"([a-z0-9-]+)": \{/.exec(line) ?? [];
    if (region) {
      table = {};
      tables[region] = table;
    }
    for (const [, type = "", price] of line.matchAll(/"([a-z0-9-]+\.[a-z0-9-]+)":\s*([\d.]+)/g)) {
      if (table) table[type] = Number(price);
    }
  }
  return tables;
}
