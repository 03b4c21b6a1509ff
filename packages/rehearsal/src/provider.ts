import type { DerivedSchemas } from "./cache";
import { answered, applied, planned } from "./change";
import { answerOf } from "./data-sources";
import { EPHEMERAL } from "./ephemeral";
import { withFacts } from "./known";
import { decode, fromJson, isKnown, isRecord, UNKNOWN, type Value } from "./msgpack-cty";
import { type Block, type Kind, typeOfBlock } from "./schema";
import { SECRET_TYPE, Secrets } from "./secrets";
import { type Facts, factsOf } from "./simulated/facts";
import { Seed } from "./simulated/seed";
import { SimulatedValues } from "./simulated/simulated-values";
import { type Finding, unconfigurable } from "./unconfigurable";
import type { Checks } from "./values/check";

/** A request that the provider rejects. */
export class Refusal extends Error {}

/** Kinds that have types, unlike the provider's configuration. */
const TYPED: Exclude<Kind, "provider">[] = ["resource", "data", "ephemeral"];

/**
 * One provider, as Terraform sees it: the schemas of its bindings, and behind them a simulated AWS that creates whatever
 * is requested and remembers nothing but secrets. Terraform's state is the only record.
 */
export class RehearsalProvider {
  /** Seeds in use by type, so that two resources with the same arguments get different ids. */
  private readonly seeds = new Map<string, Set<string>>();
  private readonly blocks = new Map<string, Block | undefined>();
  private readonly secrets: Secrets;

  constructor(
    private readonly schemas: DerivedSchemas,
    private readonly options: {
      types?: ReadonlySet<string>;
      checks?: Checks;
      secrets?: Readonly<Record<string, string>>;
    } = {},
  ) {
    this.secrets = new Secrets(options.secrets);
  }

  get source(): string {
    return this.schemas.bindings.source;
  }

  /** Schema of the provider's own configuration. */
  get configuration(): Block {
    const [type] = this.schemas.types("provider");
    return this.block("provider", type ?? "");
  }

  /** Served types of a kind. */
  types(kind: (typeof TYPED)[number]): string[] {
    const { types } = this.options;
    const all = kind === "ephemeral" ? Object.keys(EPHEMERAL[this.source] ?? {}) : this.schemas.types(kind);
    return types ? all.filter((type) => types.has(type)) : all;
  }

  block(kind: Kind, type: string): Block {
    const key = `${kind}.${type}`;
    if (!this.blocks.has(key)) this.blocks.set(key, this.find(kind, type));
    const block = this.blocks.get(key);
    if (!block) throw new Refusal(`${this.source} has no ${kind} "${type}"`);
    return block;
  }

  private find(kind: Kind, type: string): Block | undefined {
    if (kind === "ephemeral") return EPHEMERAL[this.source]?.[type];
    const block = this.schemas.block(kind, type);
    return block && withFacts(this.source, kind, type, block);
  }

  /** Decodes a value from the wire; an absent one is null. */
  read(kind: Kind, type: string, bytes: Uint8Array | undefined): Value {
    const block = kind === "provider" ? this.configuration : this.block(kind, type);
    return bytes?.length ? decode(bytes, typeOfBlock(block)) : null;
  }

  /** Errors in a configuration that Terraform itself cannot see. */
  check(kind: Kind, type: string, config: Value): Finding[] {
    if (!isRecord(config)) return [];
    const block = kind === "provider" ? this.configuration : this.block(kind, type);
    return [...unconfigurable(block, config), ...(this.options.checks?.(kind, type, config, block) ?? [])];
  }

  configure(config: Value): Facts {
    return factsOf(config);
  }

  /** Converts a state that Terraform read from a file to the current schema. */
  upgrade(type: string, json: Uint8Array): Value {
    return fromJson(JSON.parse(Buffer.from(json).toString("utf8")), typeOfBlock(this.block("resource", type)));
  }

  /** Confirms the state of a resource, and reserves its seed. */
  refresh(type: string, state: Value, seed: string): Value {
    if (seed) this.inUse(type).add(seed);
    return state;
  }

  plan(type: string, proposed: Value, prior: Value, config: Value, facts: Facts): Value {
    const block = this.block("resource", type);
    const plan = planned(block, proposed, prior);
    if (!isRecord(plan)) return plan;
    const given = isRecord(config) ? config : {};
    for (const [name, value] of Object.entries(foreseen(block, plan, facts))) {
      if ((given[name] ?? null) === null) plan[name] = value;
    }
    return plan;
  }

  /** Creates, changes or deletes a resource; returns its new state, and its seed as private data of the state. */
  apply(type: string, plan: Value, config: Value, planSeed: string, facts: Facts): { state: Value; seed: string } {
    if (!isRecord(plan)) {
      this.inUse(type).delete(planSeed);
      return { state: null, seed: "" };
    }
    const block = this.block("resource", type);
    const seed = planSeed || this.newSeed(type, plan, facts);
    const simulated = new SimulatedValues({ type, block, facts, seed, values: plan });
    const state = applied(block, plan, simulated);
    if (type === SECRET_TYPE) this.secrets.write(config, state);
    return { state, seed };
  }

  import(type: string, id: string, facts: Facts): { state: Value; seed: string } {
    const block = this.block("resource", type);
    const empty = Object.entries(typeOfBlock(block)[1] as object).map(([name, own]) => [name, emptyOf(own)]);
    const values = { ...Object.fromEntries(empty), ...(block.attributes.id && { id }) };
    const seed = this.newSeed(type, values, facts);
    return { state: answered(block, values, new SimulatedValues({ type, block, facts, seed, values })), seed };
  }

  /** Reads a data source or opens an ephemeral resource. */
  answer(kind: "data" | "ephemeral", type: string, config: Value, facts: Facts): Value {
    const block = this.block(kind, type);
    if (!isRecord(config)) throw new Refusal(`${type}: has no configuration`);
    const region = config.region;
    const own = typeof region === "string" ? { ...facts, region } : facts;
    const seed = canonical(type, config, own);
    const answer = kind === "data" ? answerOf(type, { config, facts: own, seed: new Seed(seed) }) : {};
    if (type === SECRET_TYPE) answer.secret_string = this.secrets.read(config);
    const values = { ...config, ...foreseen(block, config, own) };
    for (const [name, value] of Object.entries(answer)) {
      // only where the configuration sets nothing; other versions of the provider may lack the attribute
      if (block.attributes[name]?.computed && (config[name] ?? null) === null) values[name] = value;
    }
    return answered(block, values, new SimulatedValues({ type, block, facts: own, seed, values }));
  }

  private inUse(type: string): Set<string> {
    const seeds = this.seeds.get(type) ?? new Set();
    this.seeds.set(type, seeds);
    return seeds;
  }

  /** A seed derived from all known values of a new resource, numbered where another resource has the same values. */
  private newSeed(type: string, values: Value, facts: Facts): string {
    const used = this.inUse(type);
    const words = new Seed(canonical(type, values, facts)).hex(32);
    let seed = words;
    for (let number = 2; used.has(seed); number++) seed = `${words}-${number}`;
    used.add(seed);
    return seed;
  }
}

const emptyOf = (type: unknown): Value =>
  Array.isArray(type) && (type[0] === "list" || type[0] === "set") ? [] : null;

/** Values that the real provider knows at plan time without a call to AWS. */
function foreseen(block: Block, values: Record<string, Value>, { region, defaultTags }: Facts): Record<string, Value> {
  const known: Record<string, Value> = {};
  if (block.attributes.region?.computed)
    known.region = values.region && isKnown(values.region) ? values.region : region;
  const { tags = null } = values;
  if (block.attributes.tags_all?.computed && block.attributes.tags) {
    known.tags_all = tags === UNKNOWN ? UNKNOWN : { ...defaultTags, ...(isRecord(tags) ? tags : {}) };
  }
  return known;
}

/** All known values of a resource as text, equal for equal arguments. */
const canonical = (type: string, values: Value, { region, account }: Facts): string =>
  JSON.stringify([type, region, account, values], (_, value) => (value === UNKNOWN ? undefined : value));
