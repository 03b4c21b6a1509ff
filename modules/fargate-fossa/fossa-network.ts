import type { ITerraformDependable } from "cdktf";
import { z } from "zod";
import { areDistinct } from "../common/collections";
import { cidrSchema, contains } from "../common/settings/cidr";
import { refuse } from "../common/settings/faults";
import type { Zones } from "../common/zones";

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

/** Required fields of a network. */
export const NETWORK_KEYS = [
  "vpcId",
  "vpcCidrBlocks",
  "publicSubnetIds",
  "privateSubnetIds",
  "privateSubnetCidrBlocks",
  "privateRouteTableIds",
] as const;

/**
 * How the private subnets reach image registry, AWS and the internet. `nat-instance`: through the gateway host, the cheapest
 * and least reliable. `nat-gateway`: through NAT gateways of AWS. `vpc-endpoints`: AWS services only.
 */
export const egressSchema = z.enum(["nat-instance", "nat-gateway", "vpc-endpoints"]).default("nat-instance");

const ids = (prefix: string, what: string) =>
  z
    .array(z.string().regex(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), `must be the id of ${what}`))
    .refine(areDistinct, "must name each once");

/** Existing network to use instead of a new one. */
export const existingNetworkSchema = z
  .strictObject({
    /** VPC with DNS support and DNS hostnames enabled. */
    vpcId: z.string().regex(/^vpc-[0-9a-f]{8,17}$/, "must be the id of a VPC"),
    /** All IPv4 blocks of the VPC. */
    vpcCidrBlocks: z.array(cidrSchema(16, 28)).min(1).refine(areDistinct, "must name each block once"),
    /** Subnets with a route to an internet gateway, for gateway host and load balancer; at least one. */
    publicSubnetIds: ids("subnet", "a subnet").min(1),
    /** Subnets of the workers, one per zone. */
    privateSubnetIds: ids("subnet", "a subnet").min(1),
    /** Blocks of the private subnets. */
    privateSubnetCidrBlocks: z.array(cidrSchema(16, 28)).min(1),
    /** Route tables of the private subnets; with `nat-instance` they must not have a default route. */
    privateRouteTableIds: ids("rtb", "a route table").min(1),
  })
  .superRefine(({ vpcCidrBlocks, privateSubnetCidrBlocks }, ctx) => {
    for (const [index, block] of privateSubnetCidrBlocks.entries()) {
      if (vpcCidrBlocks.some((outer) => contains(outer, block))) continue;
      const message = `must lie in one of vpcCidrBlocks (${vpcCidrBlocks.join(", ")}), got ${block}`;
      refuse(ctx, ["privateSubnetCidrBlocks", index], message);
    }
  });
