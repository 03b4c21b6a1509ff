import type { z } from "zod";
import { containerArchitectureSchema } from "../aws/ec2/architecture";
import { orToken, reference } from "../common/settings/props";
import { regionSchema } from "../common/settings/region";
import { systemNameSchema } from "./fossa-names";
import { egressSchema, type FossaNetwork, NETWORK_FIELDS } from "./fossa-network";

/** Where a farm is located, on which its gateway and its cluster must agree. */
export const farmShape = {
  /** Name of the system, with which all names begin: 3 to 24 lower-case letters, digits and hyphens. */
  name: systemNameSchema,
  /** Region of the network. */
  region: orToken(regionSchema),
  /** Network of the farm. */
  network: reference<FossaNetwork>("a Network", ...NETWORK_FIELDS),
  /** How the private subnets reach the internet; with `nat-instance` the gateway host is the NAT. */
  egress: egressSchema,
  /** Processor architecture of the workers and their image. */
  architecture: containerArchitectureSchema.default("X86_64"),
};
/** Where a farm is located. */
export type Farm = z.input<z.ZodObject<typeof farmShape>>;
/** A farm to check settings with when the real one is not known. */
export const ANY_FARM = {
  name: "any",
  region: "us-west-2",
  network: {
    vpcId: "any",
    vpcCidrBlocks: ["198.18.0.0/16"],
    publicSubnetIds: ["one", "two"],
    privateSubnetIds: ["one", "two"],
    privateSubnetCidrBlocks: [],
    privateRouteTableIds: [],
  },
  egress: undefined,
  architecture: undefined,
} satisfies Partial<Farm>;
