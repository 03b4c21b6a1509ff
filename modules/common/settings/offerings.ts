import { readFileSync } from "node:fs";
import { nearest } from "./wording";

type Sizes = Readonly<Record<string, string>>;

/** Record of the types that each region offers, from a data file: sizes of each family, such as `"m5": "large xlarge"`. */
export class Offerings {
  readonly #file: string;
  #record: Readonly<Record<string, Sizes>> | undefined;
  readonly #regions = new Map<string, ReadonlySet<string>>();
  #types: ReadonlySet<string> | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** Whether any region offers the type. */
  knows(type: string): boolean {
    return this.types.has(type);
  }

  /** Whether any region offers a type of this one's family. */
  knowsFamilyOf(type: string): boolean {
    const family = type.slice(0, type.lastIndexOf(".") + 1);
    return [...this.types].some((known) => known.startsWith(family));
  }

  /** Types that the region offers; undefined for a region that the record does not have. */
  in(region: string): ReadonlySet<string> | undefined {
    const families = this.record[region];
    if (families && !this.#regions.has(region)) this.#regions.set(region, new Set(typesOf(families)));
    return this.#regions.get(region);
  }

  /** The type that exists and that may have been meant. */
  nearest(type: string): string | undefined {
    return nearest(type, [...this.types]);
  }

  /** The file is read when first asked for, as most stacks have nothing to look up in it. */
  private get record(): Readonly<Record<string, Sizes>> {
    this.#record ??= JSON.parse(readFileSync(this.#file, "utf8")).regions as Record<string, Sizes>;
    return this.#record;
  }

  private get types(): ReadonlySet<string> {
    this.#types ??= new Set(Object.values(this.record).flatMap(typesOf));
    return this.#types;
  }
}

const typesOf = (families: Sizes): string[] =>
  Object.entries(families).flatMap(([family, sizes]) => sizes.split(" ").map((size) => `${family}.${size}`));
