import type { Facts } from "./facts";
import { prefixedId } from "./ids";
import type { Seed } from "./seed";

/** The attribute that a value is simulated for. */
export interface Place {
  /** Resource type or data source. */
  type: string;
  /** Path of the attribute. */
  path: string[];
  facts: Facts;
  /** Differs for each attribute. */
  seed: Seed;
  /** Text of another attribute of the same resource, simulated if not set. */
  text(attribute: string): string;
  /** Texts of an argument that is a list or set of them; none if not set. */
  texts(argument: string): string[];
  /** ARN of a resource of this type. */
  arn(type: string): string;
}

type Maker = (place: Place, name: string) => string;

const DOCUMENT = (place: Place) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sts:GetCallerIdentity", Resource: "*", Sid: `Made${place.seed.hex(8)}` }],
  });

/** Text in the PEM format without a valid certificate or key. */
export const pem = (label: string, seed: Seed): string =>
  [`-----BEGIN ${label}-----`, seed.base64(48), seed.at("more").base64(48), `-----END ${label}-----`, ""].join("\n");

const host = ({ seed, facts }: Place, name: string) =>
  `${name.replace(/_/g, "-")}-${seed.hex(12)}.${facts.region}.${facts.dnsSuffix}`;

/** Texts by name of the attribute; the first match counts. */
const TEXTS: [RegExp, Maker][] = [
  [/^arn$/, (place) => place.arn(place.type)],
  [/(^|_)arns?$/, (place, name) => place.arn(name)],
  [/^(region|home_region|.*_region)$/, ({ facts }) => facts.region],
  [
    /^(owner|account_id|registry_id|catalog_id|(.*_)?owner_id|.*_account_id|caller_user)$/,
    ({ facts }) => facts.account,
  ],
  [/^partition$/, ({ facts }) => facts.partition],
  [/^dns_suffix$/, ({ facts }) => facts.dnsSuffix],
  [/^(.*_)?availability_zone_ids?$/, ({ facts }) => `${facts.region.replace(/^(..)-(.).*(\d)$/, "$1$2$3")}-az1`],
  [/^(.*_)?availability_zones?(_names?)?$/, ({ facts }) => `${facts.region}a`],
  [/ipv6_cidr(_blocks?)?$/, ({ seed }) => `2600:1f14:${seed.hex(3)}:${seed.at("2").hex(2)}00::/56`],
  [/^service_ipv4_cidr$/, () => "172.20.0.0/16"],
  [/(^|_)cidr(_blocks?|s)?$/, ({ seed }) => `10.${seed.number(0, 255)}.0.0/16`],
  [/ipv6_address(es)?$/, ({ seed }) => `2600:1f14:${seed.hex(3)}:${seed.at("2").hex(4)}::${seed.at("3").hex(3)}`],
  [/^(public_ip|carrier_ip|.*public_ips?|elastic_ip)$/, ({ seed }) => `198.51.100.${seed.number(1, 254)}`],
  [
    /(^|_)(ip|ips|ip_address|ip_addresses)$/,
    ({ seed }) => `10.0.${seed.number(0, 255)}.${seed.at("2").number(4, 254)}`,
  ],
  [/thumbprint/, ({ seed }) => seed.hex(40)],
  [/fingerprint/, ({ seed }) => (seed.hex(40).match(/../g) as string[]).join(":")],
  [/^(etag|md5|.*_md5)$/, ({ seed }) => seed.hex(32)],
  [/(sha256|^code_hash|_hash)$/, ({ seed }) => seed.base64(32)],
  [/^checksum_/, ({ seed }) => seed.base64(20)],
  [/(^|_)private_key(_pem)?$/, ({ seed }) => pem("PRIVATE KEY", seed)],
  [
    /(^|_)(certificate|certificate_chain|certificate_body|cert|pem|ca_certificate|ca_pem|csr)$/,
    ({ seed }) => pem("CERTIFICATE", seed),
  ],
  [/^(json|minified_json|policy|policy_json|rendered|.*_json)$/, DOCUMENT],
  [/^(access|assume_role|bucket|delivery|key|repository|resource|inline)_policy$/, DOCUMENT],
  [
    /(^|_)(at|date|timestamp|not_before|not_after)$|^(create|creation|start|end|latest_restorable|archive|beginning_archive|launch|last_modified)_time$|^last_modified$/,
    ({ seed }) => seed.date().toISOString().replace(".000", ""),
  ],
  [/(^|_)(url|uri|issuer)$/, (place, name) => `https://${host(place, name)}`],
  [/(^|_)(endpoint|dns|dns_names?|hostname|host|fqdn|domain|domain_name|address|website_domain|name_servers?)$/, host],
  [/^(.*_)?(hosted_)?zone_id$/, ({ seed }) => `Z${seed.capitals(20)}`],
  [/^unique_id$/, ({ type, seed }) => `${UNIQUE[type] ?? "AROA"}${seed.capitals(17)}`],
  [/_ids?$/, ({ seed }, name) => prefixedId(name.replace(/_ids?$/, ""), seed) ?? seed.uuid()],
  [/^uid$/, ({ seed }) => seed.uuid()],
  [/^(state|status)$/, () => "available"],
  [/_status$/, () => "ACTIVE"],
  [/(^|_)version$/, () => "1"],
  [/password|secret|token/, ({ seed }) => seed.base64(24)],
];

/** Prefixes of IAM's unique ids. */
const UNIQUE: Record<string, string> = {
  aws_iam_role: "AROA",
  aws_iam_user: "AIDA",
  aws_iam_group: "AGPA",
  aws_iam_instance_profile: "AIPA",
  aws_iam_policy: "ANPA",
};

/** A text that is derived from the name of the attribute alone. */
export function textFor(place: Place): string {
  const name = place.path.at(-1) as string;
  const [, maker] = TEXTS.find(([pattern]) => pattern.test(name)) ?? [];
  return maker ? maker(place, name) : `${name.replace(/_/g, "-")}-${place.seed.hex(8)}`;
}

const NUMBERS: [RegExp, (place: Place) => number][] = [
  [/(^|_)port$/, () => 443],
  [/(^|_)(size|storage|size_gb)$/, () => 20],
  [/_(deployed|timestamp|epoch)$/, ({ seed }) => seed.date().getTime() / 1000],
  [/_(count|bytes)$/, () => 0],
];

export function numberFor(place: Place): number {
  const name = place.path.at(-1) as string;
  const [, maker] = NUMBERS.find(([pattern]) => pattern.test(name)) ?? [];
  return maker ? maker(place) : 1;
}
