import { TerraformProvider } from "cdktf";
import { z } from "zod";
import { areDistinct } from "../common/collections";
import { orToken } from "../common/settings/props";
import { regionSchema } from "../common/settings/region";
import { cidrs, idSchema, nameSchema, tables, tablesOrAll } from "./named-values";

const vpcId = orToken(idSchema("vpc", "a VPC id"));

/** Settings of our side, the same for one peer and for many. */
export const ourSide = {
  /** What our side is called, in the Name tag `<name>-to-<peer>` and in the descriptions of the rules. */
  name: nameSchema,
  /**
   * Our network: a `Network`, or an object with these fields for a VPC that exists already. Not strict, because a
   * construct has more fields.
   */
  network: z.object({
    vpcId,
    /** All CIDRs of the VPC; the peer's tables get a route to each. */
    vpcCidrBlocks: cidrs,
    /** The tables that get a route to the peer, by a stable name or as literal ids; those of the database tier stay out. */
    routeTables: tables,
  }),
  /** Security group of the nodes that serve the clients; gets one ingress rule per peer CIDR and client port. */
  securityGroupId: orToken(idSchema("sg", "a security group id")),
  /**
   * TCP ports, 1 to 65535, on which clients in the peer reach the nodes; by default those of the scheduler, the module
   * repository, the runner and its value store. Add 443 for an ingress controller.
   */
  clientPorts: z
    .array(z.int().min(1).max(65535))
    .min(1)
    .refine(areDistinct, "must not repeat a port")
    .default([50050, 50051, 50100, 50101]),
};
/** What a peering reads of our network. */
export type PeeringNetwork = z.input<typeof ourSide.network>;
export type OurNetwork = z.output<typeof ourSide.network>;

/** Settings of the other side. */
export const peerSchema = z.strictObject({
  /** The peer VPC. */
  vpcId,
  /**
   * CIDRs of the peer VPC, or the parts of it that may connect, 1 to 50. They are never looked up: only a literal lets an
   * overlap be refused before anything is deployed.
   */
  cidrs,
  /**
   * The peer's tables that get a route back to us: by a stable name, as literal ids, or `"all"` to look up every table of
   * a peer VPC that exists before this stack is deployed. Empty when something else makes those routes. Left out only for
   * a peer in another account or region without a `provider`.
   */
  routeTables: tablesOrAll.optional(),
  /** Account that owns the peer VPC, 12 digits; our own when absent. */
  accountId: orToken(z.string().regex(/^\d{12}$/, "must be an account id of 12 digits")).optional(),
  /** Region of the peer VPC; our own when absent. */
  region: orToken(regionSchema).optional(),
  /**
   * AWS provider with an alias, in the peer's account and region: accepts the connection and adds the peer's routes.
   * Without it the owner of a peer in another account or region accepts by hand; until then our routes lead nowhere.
   */
  provider: z
    .custom<TerraformProvider>(
      (value) =>
        TerraformProvider.isTerraformProvider(value) && value.terraformResourceType === "aws" && Boolean(value.alias),
      { error: "must be an AwsProvider with an alias, in the peer's account and region" },
    )
    .optional(),
  /**
   * Whether each side resolves the other's public DNS names to private addresses. Off by default: both VPCs need DNS
   * hostnames for it, and nodes in private subnets have no public name.
   */
  dnsResolution: z.boolean().default(false),
});
/** The VPC on the other side of a peering. */
export type PeerProps = z.input<typeof peerSchema>;
export type Peer = z.output<typeof peerSchema>;

/** Whether the peer is in another account or region, where the connection has to be accepted. */
export const isForeign = ({ accountId, region }: Peer) => accountId !== undefined || region !== undefined;
