import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import { Annotations } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { areDistinct } from "../../common/collections";
import { boundedName } from "../../common/names";
import { kmsKeyArnSchema } from "../../common/settings/arns";
import { TlsResource } from "../../common/tls-resource";

/** Certificates that Terraform makes. */
export const generatedPkiSchema = z.strictObject({
  /** Names of the clients, one certificate each: 1 to 40 lower-case letters, digits and hyphens; at most 50. */
  clients: z
    .array(
      z
        .string()
        .regex(/^[a-z][a-z0-9-]{0,39}$/, "must be 1 to 40 lower-case letters, digits and hyphens, a letter first"),
    )
    .min(1)
    .max(50)
    .refine(areDistinct, "must name each once"),
  /**
   * Days, 60 to 1825, that server and clients are certified for; an apply in the last 30 makes new certificates. The
   * authority is certified for ten years.
   */
  validityDays: z.int().min(60).max(1825).default(365),
  /** KMS key that encrypts the clients' secrets; Secrets Manager's own when absent. */
  kmsKeyArn: kmsKeyArnSchema.optional(),
});

export interface GeneratedPkiProps extends z.output<typeof generatedPkiSchema> {
  readonly name: string;
}

const HOURS = 24;
const AUTHORITY_DAYS = 3650;
/** Days before the end in which an apply makes a new certificate. */
const RENEWAL_DAYS = 30;
/** Source: Client VPN administrator guide, "Mutual authentication": RSA keys of 1024 and 2048 bits are supported. */
const KEY = { algorithm: "RSA", rsa_bits: 2048 };

/**
 * Authority with certificates of a VPN's server and of its clients. What a client appends to its configuration is in a secret
 * each. All private keys are in the state too.
 */
export class GeneratedPki extends Construct {
  /** Certificate of the server in ACM; the clients' are of the same authority. */
  readonly serverCertificateArn: string;
  /** Secrets by client: its certificate and its key, as a configuration of OpenVPN has them. */
  readonly clientSecretArns: Record<string, string>;
  readonly #authority: { readonly key: string; readonly certificate: string };
  readonly #props: GeneratedPkiProps;

  constructor(scope: Construct, id: string, props: GeneratedPkiProps) {
    super(scope, id);
    this.#props = props;
    const { name, clients, kmsKeyArn } = props;
    const domain = `${boundedName(60, name).toLowerCase()}.vpn`; // RFC 5280: a common name has 64 characters at most
    Annotations.of(this).addWarning("generatedPki: the private keys are in the state, for everybody who can read it");

    const key = attribute(new TlsResource(this, "authority-key", "tls_private_key", KEY), "private_key_pem");
    const certificate = new TlsResource(this, "authority", "tls_self_signed_cert", {
      private_key_pem: key,
      is_ca_certificate: true,
      subject: { common_name: domain },
      allowed_uses: ["cert_signing", "crl_signing"],
      validity_period_hours: AUTHORITY_DAYS * HOURS,
      // another authority is made before it would end earlier than what it certifies
      early_renewal_hours: props.validityDays * HOURS,
    });
    this.#authority = { key, certificate: attribute(certificate, "cert_pem") };

    const server = this.certify("server", `server.${domain}`, ["digital_signature", "key_encipherment", "server_auth"]);
    this.serverCertificateArn = new AcmCertificate(this, "certificate", {
      privateKey: server.key,
      certificateBody: server.certificate,
      certificateChain: this.#authority.certificate,
      tags: { Name: `${name}-vpn-server` },
      lifecycle: { createBeforeDestroy: true },
    }).arn;
    this.clientSecretArns = Object.fromEntries(
      [...clients].sort().map((client) => {
        const made = this.certify(`client-${client}`, `${client}.${domain}`, ["digital_signature", "client_auth"]);
        const { id: secretId } = new SecretsmanagerSecret(this, `secret-${client}`, {
          namePrefix: `${name}-vpn-${client}-`,
          description: `Certificate and key of ${client} for the VPN of ${name}`,
          kmsKeyId: kmsKeyArn,
          recoveryWindowInDays: 7,
        });
        const { arn } = new SecretsmanagerSecretVersion(this, `secret-value-${client}`, {
          secretId,
          secretString: `<cert>\n${made.certificate}</cert>\n<key>\n${made.key}</key>\n`,
        });
        return [client, arn];
      }),
    );
  }

  /** Key and certificate of the authority for one holder. */
  private certify(id: string, dnsName: string, allowedUses: string[]): { key: string; certificate: string } {
    const key = attribute(new TlsResource(this, `${id}-key`, "tls_private_key", KEY), "private_key_pem");
    const request = new TlsResource(this, `${id}-request`, "tls_cert_request", {
      private_key_pem: key,
      subject: { common_name: dnsName.split(".")[0] }, // 64 characters at most (RFC 5280)
      dns_names: [dnsName],
    });
    const signed = new TlsResource(this, id, "tls_locally_signed_cert", {
      cert_request_pem: attribute(request, "cert_request_pem"),
      ca_private_key_pem: this.#authority.key,
      ca_cert_pem: this.#authority.certificate,
      allowed_uses: allowedUses,
      validity_period_hours: this.#props.validityDays * HOURS,
      early_renewal_hours: RENEWAL_DAYS * HOURS,
    });
    return { key, certificate: attribute(signed, "cert_pem") };
  }
}

const attribute = (resource: TlsResource, name: string): string => resource.getStringAttribute(name);
