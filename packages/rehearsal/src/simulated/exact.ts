import type { Value } from "../msgpack-cty";
import { type Place, pem, textFor } from "./by-name";
import { Seed } from "./seed";

type Exact = (place: Place) => Value;

const hexOf = (place: Place) => place.seed.hex(32).toUpperCase();
const part = (arn: string, after: string) => arn.split(after)[1] ?? arn;
const base64 = (text: string) => Buffer.from(text).toString("base64");

const PORTS: [RegExp, number][] = [
  [/postgres/, 5432],
  [/mysql|mariadb/, 3306],
  [/oracle/, 1521],
  [/sqlserver/, 1433],
];
const portOf = (engine: string) => PORTS.find(([pattern]) => pattern.test(engine))?.[1] ?? 5432;

/** Values that the name of the attribute does not determine, by type and attribute. */
const EXACT: Record<string, Exact> = {
  "aws_acm_certificate.domain_validation_options": certificateProofs,
  "aws_cloudformation_stack.outputs": stackOutputs,
  "aws_cloudfront_distribution.domain_name": ({ seed }) => `d${seed.hex(13)}.cloudfront.net`,
  "aws_cloudfront_distribution.hosted_zone_id": () => "Z2FDTNDATAQYW2", // the same for all distributions
  "aws_db_instance.address": (place) => databaseHost(place),
  "aws_db_instance.endpoint": (place) => `${databaseHost(place)}:${place.text("port")}`,
  "aws_db_instance.master_user_secret.secret_arn": ({ arn }) => arn("secret_arn"),
  "aws_db_instance.port": ({ text }) => portOf(text("engine")),
  "aws_db_instance.resource_id": ({ seed }) => `db-${seed.capitals(26)}`,
  "aws_default_security_group.name": () => "default",
  "aws_ecr_repository.repository_url": ({ facts, text }) =>
    `${facts.account}.dkr.ecr.${facts.region}.${facts.dnsSuffix}/${text("name")}`,
  "aws_ecs_task_definition.arn_without_revision": ({ text }) => text("arn").replace(/:\d+$/, ""),
  "aws_efs_file_system.dns_name": ({ facts, text }) => `${text("id")}.efs.${facts.region}.${facts.dnsSuffix}`,
  "aws_efs_mount_target.dns_name": ({ facts, text }) =>
    `${text("file_system_id")}.efs.${facts.region}.${facts.dnsSuffix}`,
  "aws_eks_cluster.certificate_authority.data": ({ seed }) => base64(pem("CERTIFICATE", seed)),
  "aws_eks_cluster.endpoint": (place) =>
    `https://${hexOf(place)}.gr7.${place.facts.region}.eks.${place.facts.dnsSuffix}`,
  "aws_eks_cluster.identity.oidc.issuer": (place) =>
    `https://oidc.eks.${place.facts.region}.${place.facts.dnsSuffix}/id/${hexOf(place)}`,
  "aws_eks_cluster.platform_version": () => "eks.1",
  "aws_eks_cluster.status": () => "ACTIVE",
  "aws_eks_cluster.version": () => "1.34",
  "aws_eks_node_group.resources.autoscaling_groups.name": ({ seed, text }) =>
    `eks-${text("node_group_name")}-${seed.uuid()}`,
  "aws_iam_access_key.id": ({ seed }) => `AKIA${seed.capitals(16)}`,
  "aws_instance.instance_state": () => "running",
  "aws_launch_template.default_version": () => 1,
  "aws_launch_template.latest_version": () => 1,
  "aws_lb.arn_suffix": ({ text }) => part(text("arn"), ":loadbalancer/"),
  "aws_lb.dns_name": ({ facts, seed, text }) =>
    `${text("name")}-${seed.number(1e8, 2e9)}.${facts.region}.elb.${facts.dnsSuffix}`,
  "aws_lb_target_group.arn_suffix": ({ text }) => `targetgroup/${part(text("arn"), ":targetgroup/")}`,
  "aws_route53_record.fqdn": ({ text }) => text("name"),
  "aws_s3_bucket.bucket_domain_name": ({ facts, text }) => `${text("bucket")}.s3.${facts.dnsSuffix}`,
  "aws_s3_bucket.bucket_regional_domain_name": ({ facts, text }) =>
    `${text("bucket")}.s3.${facts.region}.${facts.dnsSuffix}`,
  "aws_sqs_queue.url": ({ facts, text }) =>
    `https://sqs.${facts.region}.${facts.dnsSuffix}/${facts.account}/${text("name")}`,
  "aws_vpc_peering_connection.accept_status": () => "active",
  "aws_vpc_peering_connection_accepter.accept_status": () => "active",
  "helm_release.metadata.name": ({ text }) => text("name"),
  "helm_release.metadata.namespace": ({ text }) => text("namespace"),
  "helm_release.namespace": () => "default",
  "helm_release.status": () => "deployed",
};

/**
 * A record for each distinct name of a certificate, that of a wildcard for its domain; ACM asks an account for the same one
 * whenever it asks for a name. Source: ACM User Guide, "DNS validation".
 */
function certificateProofs({ facts, text, texts }: Place): Value {
  const names = new Set([text("domain_name"), ...texts("subject_alternative_names")]);
  return [...names].map((name) => {
    const domain = name.replace(/^\*\./, "");
    const seed = new Seed("certificate proof").at(facts.account, domain);
    return {
      domain_name: name,
      resource_record_name: `_${seed.hex(32)}.${domain}.`,
      resource_record_type: "CNAME",
      resource_record_value: `_${seed.at("value").hex(32)}.${seed.at("zone").hex(10)}.acm-validations.aws.`,
    };
  });
}

/** A value for each output of a stack's template in JSON; a template in YAML is not read. */
function stackOutputs(place: Place): Value {
  const template = place.text("template_body");
  const { Outputs = {} } = template.startsWith("{") ? JSON.parse(template) : {};
  return Object.fromEntries(
    Object.keys(Outputs).map((name) => {
      const word = name.replace(/(?<=[a-z0-9])[A-Z]/g, "_$&").toLowerCase();
      return [name, textFor({ ...place, path: [...place.path, word], seed: place.seed.at(name) })];
    }),
  );
}

const databaseHost = ({ facts, seed, text }: Place) =>
  `${text("identifier")}.${seed.at("endpoint").hex(12)}.${facts.region}.rds.${facts.dnsSuffix}`;

/** Value for this attribute of this type; undefined if its name determines it. */
export function exactly(place: Place): Value | undefined {
  const key = `${place.type}.${place.path.join(".")}`;
  return Object.hasOwn(EXACT, key) ? EXACT[key]?.(place) : undefined;
}
