import { readFileSync } from "node:fs";
import { join } from "node:path";
import { byName, versionOf } from "./rows";

interface Partition {
  id: string;
  regionRegex: string;
  outputs: { dnsSuffix: string };
  regions: Record<string, object>;
}

/** Regions of each partition, its DNS suffix and the pattern of its regions' names, as botocore knows them. */
export function regions(sitePackages: string) {
  const file = join(sitePackages, "botocore", "data", "partitions.json");
  const { partitions }: { partitions: Partition[] } = JSON.parse(readFileSync(file, "utf8"));
  const rows = partitions.map(({ id, outputs, regionRegex, regions }) => {
    const names = Object.keys(regions).filter((region) => !region.endsWith("-global"));
    return [id, { dnsSuffix: outputs.dnsSuffix, pattern: regionRegex, regions: names.sort().join(" ") }];
  });
  return {
    source: `partitions.json of ${versionOf(sitePackages, "botocore")}`,
    partitions: byName(Object.fromEntries(rows)),
  };
}
