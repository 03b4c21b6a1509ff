import { z } from "zod";
import { certificateArnSchema, samlProviderArnSchema } from "../../common/settings/arns";
import { refuse } from "../../common/settings/faults";

/** Authentication of server and clients; `checkAuthentication` holds the rules across keys. */
export const authenticationShape = {
  /** ARN of the server's certificate in ACM, in the region of the VPC. */
  serverCertificateArn: certificateArnSchema,
  /**
   * ARN of an ACM certificate issued by the CA that signs the client certificates; the server's own if the same CA issued it.
   * Either this or `samlProviderArn`.
   */
  rootCertificateChainArn: certificateArnSchema.optional(),
  /** ARN of the IAM SAML provider through which people sign in. Either this or `rootCertificateChainArn`. */
  samlProviderArn: samlProviderArnSchema.optional(),
  /** Self-service portal, from which people download client and configuration; SAML only. */
  selfServicePortal: z.boolean().default(false),
  /** ARN of the SAML provider of the portal, which has another callback URL than the VPN; `samlProviderArn` when absent. */
  selfServiceSamlProviderArn: samlProviderArnSchema.optional(),
};
export type AuthenticationSettings = z.output<z.ZodObject<typeof authenticationShape>>;

/** Rules across the inputs of {@link authenticationShape}. */
export function checkAuthentication(settings: AuthenticationSettings, ctx: z.RefinementCtx): void {
  const { rootCertificateChainArn, samlProviderArn, selfServicePortal, selfServiceSamlProviderArn } = settings;
  if (rootCertificateChainArn === undefined && samlProviderArn === undefined) {
    refuse(ctx, "rootCertificateChainArn", "or samlProviderArn is required, got neither");
  }
  if (rootCertificateChainArn !== undefined && samlProviderArn !== undefined) {
    refuse(ctx, "rootCertificateChainArn", "must be left out with samlProviderArn, got both");
  }
  if (selfServicePortal && samlProviderArn === undefined) {
    // Source: Client VPN administrator guide, "Rules and best practices": none with mutual authentication
    refuse(ctx, "selfServicePortal", "must be off without samlProviderArn, got true");
  }
  if (selfServiceSamlProviderArn !== undefined && !selfServicePortal) {
    refuse(ctx, "selfServiceSamlProviderArn", "must be left out where selfServicePortal is off, got one");
  }
}

/** Authentication options of the endpoint. */
export const authenticationOptions = (settings: AuthenticationSettings) =>
  settings.samlProviderArn === undefined
    ? [{ type: "certificate-authentication", rootCertificateChainArn: settings.rootCertificateChainArn }]
    : [
        {
          type: "federated-authentication",
          samlProviderArn: settings.samlProviderArn,
          selfServiceSamlProviderArn: settings.selfServiceSamlProviderArn,
        },
      ];
