import { isRecord, type Value } from "../msgpack-cty";

/** Account and region of a provider's configuration, as they appear in simulated values. */
export interface Facts {
  region: string;
  account: string;
  partition: string;
  dnsSuffix: string;
  /** Default tags of the provider. */
  defaultTags: Record<string, Value>;
}

/** Default account, the one of AWS's documentation. */
const ACCOUNT = "123456789012";
const REGION = "us-east-1";

/** Reads a provider's configuration; environment variables and credentials are not read. */
export function factsOf(config: Value): Facts {
  const settings = isRecord(config) ? config : {};
  const region = text(settings.region) ?? REGION;
  const [allowed] = list(settings.allowed_account_ids);
  const [role] = list(settings.assume_role);
  const assumed = isRecord(role) ? text(role.role_arn)?.split(":")[4] : undefined;
  const [defaults] = list(settings.default_tags);
  const tags = isRecord(defaults) ? defaults.tags : undefined;
  const [partition = "aws", dnsSuffix = "amazonaws.com"] =
    PARTITIONS.find(([, , start]) => region.startsWith(start)) ?? [];
  return {
    region,
    account: text(allowed) ?? assumed ?? ACCOUNT,
    partition,
    dnsSuffix,
    defaultTags: isRecord(tags) ? tags : {},
  };
}

const PARTITIONS: [partition: string, dnsSuffix: string, regions: string][] = [
  ["aws-cn", "amazonaws.com.cn", "cn-"],
  ["aws-us-gov", "amazonaws.com", "us-gov-"],
  ["aws", "amazonaws.com", ""],
];

export const text = (value: Value | undefined): string | undefined => (typeof value === "string" ? value : undefined);

export const list = (value: Value | undefined): Value[] => (Array.isArray(value) ? value : []);

/** Letters of the availability zones, for regions where they are not a, b and c. */
const ZONES: Record<string, string> = {
  "us-east-1": "abcdef",
  "us-west-1": "ac",
  "us-west-2": "abcd",
  "ca-central-1": "abd",
  "ap-northeast-1": "acd",
  "ap-northeast-2": "abcd",
};

/** Availability zones of a region: names, and ids such as `usw2-az1`. */
export function zonesOf(region: string): { name: string; id: string }[] {
  const [country = "", direction = "", number = ""] = region.replace(/^us-gov-/, "usg-").split("-");
  const short = direction.replace(/(north|south|east|west|central)/g, (word) => word[0] as string);
  return [...(ZONES[region] ?? "abc")].map((letter, index) => ({
    name: `${region}${letter}`,
    id: `${country}${short}${number}-az${index + 1}`,
  }));
}
