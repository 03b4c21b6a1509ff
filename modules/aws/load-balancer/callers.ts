import { Token } from "cdktf";
import { z } from "zod";
import { callersSchema, INTERNET } from "../../common/settings/allowed-cidrs";
import { refuse } from "../../common/settings/faults";
import { onePerZone, type Zones } from "../../common/zones";

/** Network of a load balancer; `Network` is one. */
export interface LoadBalancerNetwork extends Zones {
  readonly vpcId: string;
  readonly vpcCidrBlocks: string[];
  readonly publicSubnetIds: string[];
  readonly privateSubnetIds: string[];
}

/** Whether a load balancer is internal or internet-facing. */
export const internalSchema = z.boolean().default(true);

/** Clients of a load balancer; `checkCallers` holds the rules across keys. */
export const callersShape = {
  /** Private addresses only, reachable from the VPC, a peered VPC or a VPN. */
  internal: internalSchema,
  /**
   * IPv4 blocks of the clients, /8 to /32, at most 15; the VPC's blocks when absent or empty, if internal. `0.0.0.0/0` needs
   * `allowInternet`.
   */
  allowedCidrs: callersSchema,
  /** Allow `0.0.0.0/0` in `allowedCidrs`, if `internal` is false. */
  allowInternet: z.boolean().default(false),
};

/** Inputs of the rules on clients; a construct that never admits the whole internet has no `allowInternet`. */
export interface Callers {
  internal: boolean;
  allowedCidrs: string[];
  allowInternet?: boolean;
}

/** Rules across the inputs of {@link callersShape}. */
export function checkCallers({ internal, allowedCidrs, allowInternet }: Callers, ctx: z.RefinementCtx): void {
  if (!internal && allowedCidrs.length === 0) {
    refuse(ctx, "allowedCidrs", "must name the clients where internal is false, got none");
  }
  const everybody = allowedCidrs.indexOf(INTERNET);
  if (everybody >= 0 && !allowInternet) {
    const advice = "name your own network, or set allowInternet to true";
    refuse(ctx, ["allowedCidrs", everybody], `must not be the whole internet: ${advice}, got ${INTERNET}`);
  }
  if (allowInternet && internal) {
    refuse(ctx, "allowInternet", "must be off where internal is true, got true");
  }
}

/**
 * Rules between the clients and the network. `path` leads to the settings of the load balancer; `tierOf` is the key that chooses
 * the tier of its subnets.
 */
export function checkNetwork(
  { internal, allowedCidrs, network }: Callers & { network?: Partial<LoadBalancerNetwork> },
  ctx: z.RefinementCtx,
  path: string[] = [],
  tierOf: "internal" | "network" = "internal",
): void {
  const tierSubnets = internal ? network?.privateSubnetIds : network?.publicSubnetIds;
  const subnets = tierSubnets && onePerZone(network ?? {}, tierSubnets);
  if (Array.isArray(subnets) && !Token.isUnresolved(subnets) && new Set(subnets).size < 2) {
    // Source: Application Load Balancers guide, "Subnets for your load balancer"
    const count = new Set(subnets).size;
    const tier = internal ? "private" : "public";
    const needs = `${tier} subnets in two zones at least`;
    const chosen = `needs ${needs}, and the network has ${count}, got ${internal}`;
    refuse(ctx, [...path, tierOf], tierOf === "network" ? `must have ${needs}, got ${count}` : chosen);
  }
  const blocks = network?.vpcCidrBlocks;
  if (
    internal &&
    allowedCidrs.length === 0 &&
    Array.isArray(blocks) &&
    (blocks.length === 0 || Token.isUnresolved(blocks))
  ) {
    refuse(
      ctx,
      [...path, "allowedCidrs"],
      "must name the clients where the network has no literal vpcCidrBlocks, got none",
    );
  }
}

/** Blocks of the clients, or else of the VPC, each with a stable key. */
export const callersOf = ({ allowedCidrs }: Callers, network: Pick<LoadBalancerNetwork, "vpcCidrBlocks">) =>
  [...new Set(allowedCidrs.length > 0 ? allowedCidrs : network.vpcCidrBlocks)].map((cidrIpv4, index) => ({
    key: Token.isUnresolved(cidrIpv4) ? `block-${index}` : cidrIpv4,
    cidrIpv4,
  }));
