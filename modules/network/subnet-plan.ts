import { overlaps, subnet } from "../common/settings/cidr";

/** Tiers in the order of their computed blocks. */
export const TIERS = ["private", "public", "database"] as const;
export type Tier = (typeof TIERS)[number];

/** Inputs of a subnet plan. An absent tier gets no subnets; one without `cidrs` gets computed ones. */
export interface PlanInput {
  cidr: string;
  zoneCount: number;
  subnetNewbits?: number | undefined;
  podCidr?: string | undefined;
  private?: { cidrs?: string[] | undefined } | undefined;
  public?: { cidrs?: string[] | undefined } | undefined;
  database?: { cidrs?: string[] | undefined } | undefined;
}

/** Literal blocks of the subnets of each tier and of the pods. */
export type SubnetPlan = Record<Tier | "pod", string[]>;

/** Longest prefix of an AWS subnet. Source: VPC user guide, "Subnet CIDR blocks". */
export const SMALLEST_SUBNET = 28;

/** Prefix length of a valid CIDR. */
export const prefixOf = (cidr: string): number => Number(cidr.split("/")[1]);

/** Bits that a computed subnet adds to the VPC's prefix: 16 blocks hold three tiers of five zones, but not of six. */
export const newbitsOf = ({ subnetNewbits, zoneCount }: PlanInput): number => subnetNewbits ?? (zoneCount > 5 ? 5 : 4);

/** Bits that a pod subnet adds to the pod block's prefix: the fewest for one subnet per zone. */
export const podBitsOf = (zoneCount: number): number => Math.ceil(Math.log2(zoneCount));

/** Whether the tier is on and its blocks are computed. */
export const isComputed = (tier: PlanInput[Tier]): boolean => tier !== undefined && tier.cidrs === undefined;

/**
 * Index of the last computed block. Each tier reserves one index per zone, on or off, so that turning a tier on or off does
 * not move another; index 0 stays free.
 */
export const lastBlock = (input: PlanInput): number =>
  Math.max(0, ...TIERS.map((tier, i) => (isComputed(input[tier]) ? (i + 1) * input.zoneCount : 0)));

/** Computes the plan; `input` must have passed the rules of `rules.ts`. */
export function planSubnets(input: PlanInput): SubnetPlan {
  const { cidr, zoneCount, podCidr } = input;
  const zones = [...Array(zoneCount).keys()];
  const blocks = (tier: Tier): string[] => {
    const wanted = input[tier];
    if (!wanted) return [];
    const first = TIERS.indexOf(tier) * zoneCount + 1;
    return wanted.cidrs ?? zones.map((zone) => subnet(cidr, newbitsOf(input), first + zone));
  };
  return {
    private: blocks("private"),
    public: blocks("public"),
    database: blocks("database"),
    pod: podCidr ? zones.map((zone) => subnet(podCidr, podBitsOf(zoneCount), zone)) : [],
  };
}

/** All pairs of overlapping blocks of the three tiers, in order. */
export function overlapsIn(plan: SubnetPlan): [Block, Block][] {
  const blocks = TIERS.flatMap((tier) => plan[tier].map((cidr, index) => ({ tier, index, cidr })));
  return blocks.flatMap((a, i) =>
    blocks
      .slice(i + 1)
      .filter((b) => overlaps(a.cidr, b.cidr))
      .map((b): [Block, Block] => [a, b]),
  );
}

/** Block of a plan and its position. */
export interface Block {
  tier: Tier;
  index: number;
  cidr: string;
}
