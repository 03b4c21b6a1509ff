import type { Prices, RegionPrices } from "./prices";
import type { Block, Note } from "./stack-json";
import type { KnownUsage, UsageKey } from "./usage";

/** One line of an estimate. */
export interface CostItem {
  /** Billed item. */
  item: string;
  /** Terraform address of the resource, or `<type>.*` for an amount that covers all of them. */
  address: string;
  quantity: number;
  unit: string;
  unitPrice: number;
  /** US dollars per month, rounded to cents. */
  monthly: number;
}

/** Shared inputs of the rules for the resources of one stack. */
export interface BillContext {
  readonly hours: number;
  readonly usage: KnownUsage;
  readonly spot: Prices["spot"];
  readonly eksExtendedUpTo: string;
}

/** Entry of a table under an untrusted key. */
export const lookUp = <T>(table: Readonly<Record<string, T>> | undefined, key: string): T | undefined =>
  table && Object.hasOwn(table, key) ? table[key] : undefined;

/** Rounds to the cent. */
export const cents = (amount: number): number => Math.round(amount * 100 + 1e-6) / 100;
/** Rounds away floating-point noise. */
const exact = (value: number): number => Number(value.toPrecision(12));

/** Items of one resource. */
export class Bill {
  readonly items: CostItem[] = [];
  /** Keys of `usage.sizes` that matched this resource. */
  readonly sizesUsed: string[] = [];

  constructor(
    readonly prices: RegionPrices,
    readonly context: BillContext,
    readonly address: string,
    readonly region: string,
    readonly note: Note,
    /** Number of instances by `count` or `for_each`. */
    private readonly copies = 1,
  ) {}

  get hours(): number {
    return this.context.hours;
  }

  /** Adds an item billed per hour, for the whole month. */
  hourly(item: string, count: number, unitPrice: number | undefined, hours = this.hours): void {
    this.add(item, count * hours, "hour", unitPrice);
  }

  /** Adds an item billed per month or per unit; nothing if its price is unknown. */
  add(item: string, quantity: number, unit: string, unitPrice: number | undefined): void {
    if (unitPrice === undefined) {
      this.note(`${item} has no price in ${this.region}`);
      return;
    }
    const amount = exact(quantity * this.copies);
    const monthly = cents(amount * unitPrice);
    this.items.push({ item, address: this.address, quantity: amount, unit, unitPrice: exact(unitPrice), monthly });
  }

  /** Usage of the resource, if given; noted otherwise. */
  use(key: UsageKey, what: string): number | undefined {
    const given = this.context.usage[key];
    if (given === undefined) this.note(`${what}: by use; usage.${key} is not given`);
    return given;
  }

  /** Given average size of a group: by its address, its name, or its name prefix without the final hyphen. */
  sizeOf(group: Block, ...nameKeys: string[]): number | undefined {
    const { sizes } = this.context.usage;
    const names = nameKeys.filter((key) => group.has(key)).map((key) => group.text(key)?.replace(/-$/, ""));
    const key = [this.address, ...names].find((name) => name !== undefined && Object.hasOwn(sizes, name));
    if (key === undefined) return undefined;
    this.sizesUsed.push(key);
    return sizes[key];
  }
}

/** Adds the items of a resource to its bill. */
export type Rule = (resource: Block, bill: Bill) => void;
export type Rules = Readonly<Record<string, Rule>>;
