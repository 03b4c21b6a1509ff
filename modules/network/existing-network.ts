import { z } from "zod";
import { areDistinct } from "../common/collections";
import { cidrSchema } from "../common/settings/cidr";

const ids = (prefix: string, what: string) =>
  z
    .array(z.string().regex(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), `must be the id of ${what}`))
    .refine(areDistinct, "must name each once");

/** Parts of a network that exists already, of which a system takes those that it needs. */
export const existingNetworkShape = {
  /** VPC with DNS support and DNS hostnames enabled. */
  vpcId: z.string().regex(/^vpc-[0-9a-f]{8,17}$/, "must be the id of a VPC"),
  /** All IPv4 blocks of the VPC. */
  vpcCidrBlocks: z.array(cidrSchema(16, 28)).min(1).refine(areDistinct, "must name each block once"),
  /** Subnets with a route to an internet gateway; at least one. */
  publicSubnetIds: ids("subnet", "a subnet").min(1),
  /** Private subnets, one per zone. */
  privateSubnetIds: ids("subnet", "a subnet").min(1),
  /** Blocks of the private subnets. */
  privateSubnetCidrBlocks: z.array(cidrSchema(16, 28)).min(1),
  /** Route tables of the private subnets. */
  privateRouteTableIds: ids("rtb", "a route table").min(1),
};
