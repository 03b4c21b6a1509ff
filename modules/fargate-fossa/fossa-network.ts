import type { ITerraformDependable } from "cdktf";
import { z } from "zod";
import { areDistinct } from "../common/collections";
import { cidrSchema } from "../common/settings/cidr";

/** Network that workers and their gateway stand in; `Network` is one. */
export interface FossaNetwork {
  readonly vpcId: string;
  readonly vpcCidrBlocks: string[];
  readonly publicSubnetIds: string[];
  readonly privateSubnetIds: string[];
  /** Literal blocks of the private subnets, whose machines a gateway host leads out. */
  readonly privateSubnetCidrBlocks: string[];
  readonly privateRouteTableIds: string[];
  /** Routes to the internet, which the gateway host waits for; none when they are another stack's. */
  readonly defaultRoutes?: ITerraformDependable[];
}

/** What is read of a network. */
export const NETWORK_KEYS = [
  "vpcId",
  "vpcCidrBlocks",
  "publicSubnetIds",
  "privateSubnetIds",
  "privateSubnetCidrBlocks",
  "privateRouteTableIds",
] as const;

/**
 * How the private subnets reach the image, AWS and the internet. `nat-instance`: through the gateway host, cheapest and
 * least reliable. `nat-gateway`: through AWS's. `vpc-endpoints`: AWS's services only, nothing else.
 */
export const egressSchema = z.enum(["nat-instance", "nat-gateway", "vpc-endpoints"]).default("nat-instance");
export type Egress = z.output<typeof egressSchema>;

/** Processor that the workers' image is built for and runs on. */
export const architectureSchema = z.enum(["X86_64", "ARM64"]).default("X86_64");
export type Architecture = z.output<typeof architectureSchema>;

const ids = (prefix: string, what: string) =>
  z
    .array(z.string().regex(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), `must be the id of ${what}`))
    .refine(areDistinct, "must name each once");

/** Network that exists already, to build on in place of one of ours. */
export const existingNetworkSchema = z.strictObject({
  /** VPC, with DNS support and DNS hostnames on. */
  vpcId: z.string().regex(/^vpc-[0-9a-f]{8,17}$/, "must be the id of a VPC"),
  /** All IPv4 blocks of the VPC. */
  vpcCidrBlocks: z.array(cidrSchema(16, 28)).min(1),
  /** Subnets with a route to an internet gateway, for the gateway host and the load balancer; at least one. */
  publicSubnetIds: ids("subnet", "a subnet").min(1),
  /** Subnets of the workers, one of each zone. */
  privateSubnetIds: ids("subnet", "a subnet").min(1),
  /** Blocks of the private subnets. */
  privateSubnetCidrBlocks: z.array(cidrSchema(16, 28)).min(1),
  /** Route tables of the private subnets; without a default route where the gateway host leads out. */
  privateRouteTableIds: ids("rtb", "a route table").min(1),
});
