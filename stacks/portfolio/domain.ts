import { z } from "zod";
import { domainNameSchema, hostedZoneIdSchema } from "../../modules/aws/load-balancer/certificate";

/** Domain of a website and its API. */
export const domainSchema = z.strictObject({
  /** Domain name of the hosted zone, such as `example.com`, at most 43 characters. */
  name: domainNameSchema.max(43), // ACM takes 64 for the first name of a certificate; `api.` and an environment come before
  /** Id of its public Route 53 zone. */
  hostedZoneId: hostedZoneIdSchema,
  /** Serve the domain itself and `www`; false for `<environment>.<name>`. True in an environment called prod when absent. */
  apex: z.boolean().optional(),
});
type Domain = z.output<typeof domainSchema>;

/** Names of the website, that of its links first. */
export function siteHosts(environment: string, { name, apex = environment === "prod" }: Domain): [string, ...string[]] {
  return apex ? [name, `www.${name}`] : [`${environment}.${name}`];
}

/** Name of the API. */
export const apiHost = (environment: string, domain: Domain): string => `api.${siteHosts(environment, domain)[0]}`;
