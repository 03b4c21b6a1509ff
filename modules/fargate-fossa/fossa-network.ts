import type { ITerraformDependable } from "cdktf";
import { z } from "zod";
import { contains } from "../common/settings/cidr";
import { refuse } from "../common/settings/faults";
import type { Zones } from "../common/zones";
import { existingNetworkShape } from "../network/existing-network";

/** Network of workers and gateway; `Network` is one. */
export interface FossaNetwork extends Zones {
  readonly vpcId: string;
  readonly vpcCidrBlocks: string[];
  readonly publicSubnetIds: string[];
  readonly privateSubnetIds: string[];
  /** Literal blocks of the private subnets, for which a gateway host is the NAT. */
  readonly privateSubnetCidrBlocks: string[];
  readonly privateRouteTableIds: string[];
  /** Routes to the internet, which the gateway host depends on; undefined for those of another stack. */
  readonly defaultRoutes?: ITerraformDependable[];
}

/** Required fields of a network, as `reference` takes them. */
export const NETWORK_FIELDS = [
  "vpcId",
  "vpcCidrBlocks[]",
  "publicSubnetIds[]",
  "privateSubnetIds[]",
  "privateSubnetCidrBlocks[]",
  "privateRouteTableIds[]",
] as const;

/**
 * How the private subnets reach image registry, AWS and the internet. `nat-instance`: through the gateway host, the cheapest
 * and least reliable. `nat-gateway`: through NAT gateways of AWS. `vpc-endpoints`: AWS services only.
 */
export const egressSchema = z.enum(["nat-instance", "nat-gateway", "vpc-endpoints"]).default("nat-instance");

/** Existing network to use instead of a new one; with `nat-instance` its private route tables must not have a default route. */
export const existingNetworkSchema = z
  .strictObject(existingNetworkShape)
  .superRefine(({ vpcCidrBlocks, privateSubnetCidrBlocks }, ctx) => {
    for (const [index, block] of privateSubnetCidrBlocks.entries()) {
      if (vpcCidrBlocks.some((outer) => contains(outer, block))) continue;
      const message = `must lie in one of vpcCidrBlocks (${vpcCidrBlocks.join(", ")}), got ${block}`;
      refuse(ctx, ["privateSubnetCidrBlocks", index], message);
    }
  });
