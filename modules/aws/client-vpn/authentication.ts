import { z } from "zod";
import { certificateArnSchema, samlProviderArnSchema } from "../../common/settings/arns";
import { refuse } from "../../common/settings/faults";
import { activeDirectorySchema } from "./directory-mfa";
import { generatedPkiSchema } from "./generated-pki";

/**
 * Authentication of server and clients; `checkAuthentication` holds the rules across keys. Clients prove themselves by
 * certificates, or sign in by `activeDirectory` or `samlProviderArn`, or both one after the other.
 */
export const authenticationShape = {
  /** ARN of the server's certificate in ACM, in the region of the VPC. Either this or `generatedPki`. */
  serverCertificateArn: certificateArnSchema.optional(),
  /**
   * ARN of an ACM certificate issued by the CA that signs the client certificates; the server's own if the same CA issued it.
   * Clients need a certificate then.
   */
  rootCertificateChainArn: certificateArnSchema.optional(),
  /**
   * Certificates that Terraform makes instead: of an authority, of the server and of each client. WARNING: their private keys
   * are in the state, for everybody who can read it. Needs the provider hashicorp/tls. For anything but trials, make the
   * certificates elsewhere and give their ARNs.
   */
  generatedPki: generatedPkiSchema.optional(),
  /** ARN of the IAM SAML provider through which people sign in. */
  samlProviderArn: samlProviderArnSchema.optional(),
  /** Directory through which people sign in. */
  activeDirectory: activeDirectorySchema.optional(),
  /** Self-service portal, from which people who sign in download client and configuration; not with client certificates. */
  selfServicePortal: z.boolean().default(false),
  /** ARN of the SAML provider of the portal, which has another callback URL than the VPN; `samlProviderArn` when absent. */
  selfServiceSamlProviderArn: samlProviderArnSchema.optional(),
};
export type AuthenticationSettings = z.output<z.ZodObject<typeof authenticationShape>>;

/** Whether people sign in, beside or instead of certificates. */
export const signsIn = ({ samlProviderArn, activeDirectory }: AuthenticationSettings): boolean =>
  samlProviderArn !== undefined || activeDirectory !== undefined;

/** Whether clients have certificates. */
export const hasCertificates = ({ rootCertificateChainArn, generatedPki }: AuthenticationSettings): boolean =>
  rootCertificateChainArn !== undefined || generatedPki !== undefined;

/** Rules across the inputs of {@link authenticationShape}. */
export function checkAuthentication(settings: AuthenticationSettings, ctx: z.RefinementCtx): void {
  const { serverCertificateArn, rootCertificateChainArn, generatedPki, samlProviderArn, activeDirectory } = settings;
  if (serverCertificateArn === undefined && generatedPki === undefined) {
    refuse(ctx, "serverCertificateArn", "or generatedPki is required, got neither");
  }
  if (generatedPki && (serverCertificateArn !== undefined || rootCertificateChainArn !== undefined)) {
    const message = "must be left out with serverCertificateArn and rootCertificateChainArn, got both";
    refuse(ctx, "generatedPki", message);
  }
  if (!hasCertificates(settings) && !signsIn(settings)) {
    refuse(ctx, "rootCertificateChainArn", "or samlProviderArn or activeDirectory is required, got none");
  }
  // Source: Client VPN administrator guide, "Client authentication": one user-based method, alone or with certificates
  if (samlProviderArn !== undefined && activeDirectory) {
    refuse(ctx, "activeDirectory", "must be left out with samlProviderArn, since people sign in one way, got both");
  }
  checkPortal(settings, ctx);
}

function checkPortal(settings: AuthenticationSettings, ctx: z.RefinementCtx): void {
  const { samlProviderArn, selfServicePortal, selfServiceSamlProviderArn } = settings;
  // Source: Client VPN administrator guide, "Rules and best practices": none with mutual authentication
  if (selfServicePortal && !signsIn(settings)) {
    refuse(ctx, "selfServicePortal", "must be off without samlProviderArn or activeDirectory, got true");
  } else if (selfServicePortal && hasCertificates(settings)) {
    refuse(ctx, "selfServicePortal", "must be off where clients have certificates, got true");
  }
  if (selfServiceSamlProviderArn === undefined) return;
  if (!selfServicePortal) {
    refuse(ctx, "selfServiceSamlProviderArn", "must be left out where selfServicePortal is off, got one");
  } else if (samlProviderArn === undefined) {
    refuse(ctx, "selfServiceSamlProviderArn", "must be left out without samlProviderArn, got one");
  }
}

/** Authentication options of the endpoint; `rootCertificateChainArn` is that of the clients' certificates, if they have any. */
export function authenticationOptions(settings: AuthenticationSettings, rootCertificateChainArn: string | undefined) {
  const { samlProviderArn, selfServiceSamlProviderArn, activeDirectory } = settings;
  return [
    ...(rootCertificateChainArn === undefined ? [] : [{ type: "certificate-authentication", rootCertificateChainArn }]),
    ...(activeDirectory
      ? [{ type: "directory-service-authentication", activeDirectoryId: activeDirectory.directoryId }]
      : []),
    ...(samlProviderArn === undefined
      ? []
      : [{ type: "federated-authentication", samlProviderArn, selfServiceSamlProviderArn }]),
  ];
}
