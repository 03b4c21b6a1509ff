import { readdirSync } from "node:fs";

/** The same rows in the order of their names. */
export const byName = <T>(rows: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(rows).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Sizes of each family, from the names of types such as `m5.xlarge` or `db.m5.xlarge`. */
export function sizesOf(types: Iterable<string>): Record<string, string> {
  const families: Record<string, string[]> = {};
  for (const type of new Set(types)) {
    const end = type.lastIndexOf(".");
    const family = type.slice(0, end);
    families[family] = [...(families[family] ?? []), type.slice(end + 1)];
  }
  return byName(
    Object.fromEntries(Object.entries(families).map(([family, sizes]) => [family, sizes.sort().join(" ")])),
  );
}

/** Name and version of a Python package in a `site-packages` folder. */
export function versionOf(sitePackages: string, name: string): string {
  const [version] = readdirSync(sitePackages).flatMap(
    (entry) => new RegExp(`^${name}-(.+)\\.dist-info$`).exec(entry)?.[1] ?? [],
  );
  if (version === undefined) throw new Error(`${sitePackages} holds no package ${name}`);
  return `${name} ${version}`;
}
