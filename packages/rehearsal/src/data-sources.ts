import type { Value } from "./msgpack-cty";
import { policyDocument } from "./policy-document";
import { type Facts, list, text, zonesOf } from "./simulated/facts";
import type { Seed } from "./simulated/seed";

/** A read of a data source. */
interface Read {
  config: Record<string, Value>;
  facts: Facts;
  seed: Seed;
}

type Answer = (read: Read) => Record<string, Value>;

/** Length of simulated lists of resources. */
const LISTED = 3;
const EKS_VERSION = "1.34";

/** Values of data sources that cannot be derived from the names of their attributes. */
const ANSWERS: Record<string, Answer> = {
  aws_ami: ({ seed }) => ami(seed),
  aws_ami_ids: ({ seed }) => ({ ids: [`ami-${seed.hex(17)}`] }),
  aws_availability_zones: availabilityZones,
  aws_caller_identity: ({ facts: { partition, account } }) => ({
    account_id: account,
    arn: `arn:${partition}:sts::${account}:assumed-role/rehearsal/rehearsal`,
    id: account,
    user_id: "AROAREHEARSAL0000000:rehearsal",
  }),
  aws_ecr_image: ({ config, seed }) => {
    const digest = text(config.image_digest) ?? `sha256:${seed.hex(64)}`;
    return { id: digest, image_digest: digest, image_tags: [text(config.image_tag) ?? "latest"] };
  },
  aws_eks_addon_version: ({ config }) => {
    const version = `v1.${text(config.kubernetes_version)?.split(".")[1] ?? "0"}.0-eksbuild.1`;
    return { id: text(config.addon_name) ?? null, version };
  },
  aws_eks_cluster: ({ config }) => ({ id: text(config.name) ?? null, status: "ACTIVE", version: EKS_VERSION }),
  aws_iam_policy_document: ({ config }) => policyDocument(config),
  aws_iam_session_context: sessionContext,
  aws_instances: ({ seed }) => ({ ids: idsOf(seed, "i") }),
  aws_partition: ({ facts: { partition, dnsSuffix } }) => ({
    id: partition,
    partition,
    dns_suffix: dnsSuffix,
    reverse_dns_prefix: dnsSuffix.split(".").reverse().join("."),
  }),
  aws_region: ({ config, facts }) => {
    const region = text(config.region) ?? text(config.name) ?? facts.region;
    return {
      id: region,
      name: region,
      region,
      description: `Region ${region}`,
      endpoint: `ec2.${region}.${facts.dnsSuffix}`,
    };
  },
  aws_regions: ({ facts }) => ({ names: [facts.region] }),
  aws_route_tables: ({ seed }) => ({ ids: idsOf(seed, "rtb") }),
  aws_secretsmanager_secret_versions: ({ config, seed }) => ({
    id: text(config.secret_id) ?? null,
    arn: text(config.secret_id) ?? null,
    name: `secret-${seed.hex(8)}`,
    versions: [
      {
        version_id: seed.uuid(),
        version_stages: ["AWSCURRENT"],
        created_time: "2025-01-01T00:00:00Z",
        last_accessed_date: "2025-01-01",
      },
    ],
  }),
  aws_security_groups: ({ seed }) => ({ ids: idsOf(seed, "sg") }),
  aws_ssm_parameter: parameter,
  aws_subnets: ({ seed }) => ({ ids: idsOf(seed, "subnet") }),
  aws_vpc: ({ config }) => ({ cidr_block: text(config.cidr_block) ?? "10.0.0.0/16" }),
  aws_vpc_endpoint_service: ({ config, facts }) => ({
    service_name: text(config.service_name) ?? `com.amazonaws.${facts.region}.${text(config.service) ?? "service"}`,
    service_type: text(config.service_type) ?? "Interface",
    availability_zones: zonesOf(facts.region).map(({ name }) => name),
  }),
  aws_vpcs: ({ seed }) => ({ ids: idsOf(seed, "vpc") }),
};

/** Known values of a data source; the others are simulated by attribute. */
export const answerOf = (type: string, read: Read): Record<string, Value> =>
  Object.hasOwn(ANSWERS, type) ? (ANSWERS[type] as Answer)(read) : {};

const idsOf = (seed: Seed, prefix: string): string[] =>
  Array.from({ length: LISTED }, (_, index) => `${prefix}-${seed.at(String(index)).hex(17)}`);

function availabilityZones({ config, facts }: Read): Record<string, Value> {
  const excluded = [...list(config.exclude_names), ...list(config.exclude_zone_ids)];
  const zones = zonesOf(facts.region).filter(({ name, id }) => !excluded.includes(name) && !excluded.includes(id));
  return {
    id: facts.region,
    names: zones.map(({ name }) => name),
    zone_ids: zones.map(({ id }) => id),
    group_names: [facts.region],
  };
}

function ami(seed: Seed): Record<string, Value> {
  const id = `ami-${seed.hex(17)}`;
  return {
    id,
    image_id: id,
    root_device_name: "/dev/xvda",
    root_device_type: "ebs",
    state: "available",
    virtualization_type: "hvm",
  };
}

/** The role behind the ARN of a session; any other ARN is returned as it is. */
function sessionContext({ config, facts: { partition } }: Read): Record<string, Value> {
  const arn = text(config.arn) ?? "";
  const [, account, role, session] = /:sts::(\d+):assumed-role\/([^/]+)\/(.+)$/.exec(arn) ?? [];
  if (!role) return { id: arn, issuer_arn: arn, issuer_id: "", issuer_name: "", session_name: "" };
  return {
    id: arn,
    issuer_arn: `arn:${partition}:iam::${account}:role/${role}`,
    issuer_id: "AROAREHEARSAL0000000",
    issuer_name: role,
    session_name: session as string,
  };
}

/** A parameter by its name: AWS's public parameters hold image ids, or JSON about an image. */
function parameter({ config, facts, seed }: Read): Record<string, Value> {
  const name = text(config.name) ?? "";
  const image = `ami-${seed.hex(17)}`;
  const value = publicValue(name, image, seed);
  const arn = `arn:${facts.partition}:ssm:${facts.region}:${facts.account}:parameter/${name.replace(/^\//, "")}`;
  return { id: name, arn, value, insecure_value: value, type: "String", version: 1 };
}

function publicValue(name: string, image: string, seed: Seed): string {
  if (/\/recommended$/.test(name))
    return JSON.stringify({ image_id: image, image_name: "rehearsal", schema_version: "2" });
  if (/release_version$|image_version$/.test(name)) return `${EKS_VERSION}.0-20250101`;
  return /(^|[/_-])(ami|image_id|al2023|amzn2|amazon-linux|bottlerocket|ubuntu)/i.test(name)
    ? image
    : `value-${seed.hex(8)}`;
}
