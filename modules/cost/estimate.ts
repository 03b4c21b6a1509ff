import { z } from "zod";
import { refuse } from "../common/settings/faults";
import { parseInput } from "../common/settings/props";
import { Bill, type BillContext, type CostItem, cents, lookUp, type Rules } from "./bill";
import { TOTAL_USES, type TotalUse, UNPRICED_USES } from "./by-use";
import { containerRules } from "./containers";
import { dataStoreRules } from "./data-stores";
import { isFree } from "./free-types";
import { machineRules } from "./machines";
import { networkRules } from "./network";
import { observabilityRules } from "./observability";
import { listPrices, type Prices, pricedRegions, pricesIn, pricesSchema } from "./prices";
import { Block, Stack, type StackJson } from "./stack-json";
import { usageSchema } from "./usage";

const optionsSchema = z
  .strictObject({
    /** Region of resources without one of their own; the stack provider's when absent. */
    region: z.string().min(1).optional(),
    /** Price lists in place of the project's. */
    prices: pricesSchema.optional(),
    /** Hours per month: 730 is a twelfth of a year. */
    hours: z.number().min(1).max(744).default(730),
    /** Usage that the stack's JSON does not contain. */
    usage: usageSchema.prefault({}),
  })
  .superRefine(({ hours, usage }, ctx) => {
    const { instanceHours } = usage;
    if (instanceHours === undefined || instanceHours <= hours) return;
    const message = `must be at most hours (${hours}), got ${instanceHours}`;
    refuse(ctx, ["usage", "instanceHours"], message);
  });
export type CostOptions = z.input<typeof optionsSchema>;

/** Monthly cost of a stack. Of the free tiers, only that of data to the internet is counted. */
export interface CostEstimate {
  /** Region of the prices; empty if the stack does not contain it. */
  region: string;
  /** Date of the price lists. */
  pricesOf: string;
  /** Hours per month. */
  hours: number;
  currency: "USD";
  /** Items by resource type and name. */
  items: CostItem[];
  /** Sum of the items. */
  total: number;
  /** Addresses of the resources of which something has no price; usage aside. */
  unpriced: string[];
  /** What the total does not include, and why; safe in a Terraform string. */
  notPriced: string[];
}

const RULES: Rules = {
  ...machineRules,
  ...networkRules,
  ...containerRules,
  ...dataStoreRules,
  ...observabilityRules,
};
/** Types that `usage.sizes` can name. */
const SIZED = new Set(["aws_autoscaling_group", "aws_eks_node_group", "aws_ec2_fleet", "aws_ecs_service"]);

/** Estimates the monthly cost of a stack from the literals of its Terraform JSON, price lists and given usage. */
export function estimateMonthlyCost(stackJson: StackJson, options: CostOptions = {}): CostEstimate {
  const { prices = listPrices, hours, usage, ...given } = parseInput("estimateMonthlyCost", optionsSchema, options);
  const stack = new Stack(stackJson);
  const region = given.region ?? stack.region;
  const context: BillContext = { hours, usage, spot: prices.spot, eksExtendedUpTo: prices.eksExtendedUpTo };
  const notes = new Notes();
  const items: CostItem[] = [];
  const users = new Map<TotalUse, Bill>();
  const usedSizes = new Set<string>();
  let isSized = false;

  for (const { type, id, body } of stack.all()) {
    const uses = TOTAL_USES.filter(({ types, users }) => types.includes(type) && (users?.(body) ?? true));
    const rule = lookUp(RULES, type);
    const address = `${type}.${id}`;
    const note = (reason: string) => notes.add(reason, address);
    if (!rule && isFree(type)) continue;
    if (!rule && uses.length === 0) {
      const unpriced = lookUp(UNPRICED_USES, type);
      note(unpriced ? `by use: ${unpriced}` : "no rule prices its type");
      continue;
    }
    const own = stack.ownRegion(body) ?? region;
    const table = pricesIn(prices, own);
    if (!table) {
      note(noRegion(own, prices));
      continue;
    }
    const copies = copiesOf(body);
    if (copies === undefined) {
      note("how many there are is not known at synth");
      continue;
    }
    const bill = new Bill(table, context, address, own, note, copies);
    rule?.(new Block(stack, body, note), bill);
    items.push(...bill.items);
    for (const use of uses) {
      if (!users.has(use)) users.set(use, new Bill(table, context, `${type}.*`, own, note));
    }
    isSized ||= SIZED.has(type);
    for (const size of bill.sizesUsed) usedSizes.add(size);
  }

  const table = pricesIn(prices, region);
  for (const use of TOTAL_USES) {
    const anywhere = use.anywhere && table && new Bill(table, context, "usage", region, (reason) => notes.add(reason));
    const bill = users.get(use) ?? anywhere;
    const amount = usage[use.key];
    if (amount === undefined && users.has(use)) notes.miss(use);
    if (!bill || amount === undefined) continue;
    const paid = amount - (use.free?.(bill.prices) ?? 0);
    if (paid > 0) bill.add(use.item, paid, use.unit, use.price(bill.prices));
    items.push(...bill.items);
  }
  for (const size of isSized ? Object.keys(usage.sizes).sort() : []) {
    if (!usedSizes.has(size)) notes.add(`usage.sizes.${size}: no group of this stack has this name`);
  }
  return {
    region,
    pricesOf: prices.date,
    hours,
    currency: prices.currency,
    items,
    total: cents(items.reduce((sum, { monthly }) => sum + monthly, 0)),
    unpriced: notes.unpriced(),
    notPriced: notes.lines(),
  };
}

function noRegion(region: string, prices: Prices): string {
  const known = pricedRegions(prices).join(", ");
  return region === ""
    ? "the region is not known at synth; give options.region"
    : `no price list for region ${region.replace(/[^\w-]/g, "?")} (there are: ${known})`;
}

/** Number of instances by `count` or `for_each`; undefined if unknown. */
function copiesOf(body: Readonly<Record<string, unknown>>): number | undefined {
  const { count, for_each: each } = body;
  if (count !== undefined && count !== null)
    return Number.isInteger(count) && Number(count) >= 0 ? Number(count) : undefined;
  if (each === undefined || each === null) return 1;
  return typeof each === "object" ? Object.keys(each).length : undefined;
}

/** Notes on usage, and on small items that other stacks decide: the resource itself has its price. */
const ASIDE = /\bby use\b|^data read from|^public IPv4 addresses depend/;

/** Reasons for missing prices, each once with the resources concerned. */
class Notes {
  private readonly addresses = new Map<string, Set<string>>();
  private readonly missed: string[] = [];

  add(reason: string, address?: string): void {
    const set = this.addresses.get(reason) ?? new Set();
    this.addresses.set(reason, address === undefined ? set : set.add(address));
  }

  /** Notes once that a usage was not given. */
  miss({ key, item }: TotalUse): void {
    this.missed.push(`${item} (usage.${key})`);
  }

  /** Resources of which something has no price, whatever is used of them. */
  unpriced(): string[] {
    const reasons = [...this.addresses].filter(([reason]) => !ASIDE.test(reason));
    return [...new Set(reasons.flatMap(([, addresses]) => [...addresses]))].sort();
  }

  lines(): string[] {
    const lines = [...this.addresses].map(([reason, addresses]) =>
      addresses.size > 0 ? `${[...addresses].join(", ")}: ${reason}` : reason,
    );
    return this.missed.length > 0 ? [...lines, `by use, and not given: ${this.missed.join(", ")}`] : lines;
  }
}
