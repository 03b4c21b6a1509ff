import { z } from "zod";
import { applicationShape, checkAccessLogs } from "../aws/load-balancer/application-load-balancer";
import { internalSchema } from "../aws/load-balancer/callers";
import { certificateShape, checkCertificate } from "../aws/load-balancer/certificate";
import type { callersSchema } from "../common/settings/allowed-cidrs";

/** Path that the page answers without sign-in. */
export const HEALTH_PATH = "/healthz";

/** TLS for the page by a load balancer; `allowedCidrs` names its clients. */
export const tlsSchema = z
  .strictObject({
    ...certificateShape,
    /** Private addresses only, for the VPC, peers and the VPN. */
    internal: internalSchema,
    ...applicationShape,
  })
  .superRefine((settings, ctx) => {
    checkCertificate(settings, ctx);
    checkAccessLogs(settings, ctx);
  });

/** Settings of the page's load balancer. */
export type TlsSettings = z.output<typeof tlsSchema> & {
  allowedCidrs: z.output<typeof callersSchema>;
  allowInternet: boolean;
};
