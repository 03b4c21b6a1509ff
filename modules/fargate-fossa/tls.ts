import { z } from "zod";
import { internalSchema } from "../aws/load-balancer/callers";
import { certificateShape, checkCertificate } from "../aws/load-balancer/certificate";
import { balancerShape } from "../aws/load-balancer/https-load-balancer";
import type { callersSchema } from "../common/settings/allowed-cidrs";

/** Path that the page answers without sign-in. */
export const HEALTH_PATH = "/healthz";

/** TLS before the page, by a load balancer, and with it the form that posts tasks. Who comes is said by `allowedCidrs`. */
export const tlsSchema = z
  .strictObject({
    ...certificateShape,
    /** Whether it has private addresses only, reached from the VPC, a peer or the VPN; on by default. */
    internal: internalSchema,
    accessLogsBucket: balancerShape.accessLogsBucket,
    deletionProtection: balancerShape.deletionProtection,
  })
  .superRefine(checkCertificate);

/** What the load balancer of the page is given. */
export type TlsSettings = z.output<typeof tlsSchema> & {
  allowedCidrs: z.output<typeof callersSchema>;
  allowInternet: boolean;
};
