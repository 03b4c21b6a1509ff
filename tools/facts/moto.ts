import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { factsOf, type InstanceTypeFacts } from "./instance-type";
import { RETIRED } from "./retired-types";
import { byName, sizesOf, versionOf } from "./rows";

const RESOURCES = ["moto", "ec2", "resources"];
const OFFERINGS = [...RESOURCES, "instance_type_offerings", "region"];

/** Facts of every instance type that moto's record of DescribeInstanceTypes holds, and of those that it no longer does. */
export function instanceTypes(sitePackages: string) {
  const described: Record<string, object> = zipped(sitePackages, ...RESOURCES, "instance_types.json.gz");
  const known = Object.entries(described).flatMap(([name, type]): [string, InstanceTypeFacts][] => {
    const facts = factsOf(type);
    return facts ? [[name, facts]] : [];
  });
  const record = versionOf(sitePackages, "moto");
  return {
    source: `EC2 DescribeInstanceTypes as ${record} records it; dl1 and g4ad as moto 5.2.1 did, i3.metal and p3 from the EC2 user guide`,
    types: byName({ ...RETIRED, ...Object.fromEntries(known) }),
  };
}

/** Sizes of each instance family, by the regions whose offerings moto records. */
export function offerings(sitePackages: string) {
  const regions: Record<string, Record<string, string>> = {};
  for (const file of readdirSync(join(sitePackages, ...OFFERINGS))) {
    const offered: { InstanceType: string }[] = zipped(sitePackages, ...OFFERINGS, file);
    regions[file.replace(".json.gz", "")] = sizesOf(offered.map(({ InstanceType }) => InstanceType));
  }
  const source = `EC2 DescribeInstanceTypeOfferings as ${versionOf(sitePackages, "moto")} records it: sizes of each family, by region`;
  return { source, regions: byName(regions) };
}

const zipped = (...path: string[]) => JSON.parse(gunzipSync(readFileSync(join(...path))).toString());
