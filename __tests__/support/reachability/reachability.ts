import { contains } from "../../../modules/common/settings/cidr";
import type { Json } from "../synth";
import { type End, endsOf } from "./ends";
import { type ForeignSubnet, Ground, INTERNET, type Place } from "./ground";
import { ALL, common, inWords, type Ports } from "./ports";
import { nameOf, Whole } from "./whole";

/** What the stacks do not say of what is around them. */
export interface Surroundings {
  /** Subnets that exist already, by their id. */
  readonly subnets?: Readonly<Record<string, ForeignSubnet>>;
  /** Public blocks that the settings let in somewhere. */
  readonly named?: readonly string[];
}

/** Who can open a connection to whom, in stacks that are deployed together. */
export class Reachability {
  readonly whole: Whole;
  readonly ends: readonly End[];
  readonly #ground: Ground;

  constructor(stacks: Readonly<Record<string, Json>>, { subnets = {}, named = [] }: Surroundings = {}) {
    this.whole = new Whole(stacks);
    this.#ground = new Ground(this.whole, subnets);
    this.ends = endsOf(this.whole, this.#ground, named);
  }

  of(kind: string): End[] {
    return this.ends.filter((end) => end.kind === kind);
  }

  /** Ports that one can reach another on, in words; those of its places apart where they differ. */
  between(from: End, to: End): string {
    const ways = from.places.flatMap((ours) => to.places.map((theirs) => this.open(from, ours, to, theirs)));
    return [...new Set(ways.map(inWords))].sort().join(" | ");
  }

  /** Whether one can reach another on a TCP port, wherever the two stand. */
  reaches(from: End, to: End, port: number): boolean {
    const wanted = { protocol: "tcp", from: port, to: port };
    return from.places.every((ours) =>
      to.places.every((theirs) => common([wanted], this.open(from, ours, to, theirs)).length > 0),
    );
  }

  /** Whether nothing leads from any of the end's places to the internet. */
  isClosed(from: End): boolean {
    const [internet] = this.of("internet");
    return internet !== undefined && this.between(from, internet) === "nothing";
  }

  private open(from: End, ours: Place, to: End, theirs: Place): Ports[] {
    if (from.authorized && !from.authorized.some((block) => contains(block, theirs.block))) return [];
    const way = this.way(from, ours, theirs);
    return common(way, common(this.out(from, ours, theirs, to), this.in(to, ours, from, theirs)));
  }

  private out({ groups }: End, ours: Place, theirs: Place, to: End): Ports[] {
    return groups === "a stranger's"
      ? [ALL]
      : this.#ground.allowed("egress", groups, theirs, this.seen(to, ours, theirs));
  }

  private in({ groups }: End, ours: Place, from: End, theirs: Place): Ports[] {
    if (groups === "a stranger's") return theirs.network === INTERNET ? [ALL] : [];
    return this.#ground.allowed("ingress", groups, ours, this.seen(from, ours, theirs));
  }

  /** Groups by which one end knows the other: none where packets cross the internet. */
  private seen({ groups }: End, ours: Place, theirs: Place): readonly string[] {
    return groups === "a stranger's" || ours.network !== theirs.network ? [] : groups;
  }

  /** Ports for which there is a way there and back. */
  private way(from: End, ours: Place, theirs: Place): Ports[] {
    if (ours.network === theirs.network) return [ALL];
    if (theirs.network === INTERNET) return this.wayOut(from, ours, theirs);
    if (ours.network === INTERNET) {
      return theirs.isPublic && this.#ground.route(theirs, ours.block)?.kind === "internet" ? [ALL] : [];
    }
    const [there, back] = [this.#ground.route(ours, theirs.block), this.#ground.route(theirs, ours.block)];
    return there?.kind === "peering" && back?.kind === "peering" && there.target === back.target ? [ALL] : [];
  }

  private wayOut(from: End, ours: Place, theirs: Place): Ports[] {
    const route = this.#ground.route(ours, theirs.block);
    if (route?.kind === "internet") return ours.isPublic ? [ALL] : [];
    if (route?.kind === "nat") return this.#ground.natGatewayWorks(route.target) ? [ALL] : [];
    if (route?.kind !== "machine") return [];
    const machine = this.ends.find(({ resource }) => resource?.address === nameOf(`\${${route.target}.id}`));
    if (!machine) throw new Error(`nothing is known of ${route.target}, which a route leads to`);
    const [home] = machine.places as [Place];
    return common(
      this.in(machine, ours, from, home),
      this.open(machine, home, { ...from, groups: "a stranger's" }, theirs),
    );
  }
}
