import { z } from "zod";
import { policy } from "../common/iam/policy";
import { checkSids, statementShape } from "../common/iam/statement-schema";
import type { Fault } from "../common/settings/faults";

const principalSchema = z.union(
  [z.literal("*"), z.partialRecord(z.enum(["AWS", "Service"]), z.union([z.string(), z.array(z.string()).min(1)]))],
  { error: 'must be "*", or { AWS: ... } with ARNs or account ids' },
);
const statementSchema = z.strictObject({
  ...statementShape,
  /** Who may pass; everybody when absent, and then conditions tell who. */
  Principal: principalSchema.default("*"),
  /** ARNs; all that the service has when absent. */
  Resource: statementShape.Resource.default("*"),
});

/** Policies of VPC endpoints by service. */
export const endpointPoliciesSchema = z
  .record(z.string(), z.array(statementSchema).min(1).superRefine(checkSids))
  .default({});
export type EndpointPolicies = z.output<typeof endpointPoliciesSchema>;

/** Policy document of a service's endpoint; undefined where the default of AWS, which allows everything, is to stay. */
export function endpointPolicy(policies: EndpointPolicies, service: string): string | undefined {
  const statements = Object.hasOwn(policies, service) ? policies[service] : undefined;
  return statements && policy(...statements);
}

/** Policies of services that have no endpoint in the network. */
export function policyFaults(policies: EndpointPolicies, services: readonly string[]): Fault[] {
  const known = services.length > 0 ? `one of ${services.join(", ")}` : "a service with an endpoint, and there is none";
  return Object.keys(policies)
    .filter((service) => !services.includes(service))
    .map((service) => ({ path: ["endpointPolicies", service], message: `must be for ${known}, got ${service}` }));
}
