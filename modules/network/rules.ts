import { contains, overlaps } from "../common/settings/cidr";
import type { Fault } from "../common/settings/faults";
import { type EndpointPolicies, policyFaults } from "./endpoint-policies";
import {
  type Block,
  isComputed,
  lastBlock,
  newbitsOf,
  overlapsIn,
  type PlanInput,
  planSubnets,
  podBitsOf,
  prefixOf,
  SMALLEST_SUBNET,
  TIERS,
} from "./subnet-plan";

/** Settings that the rules across keys read. */
export interface RuleInput extends PlanInput {
  name: string;
  azs?: string[] | undefined;
  azCount?: number | undefined;
  excludeZoneIds?: string[] | undefined;
  nat: "none" | "single" | "perAz" | "regional" | "instance";
  natInstanceType?: string | undefined;
  s3Endpoint: boolean;
  dynamodbEndpoint: boolean;
  diskKmsKeyArn?: string | undefined;
  interfaceEndpoints: string[];
  endpointPolicies: EndpointPolicies;
}

/** Rules across keys, for settings that are valid key by key. */
export function faultsOf(input: RuleInput): Fault[] {
  const sizes = sizeFaults(input);
  return [
    ...zoneFaults(input),
    ...tierFaults(input),
    ...podFaults(input),
    ...policyFaults(input.endpointPolicies, endpointsOf(input)),
    ...sizes,
    ...(sizes[0] ? [] : blockFaults(input)),
  ];
}

/** Services with an endpoint. */
const endpointsOf = ({ s3Endpoint, dynamodbEndpoint, interfaceEndpoints }: RuleInput): string[] => [
  ...(s3Endpoint ? ["s3"] : []),
  ...(dynamodbEndpoint ? ["dynamodb"] : []),
  ...interfaceEndpoints,
];

function zoneFaults({ azs, azCount, excludeZoneIds }: RuleInput): Fault[] {
  if (!azs) return [];
  const faults: Fault[] = [];
  if (azCount !== undefined && azCount !== azs.length) {
    faults.push({
      path: ["azCount"],
      message: `must be the number of azs (${azs.length}) or be left out, got ${azCount}`,
    });
  }
  if (excludeZoneIds) {
    const message = "must be left out with azs, which names the zones";
    faults.push({ path: ["excludeZoneIds"], message: `${message}, got ${excludeZoneIds.join(", ")}` });
  }
  return faults;
}

function tierFaults(input: RuleInput): Fault[] {
  const { name, nat, zoneCount, interfaceEndpoints } = input;
  const faults: Fault[] = [];
  const fault = (key: string, message: string) => void faults.push({ path: key.split("."), message });
  if (TIERS.every((tier) => !input[tier])) fault("private", "must be on when public and database are off, got false");
  if (nat !== "none" && !input.private) {
    fault("nat", `serves the private tier, which is off; set nat to none or turn private on, got ${nat}`);
  }
  if (["single", "perAz", "instance"].includes(nat) && !input.public) {
    const advice = "turn public on, or set nat to none, or to regional (AWS provider 6.24 or later)";
    fault("nat", `needs the public tier, which is off; ${advice}, got ${nat}`);
  }
  if (input.diskKmsKeyArn !== undefined && nat !== "instance") {
    fault("diskKmsKeyArn", `must be left out unless nat is instance, got ${input.diskKmsKeyArn}`);
  }
  if (input.natInstanceType !== undefined && nat !== "instance") {
    fault("natInstanceType", `must be left out unless nat is instance, got ${input.natInstanceType}`);
  }
  for (const tier of ["public", "private"] as const) {
    const count = input[tier]?.cidrs?.length ?? zoneCount;
    if (nat === "perAz" && count < zoneCount) {
      fault(`${tier}.cidrs`, `must have a block for each of the ${zoneCount} zones when nat is perAz, got ${count}`);
    }
  }
  if (interfaceEndpoints.length > 0 && !input.private) {
    fault("interfaceEndpoints", `need the private tier, which is off, got ${interfaceEndpoints.join(", ")}`);
  }
  if (input.database) {
    // RDS API reference, CreateDBSubnetGroup: the name begins with a letter and is not "default"; two zones at least.
    if (!/^[a-z]/i.test(name))
      fault("name", `must begin with a letter, as it names the database subnet group, got ${name}`);
    if (/^default$/i.test(name)) fault("name", `must not be a name that RDS reserves, got ${name}`);
    if (input.database.cidrs?.length === 1)
      fault("database.cidrs", "must have at least 2 blocks, as RDS requires two zones, got 1");
  }
  return faults;
}

const PRIVATE_RANGES = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
const SHARED_RANGE = "100.64.0.0/10";

/** Source: VPC user guide, "VPC CIDR blocks", table of IPv4 CIDR block association restrictions. */
function podFaults({ cidr, podCidr, zoneCount, private: privateTier }: RuleInput): Fault[] {
  if (!podCidr) return [];
  const faults: Fault[] = [];
  const fault = (message: string) => void faults.push({ path: ["podCidr"], message: `${message}, got ${podCidr}` });
  if (!privateTier) fault("needs the private tier, which is off; turn private on or remove podCidr");
  const own = PRIVATE_RANGES.filter((range) => contains(range, cidr));
  const refused = [
    ...(contains("10.0.0.0/15", cidr) ? ["10.0.0.0/16"] : []),
    ...(contains("172.16.0.0/12", cidr) ? ["172.31.0.0/16"] : []),
  ];
  if (overlaps(cidr, podCidr)) fault(`must not overlap cidr (${cidr})`);
  else if (![SHARED_RANGE, ...own].some((range) => contains(range, podCidr))) {
    fault(`must lie in ${[SHARED_RANGE, ...own].join(" or ")}, the ranges that AWS accepts with ${cidr}`);
  } else if (refused.some((range) => contains(range, podCidr))) {
    fault(`must not lie in ${refused[0]}, which AWS does not accept with ${cidr}; use a block of ${SHARED_RANGE}`);
  }
  const prefix = prefixOf(podCidr) + podBitsOf(zoneCount);
  if (prefix > SMALLEST_SUBNET) {
    const largest = SMALLEST_SUBNET - podBitsOf(zoneCount);
    fault(`must be at least a /${largest} to hold a subnet of /${SMALLEST_SUBNET} in each of ${zoneCount} zones`);
  }
  return faults;
}

function sizeFaults(input: RuleInput): Fault[] {
  const { cidr, zoneCount, subnetNewbits } = input;
  const [last, bits] = [lastBlock(input), newbitsOf(input)];
  if (last === 0) return [];
  const needed = Math.floor(Math.log2(last)) + 1;
  if (bits < needed) {
    const message = `must be at least ${needed} for the subnets of ${zoneCount} zones, got ${bits}`;
    return [{ path: ["subnetNewbits"], message }];
  }
  const prefix = prefixOf(cidr) + bits;
  if (prefix <= SMALLEST_SUBNET) return [];
  const what = `leaves subnets of /${prefix} for ${zoneCount} zones, but the smallest AWS subnet is /${SMALLEST_SUBNET}`;
  const advice = `use a cidr of /${SMALLEST_SUBNET - bits} or larger, fewer zones, or give each tier its cidrs`;
  return subnetNewbits === undefined
    ? [{ path: ["cidr"], message: `${what}; ${advice}, got ${cidr}` }]
    : [{ path: ["subnetNewbits"], message: `${what}; ${advice}, got ${subnetNewbits}` }];
}

function blockFaults(input: RuleInput): Fault[] {
  const { cidr } = input;
  const plan = planSubnets(input);
  const given = ({ tier }: Block) => !isComputed(input[tier]);
  const label = (block: Block) =>
    given(block)
      ? `${block.tier}.cidrs[${block.index}] (${block.cidr})`
      : `the computed block ${block.cidr} of the ${block.tier} tier; give that tier its cidrs too`;
  const outside = TIERS.filter((tier) => !isComputed(input[tier])).flatMap((tier) =>
    plan[tier].flatMap((block, index): Fault[] =>
      contains(cidr, block)
        ? []
        : [{ path: [tier, "cidrs", index], message: `must lie in cidr (${cidr}), got ${block}` }],
    ),
  );
  const shared = overlapsIn(plan).map(([a, b]): Fault => {
    const [culprit, other] = given(b) ? [b, a] : [a, b];
    const message = `must not overlap ${label(other)}, got ${culprit.cidr}`;
    return { path: [culprit.tier, "cidrs", culprit.index], message };
  });
  return [...outside, ...shared];
}
