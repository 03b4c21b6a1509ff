import { readdirSync } from "node:fs";

/** The same rows in the order of their names. */
export const byName = <T>(rows: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(rows).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Name and version of a Python package in a `site-packages` folder. */
export function versionOf(sitePackages: string, name: string): string {
  const [version] = readdirSync(sitePackages).flatMap(
    (entry) => new RegExp(`^${name}-(.+)\\.dist-info$`).exec(entry)?.[1] ?? [],
  );
  if (version === undefined) throw new Error(`${sitePackages} holds no package ${name}`);
  return `${name} ${version}`;
}
