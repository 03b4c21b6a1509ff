import { readFileSync } from "node:fs";
import { nearest } from "./wording";

type Sizes = Readonly<Record<string, string>>;

/** Record of the types that each region offers, from a data file: sizes of each family, such as `"m5": "large xlarge"`. */
export class Offerings {
  readonly #file: string;
  #regions: ReadonlyMap<string, ReadonlySet<string>> | undefined;
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
    return this.regions.get(region);
  }

  /** The type that exists and that may have been meant. */
  nearest(type: string): string | undefined {
    return nearest(type, [...this.types]);
  }

  /** The file is read when first asked for, as most stacks have nothing to look up in it. */
  private get regions(): ReadonlyMap<string, ReadonlySet<string>> {
    this.#regions ??= new Map(
      Object.entries<Sizes>(JSON.parse(readFileSync(this.#file, "utf8")).regions).map(([region, families]) => [
        region,
        new Set(
          Object.entries(families).flatMap(([family, sizes]) => sizes.split(" ").map((size) => `${family}.${size}`)),
        ),
      ]),
    );
    return this.#regions;
  }

  private get types(): ReadonlySet<string> {
    this.#types ??= new Set([...this.regions.values()].flatMap((types) => [...types]));
    return this.#types;
  }
}
