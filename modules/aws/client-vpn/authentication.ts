import { z } from "zod";
import { certificateArnSchema, samlProviderArnSchema } from "../../common/settings/arns";
import { refuse } from "../../common/settings/faults";

/** Inputs that concern how the two ends prove who they are; `checkAuthentication` holds the rules across them. */
export const authenticationShape = {
  /** ARN of the server's certificate in ACM, in the region of the VPC. */
  serverCertificateArn: certificateArnSchema,
  /**
   * ARN of the certificate in ACM whose authority signs those of the clients: each client needs one. The server's own,
   * where the same authority signed it. Either this or `samlProviderArn`.
   */
  rootCertificateChainArn: certificateArnSchema.optional(),
  /** ARN of the SAML provider in IAM by which people sign in. Either this or `rootCertificateChainArn`. */
  samlProviderArn: samlProviderArnSchema.optional(),
  /** Whether people fetch client and configuration from a web page that AWS serves; for SAML only, off by default. */
  selfServicePortal: z.boolean().default(false),
  /** ARN of the SAML provider for the web page, which answers elsewhere than the VPN; `samlProviderArn` when absent. */
  selfServiceSamlProviderArn: samlProviderArnSchema.optional(),
};
export type AuthenticationSettings = z.output<z.ZodObject<typeof authenticationShape>>;

/** Rules across the inputs of {@link authenticationShape}. */
export function checkAuthentication(settings: AuthenticationSettings, ctx: z.RefinementCtx): void {
  const { rootCertificateChainArn, samlProviderArn, selfServicePortal, selfServiceSamlProviderArn } = settings;
  if (rootCertificateChainArn === undefined && samlProviderArn === undefined) {
    refuse(ctx, "rootCertificateChainArn", "must be given, or samlProviderArn: somebody has to be let in, got neither");
  }
  if (rootCertificateChainArn !== undefined && samlProviderArn !== undefined) {
    refuse(ctx, "rootCertificateChainArn", "must be left out with samlProviderArn, got both");
  }
  if (selfServicePortal && samlProviderArn === undefined) {
    // Source: Client VPN administrator guide, "Rules and best practices": none with mutual authentication
    refuse(
      ctx,
      "selfServicePortal",
      "must be off without samlProviderArn, as the page is for those who sign in, got true",
    );
  }
  if (selfServiceSamlProviderArn !== undefined && !selfServicePortal) {
    refuse(ctx, "selfServiceSamlProviderArn", "must be left out where selfServicePortal is off, got one");
  }
}

/** How clients prove who they are, as the endpoint takes it. */
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
