import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation";
import { Route53Record, type Route53RecordConfig } from "@cdktf/provider-aws/lib/route53-record";
import type { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { z } from "zod";
import { certificateArnSchema } from "../../common/settings/arns";
import { refuse } from "../../common/settings/faults";
import { orToken } from "../../common/settings/props";

const LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

/** Domain name in lower case. */
export const domainNameSchema = z
  .string()
  .max(64) // RFC 5280: the common name of a certificate; ACM asks the same of the first name
  .regex(new RegExp(`^(${LABEL}\\.)+[a-z]{2,63}$`), "must be a domain name in lower case such as ml.example.com");
/** Id of a Route 53 zone. */
export const hostedZoneIdSchema = orToken(z.string().regex(/^Z[A-Z0-9]{1,31}$/, "must be the id of a hosted zone"));

/** Certificate of a load balancer; `checkCertificate` holds the rules across keys. */
export const certificateShape = {
  /** ARN of an ACM certificate in the region of the load balancer. Either this or `domainName` with `hostedZoneId`. */
  certificateArn: certificateArnSchema.optional(),
  /** Domain name, such as `ml.example.com`, for which a certificate and an alias record are created. */
  domainName: domainNameSchema.optional(),
  /** Id of the public Route 53 zone of `domainName`, used for ACM's DNS validation. */
  hostedZoneId: hostedZoneIdSchema.optional(),
};
export type CertificateSettings = z.output<z.ZodObject<typeof certificateShape>>;

/** Rules across the inputs of {@link certificateShape}. */
export function checkCertificate(settings: CertificateSettings, ctx: z.RefinementCtx): void {
  const { certificateArn, domainName } = settings;
  if (certificateArn === undefined && domainName === undefined) {
    refuse(ctx, "certificateArn", "or domainName with hostedZoneId is required for TLS, got neither");
  }
  checkDomain(settings, ctx);
}

/** Rules where a load balancer may do without a certificate. */
export function checkDomain(settings: CertificateSettings, ctx: z.RefinementCtx): void {
  const { certificateArn, domainName, hostedZoneId } = settings;
  if (certificateArn !== undefined && (domainName !== undefined || hostedZoneId !== undefined)) {
    refuse(
      ctx,
      "certificateArn",
      "must be left out with domainName and hostedZoneId, for which one is created, got both",
    );
  } else if (domainName !== undefined && hostedZoneId === undefined) {
    refuse(ctx, "hostedZoneId", "is required with domainName, got nothing");
  } else if (hostedZoneId !== undefined && domainName === undefined) {
    refuse(ctx, "domainName", "is required with hostedZoneId, got nothing");
  }
}

/** What a certificate covers beside its domain, and where it is. */
interface CertificateScope {
  /** Also covers every name one label below the domain; ACM asks for the same proof of both. */
  subdomains?: boolean;
  /** Further names, each with a proof of its own in the same zone. */
  otherNames?: readonly string[];
  /** AWS provider of the certificate's region; the stack's own when absent. */
  provider?: TerraformProvider;
}

/** ARN of the given certificate, or of one created in `scope` for the domain, once ACM has validated it. */
export function certificateFor(
  scope: Construct,
  settings: CertificateSettings,
  { subdomains = false, otherNames = [], provider }: CertificateScope = {},
): string {
  const { certificateArn = "", domainName, hostedZoneId } = settings;
  if (domainName === undefined || hostedZoneId === undefined) return certificateArn;
  const alternatives = [...(subdomains ? [`*.${domainName}`] : []), ...otherNames];
  const certificate = new AcmCertificate(scope, "certificate", {
    domainName,
    // ACM counts the domain among them, and the provider keeps names that are no longer mentioned
    subjectAlternativeNames: [domainName, ...alternatives],
    validationMethod: "DNS",
    tags: { Name: domainName },
    lifecycle: { createBeforeDestroy: true },
    provider,
  });
  const prove = (id: string, proof: Pick<Route53RecordConfig, "name" | "type" | "records">) =>
    new Route53Record(scope, id, {
      ...proof,
      zoneId: hostedZoneId,
      ttl: 300,
      allowOverwrite: true, // the validation record is the same for every certificate of the account for this name
    });
  const first = certificate.domainValidationOptions.get(0);
  const onlyProof = {
    name: first.resourceRecordName,
    type: first.resourceRecordType,
    records: [first.resourceRecordValue],
  };
  const records =
    otherNames.length === 0
      ? [prove("certificate-proof", onlyProof)]
      : [prove("certificate-proof", proofOf(certificate, domainName))].concat(
          otherNames.map((name) => prove(`certificate-proof-${name}`, proofOf(certificate, name))),
        );
  return new AcmCertificateValidation(scope, "certificate-issued", {
    certificateArn: certificate.arn,
    validationRecordFqdns: records.map(({ fqdn }) => fqdn),
    provider,
  }).certificateArn;
}

/** Record that proves one of the names of a certificate: ACM tells of them in no order. */
function proofOf({ friendlyUniqueId: id }: AcmCertificate, name: string) {
  const field = (key: string) =>
    `\${one([for option in aws_acm_certificate.${id}.domain_validation_options : option.resource_record_${key} if option.domain_name == "${name}"])}`;
  return { name: field("name"), type: field("type"), records: [field("value")] };
}
