import { createHash } from "node:crypto";
import type { Json } from "./synth";

/** What values are made up for: a resource or data source of a stack. */
interface Subject {
  address: string;
  /** Resource type, without `data.`. */
  type: string;
  region: string;
}

const ACCOUNT = "123456789012";

/** Beginnings of the ids that EC2 gives; the id of anything else begins with its noun. */
const ID_PREFIXES: Record<string, string> = {
  security_group: "sg",
  route_table: "rtb",
  internet_gateway: "igw",
  nat_gateway: "nat",
  network_acl: "acl",
  network_interface: "eni",
  vpc_endpoint: "vpce",
  vpc_peering_connection: "pcx",
  launch_template: "lt",
  instance: "i",
  allocation: "eipalloc",
  eip: "eipalloc",
  subnet: "subnet",
  vpc: "vpc",
  fsx_lustre_file_system: "fs",
};

/** Services and resource parts of ARNs; where a type is not listed, both come from its name. */
const ARNS: Record<string, (id: string) => string> = {
  aws_iam_role: (id) => `iam::${ACCOUNT}:role/${id}`,
  aws_iam_user: (id) => `iam::${ACCOUNT}:user/${id}`,
  aws_iam_policy: (id) => `iam::${ACCOUNT}:policy/${id}`,
  aws_iam_instance_profile: (id) => `iam::${ACCOUNT}:instance-profile/${id}`,
  aws_iam_openid_connect_provider: (id) => `iam::${ACCOUNT}:oidc-provider/${id}`,
  aws_s3_bucket: (id) => `s3:::${id}`,
  aws_caller_identity: () => `iam::${ACCOUNT}:user/test`,
};

/** Makes up what only AWS can tell, by the attribute's name; the same address always gets the same values. */
const FORMS: [name: RegExp, value: (subject: Subject, name: string) => unknown][] = [
  [/(^|_)arn$/, arn],
  [/(^|_)(account|owner)(_id)?$/, () => ACCOUNT],
  [/^partition$/, () => "aws"],
  [/(^|_)dns_suffix$/, () => "amazonaws.com"],
  [/(^|_)region$/, ({ region }) => region],
  [/(^|_)availability_zone$/, ({ region }) => `${region}a`],
  [/^json$|(^|_)policy$/, () => '{"Version":"2012-10-17","Statement":[]}'],
  [/^(issuer|url|.*_url|endpoint)$/, (subject) => `https://${mark(subject.address)}.example.com`],
  [/(^|_)dns_name$|^(address|hostname)$/, (subject) => `${mark(subject.address)}.example.com`],
  [/(^|_)ip(_address)?$/, () => "10.0.0.10"],
  [/^cidr_block$/, () => "10.0.0.0/16"],
  [/^(certificate|data)$/, () => Buffer.from("made up").toString("base64")],
  [/^port$/, () => 5432],
  [/^id$|_id$/, id],
];

/** Whole attributes that the names of their parts do not tell. */
const OF_TYPE: Record<string, (subject: Subject) => Record<string, unknown>> = {
  aws_availability_zones: ({ region }) => ({
    names: [..."abcdef"].map((letter) => region + letter),
    zone_ids: [1, 2, 3, 4, 5, 6].map((zone) => `${region.replace(/[^a-z0-9]/g, "")}-az${zone}`),
  }),
  aws_acm_certificate: ({ address }) => ({
    // of all names that several are asked for; who asks for one takes the first
    domain_validation_options: ["example.com", "www.example.com"].map((name) => ({
      domain_name: name,
      resource_record_name: `_${mark(address)}.${name}.`,
      resource_record_type: "CNAME",
      resource_record_value: `_${mark(address)}.acm-validations.aws.`,
    })),
  }),
  // those of a broker of Amazon MQ, the one template that there is
  aws_cloudformation_stack: ({ address, region }) => ({
    outputs: {
      Id: `b-${uuid(address)}`,
      Arn: `arn:aws:mq:${region}:${ACCOUNT}:broker:made-up:b-${uuid(address)}`,
      Host: `b-${uuid(address)}.mq.${region}.on.aws`,
    },
  }),
  aws_cloudwatch_log_delivery_destination: () => ({ delivery_destination_type: "S3" }),
  aws_eks_addon_version: () => ({ version: "v1.2.3-eksbuild.1" }),
  aws_s3_bucket_lifecycle_configuration: () => ({ transition_default_minimum_object_size: "all_storage_classes_128K" }),
  aws_vpc_endpoint_service: ({ region }) => ({ availability_zones: [..."abcdef"].map((letter) => region + letter) }),
  aws_lb_target_group: () => ({ protocol_version: "HTTP1" }),
  aws_sns_topic: () => ({ fifo_throughput_scope: "" }),
  aws_region: ({ region }) => ({ name: region, id: region }),
  aws_kms_key: ({ address }) => ({ key_id: uuid(address), id: uuid(address) }),
};

/**
 * Values for every attribute that only the provider can know, fit to pass the provider's validators where another
 * resource reads them: `block` is the type's schema, as `terraform providers schema -json` gives it.
 */
export function madeUp(subject: Subject, block: Json): Record<string, unknown> {
  return { ...blockValues(subject, block), ...OF_TYPE[subject.type]?.(subject) };
}

function blockValues(subject: Subject, block: Json): Record<string, unknown> {
  const values: [string, unknown][] = [];
  for (const [name, { computed, optional, type }] of Object.entries<Json>(block.attributes ?? {})) {
    // a collection that may be given is empty when it is not given
    if (computed && (typeof type === "string" || !optional)) values.push([name, made(subject, name, type)]);
  }
  for (const [name, nested] of Object.entries<Json>(block.block_types ?? {})) {
    const inner = blockValues(subject, nested.block);
    if (Object.keys(inner).length > 0) values.push([name, inner]);
  }
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

function made(subject: Subject, name: string, type: Json): unknown {
  if (type === "string") return FORMS.find(([pattern]) => pattern.test(name))?.[1](subject, name);
  if (type === "number") return name === "port" ? 5432 : undefined;
  if (!Array.isArray(type)) return undefined;
  const [kind, element] = type;
  if (kind === "object") {
    const fields = Object.entries<Json>(element).map(([key, of]) => [key, made(subject, key, of) ?? empty(of)]);
    return Object.fromEntries(fields);
  }
  if (kind === "list" || kind === "set") {
    const item = made(subject, name.replace(/s$/, ""), element);
    return item === undefined ? undefined : [item];
  }
  return undefined;
}

const empty = (type: Json): unknown => {
  if (type === "string") return "made-up";
  if (type === "number") return 0;
  if (type === "bool") return false;
  return type[0] === "map" ? {} : [];
};

function arn({ address, type, region }: Subject): string {
  const known = ARNS[type];
  const service = type.split("_")[1];
  return `arn:aws:${known ? known(mark(address)) : `${service}:${region}:${ACCOUNT}:${type}/${mark(address)}`}`;
}

function id({ address, type }: Subject, name: string): string {
  const noun = name === "id" ? type.replace(/^aws_/, "") : name.replace(/_id$/, "");
  const known = Object.keys(ID_PREFIXES).find((suffix) => noun === suffix || noun.endsWith(`_${suffix}`));
  const prefix = (known && ID_PREFIXES[known]) ?? noun.replaceAll("_", "-");
  return `${prefix}-${mark(`${address} ${noun}`)}`;
}

const hash = (text: string) => createHash("sha256").update(text).digest("hex");
const mark = (text: string) => hash(text).slice(0, 17);
const uuid = (text: string) => hash(text).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
