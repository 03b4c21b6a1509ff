import { z } from "zod";
import { cidrSchema, overlaps } from "../common/settings/cidr";
import { refuse } from "../common/settings/faults";
import { orToken, show } from "../common/settings/props";
import { isCidr } from "./cluster-network";

/** Inputs of the cluster about the public endpoint of its API. */
export const endpointShape = {
  /** Expose the Kubernetes API on the internet to `publicAccessCidrs`. It is always reachable inside the VPC. */
  endpointPublicAccess: z.boolean().default(false),
  /** Public CIDR blocks that may reach the public endpoint. */
  publicAccessCidrs: orToken(z.array(orToken(cidrSchema(0, 32)))).default([]),
  /** Allow 0.0.0.0/0 in `publicAccessCidrs`. */
  allowPublicAccessFromAnywhere: z.boolean().default(false),
};

/** Reserved ranges, which EKS refuses for the public endpoint. Source: RFC 6890. */
const RESERVED_RANGES = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "224.0.0.0/3",
];

interface EndpointSettings {
  endpointPublicAccess: boolean;
  publicAccessCidrs: string[];
  allowPublicAccessFromAnywhere: boolean;
}

/** Rules across the inputs of {@link endpointShape}. */
export function checkEndpoint(settings: EndpointSettings, ctx: z.RefinementCtx) {
  const key = "publicAccessCidrs";
  const { endpointPublicAccess, publicAccessCidrs, allowPublicAccessFromAnywhere } = settings;
  if (!Array.isArray(publicAccessCidrs)) return;

  if (endpointPublicAccess && publicAccessCidrs.length === 0) {
    refuse(
      ctx,
      key,
      "must name the CIDR blocks that may reach the endpoint, as endpointPublicAccess is true, got none",
    );
  }
  if (!endpointPublicAccess && publicAccessCidrs.length > 0) {
    refuse(ctx, key, `must be left out unless endpointPublicAccess is true, got ${show(publicAccessCidrs)}`);
  }
  publicAccessCidrs.forEach((cidr, index) => {
    if (!isCidr(cidr)) return;
    const reserved = RESERVED_RANGES.find((range) => overlaps(range, cidr));
    if (cidr === "0.0.0.0/0") {
      const hint = "set allowPublicAccessFromAnywhere to open it to the whole internet";
      if (!allowPublicAccessFromAnywhere) refuse(ctx, [key, index], `must not be everywhere (${hint}), got ${cidr}`);
    } else if (reserved) refuse(ctx, [key, index], `must be public, apart from ${reserved}, got ${cidr}`);
  });
}
