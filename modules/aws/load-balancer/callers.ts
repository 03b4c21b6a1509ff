import { Token } from "cdktf";
import { z } from "zod";
import { callersSchema, INTERNET } from "../../common/settings/allowed-cidrs";
import { refuse } from "../../common/settings/faults";

/** Network that a load balancer stands in; `Network` is one. */
export interface LoadBalancerNetwork {
  readonly vpcId: string;
  readonly vpcCidrBlocks: string[];
  readonly publicSubnetIds: string[];
  readonly privateSubnetIds: string[];
}

/** Whether a load balancer is of the VPC or of the internet. */
export const internalSchema = z.boolean().default(true);

/** Inputs that concern who comes; `checkCallers` holds the rules across them. */
export const callersShape = {
  /** Whether it has private addresses only, reached from the VPC, a peer or a VPN; on by default. */
  internal: internalSchema,
  /**
   * IPv4 blocks, /8 to /32 and at most 15, from which it is reached; the VPC's own when absent or empty, if internal.
   * `0.0.0.0/0` is refused without `allowInternet`.
   */
  allowedCidrs: callersSchema,
  /** Whether `allowedCidrs` may hold `0.0.0.0/0`, everybody, where `internal` is false; off by default. */
  allowInternet: z.boolean().default(false),
};

/** What the rules on callers look at; a front door that never lets everybody in has no `allowInternet`. */
export interface Callers {
  internal: boolean;
  allowedCidrs: string[];
  allowInternet?: boolean;
}

/** Rules across the inputs of {@link callersShape}. */
export function checkCallers({ internal, allowedCidrs, allowInternet }: Callers, ctx: z.RefinementCtx): void {
  if (!internal && allowedCidrs.length === 0) {
    refuse(ctx, "allowedCidrs", "must name who may come from the internet where internal is false, got none");
  }
  const everybody = allowedCidrs.indexOf(INTERNET);
  if (everybody >= 0 && !allowInternet) {
    const advice = "name your own network, or set allowInternet to true";
    refuse(ctx, ["allowedCidrs", everybody], `must not be the whole internet: ${advice}, got ${INTERNET}`);
  }
  if (allowInternet && internal) {
    refuse(ctx, "allowInternet", "must be off where internal is true, as nobody comes from the internet, got true");
  }
}

/** Rules between callers and the network; `path` leads to their settings. */
export function checkNetwork(
  { internal, allowedCidrs, network }: Callers & { network?: Partial<LoadBalancerNetwork> },
  ctx: z.RefinementCtx,
  path: string[] = [],
): void {
  const subnets = internal ? network?.privateSubnetIds : network?.publicSubnetIds;
  if (Array.isArray(subnets) && !Token.isUnresolved(subnets) && new Set(subnets).size < 2) {
    // Source: Application Load Balancers guide, "Subnets for your load balancer"
    const tier = internal ? "private" : "public";
    refuse(
      ctx,
      [...path, "internal"],
      `needs ${tier} subnets in two zones at least, and the network has ${new Set(subnets).size}, got ${internal}`,
    );
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
      "must name who comes where vpcCidrBlocks of the network does not, each an element, got none",
    );
  }
}

/** Who comes, each by a key that stays: those who are named, or else the VPC. */
export const callersOf = ({ allowedCidrs }: Callers, network: Pick<LoadBalancerNetwork, "vpcCidrBlocks">) =>
  (allowedCidrs.length > 0 ? allowedCidrs : network.vpcCidrBlocks).map((cidrIpv4, index) => ({
    key: Token.isUnresolved(cidrIpv4) ? `block-${index}` : cidrIpv4,
    cidrIpv4,
  }));
