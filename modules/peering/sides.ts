import { TerraformProvider } from "cdktf";
import { z } from "zod";
import { EXADEPLOY_CLIENT_PORTS } from "../common/client-ports";
import { areDistinct } from "../common/collections";
import { NO_OPENINGS, type Openings } from "../common/openings";
import { portSchema } from "../common/settings/port";
import { orToken } from "../common/settings/props";
import { regionSchema } from "../common/settings/region";
import { cidrs, idSchema, nameSchema, tables, tablesOrAll } from "./named-values";

const vpcId = orToken(idSchema("vpc", "a VPC id"));

/** Settings of our side, for one peer or several. */
export const ourSide = {
  /** Name of our side, in the Name tag `<name>-to-<peer>` and in the rules' descriptions. */
  name: nameSchema,
  /**
   * Our network: a `Network`, or an object with these fields for an existing VPC. Not strict, because a construct has more
   * fields.
   */
  network: z.object({
    vpcId,
    /** All CIDRs of the VPC; the peer's route tables get a route to each. */
    vpcCidrBlocks: cidrs,
    /** Route tables that get a route to the peer, by name or as literal ids; not those of the database tier. */
    routeTables: tables,
  }),
  /** Security group of the nodes, which gets one ingress rule per peer CIDR and client port. */
  securityGroupId: orToken(idSchema("sg", "a security group id")),
  /**
   * TCP ports on the nodes, 1 to 65535, that clients in the peer may reach. Defaults to those of the scheduler, module
   * repository, runner and value store. Add 443 for an ingress controller.
   */
  clientPorts: z.array(portSchema).min(1).refine(areDistinct, "must not repeat a port").default(EXADEPLOY_CLIENT_PORTS),
  /** Further security groups of the pods, by name, which get the same rules; of a `Cluster` its `podSecurityGroupIds`. */
  otherSecurityGroupIds: z.record(nameSchema, orToken(idSchema("sg", "a security group id"))).default({}),
  /** Security group of the Kubernetes API, for peers with `kubernetesApi`. */
  apiSecurityGroupId: orToken(idSchema("sg", "a security group id")).optional(),
  /** What these security groups let in already; a `Cluster` has it under this name. */
  openings: z.custom<Openings>((value) => typeof value === "object").default(NO_OPENINGS),
};
/** What a peering needs of our network. */
export type PeeringNetwork = z.input<typeof ourSide.network>;
export type OurNetwork = z.output<typeof ourSide.network>;
const side = z.object(ourSide);
/** Our side, checked and with the defaults filled in. */
export type OurSide = z.output<typeof side>;

/** Settings of the other side. */
export const peerSchema = z.strictObject({
  /** The peer VPC. */
  vpcId,
  /**
   * CIDRs of the peer VPC, or the parts of it that may connect, 1 to 50. They are never looked up: overlaps can be refused
   * before deployment only if they are literals.
   */
  cidrs,
  /**
   * The peer's route tables that get a route back to us: by name, as literal ids, or `"all"` to look up every table of an
   * existing peer VPC. Empty if something else creates those routes. Required unless the peer is in another account or
   * region and has no `provider`.
   */
  routeTables: tablesOrAll.optional(),
  /** Account that owns the peer VPC, 12 digits; ours when absent. */
  accountId: orToken(z.string().regex(/^\d{12}$/, "must be an account id of 12 digits")).optional(),
  /** Region of the peer VPC; ours when absent. */
  region: orToken(regionSchema).optional(),
  /**
   * AWS provider with an alias, in the peer's account and region: accepts the connection and adds the peer's routes.
   * Without it the owner of a peer in another account or region must accept by hand; until then our routes have no effect.
   */
  provider: z
    .custom<TerraformProvider>(
      (value) =>
        TerraformProvider.isTerraformProvider(value) && value.terraformResourceType === "aws" && Boolean(value.alias),
      { error: "must be an AwsProvider with an alias, in the peer's account and region" },
    )
    .optional(),
  /**
   * Resolve each side's public DNS names to private addresses from the other. Both VPCs need DNS hostnames, and nodes in
   * private subnets have no public name.
   */
  dnsResolution: z.boolean().default(false),
  /** Let hosts of the peer reach the private endpoint of the Kubernetes API too, on 443; IAM still decides what they may do. */
  kubernetesApi: z.boolean().default(false),
});
/** The VPC on the other side of a peering. */
export type PeerProps = z.input<typeof peerSchema>;
export type Peer = z.output<typeof peerSchema>;

/** Whether the peer is in another account or region, which must accept the connection. */
export const isForeign = ({ accountId, region }: Peer) => accountId !== undefined || region !== undefined;
