import { overlaps, subnet } from "../common/settings/cidr";

/** Tiers in the order in which computed blocks are handed out. */
export const TIERS = ["private", "public", "database"] as const;
export type Tier = (typeof TIERS)[number];

/** What a subnet plan depends on. A tier that is absent gets no subnets; one without `cidrs` gets computed ones. */
export interface PlanInput {
  cidr: string;
  zoneCount: number;
  subnetNewbits?: number | undefined;
  podCidr?: string | undefined;
  private?: { cidrs?: string[] | undefined } | undefined;
  public?: { cidrs?: string[] | undefined } | undefined;
  database?: { cidrs?: string[] | undefined } | undefined;
}

/** Literal blocks of each tier's subnets, and of the pod subnets. */
export type SubnetPlan = Record<Tier | "pod", string[]>;

/** Longest prefix of an AWS subnet. Source: VPC user guide, "Subnet CIDR blocks". */
export const SMALLEST_SUBNET = 28;

/** Prefix length of a CIDR that is known to be sound. */
export const prefixOf = (cidr: string): number => Number(cidr.split("/")[1]);

/** Bits that a computed subnet adds to the VPC's prefix: 16 blocks hold three tiers of five zones, but not of six. */
export const newbitsOf = ({ subnetNewbits, zoneCount }: PlanInput): number => subnetNewbits ?? (zoneCount > 5 ? 5 : 4);

/** Bits that a pod subnet adds to the pod block: as few as give each zone its own. */
export const podBitsOf = (zoneCount: number): number => Math.ceil(Math.log2(zoneCount));

/** Whether the tier's blocks are computed: it is on and names none. */
export const isComputed = (tier: PlanInput[Tier]): boolean => tier !== undefined && tier.cidrs === undefined;

/**
 * Number of the last computed block. Each tier has as many numbers as there are zones, on or off, so that turning a
 * tier on or off later does not move another; number 0 stays free.
 */
export const lastBlock = (input: PlanInput): number =>
  Math.max(0, ...TIERS.map((tier, i) => (isComputed(input[tier]) ? (i + 1) * input.zoneCount : 0)));

/** Lays out the VPC; `input` must have passed the rules of `rules.ts`. */
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

/** Every pair of blocks of the three tiers that share an address, the earlier one first. */
export function overlapsIn(plan: SubnetPlan): [Block, Block][] {
  const blocks = TIERS.flatMap((tier) => plan[tier].map((cidr, index) => ({ tier, index, cidr })));
  return blocks.flatMap((a, i) =>
    blocks
      .slice(i + 1)
      .filter((b) => overlaps(a.cidr, b.cidr))
      .map((b): [Block, Block] => [a, b]),
  );
}

/** One block of a plan and where it stands. */
export interface Block {
  tier: Tier;
  index: number;
  cidr: string;
}
