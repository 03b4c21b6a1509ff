type Body = Readonly<Record<string, unknown>>;

/** Parts of a stack's Terraform JSON that its cost depends on. */
export interface StackJson {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly provider?: Readonly<Record<string, unknown>>;
}

/** Notes what has no price, and why. */
export type Note = (reason: string) => void;

const UNKNOWN = Symbol("not known at synth");
/** Value that consists of a reference to a resource's attribute. */
const REFERENCE = /^\$\{([a-z]\w*)\.([\w-]+)\.(\w+)(?:\.\w+|\[\d+\])*\}$/;
/** Maximum length of a chain of references. */
const DEPTH = 8;

const isBody = (value: unknown): value is Body => typeof value === "object" && value !== null && !Array.isArray(value);
/** Whether Terraform evaluates a text, so that it is not a literal. */
export const isTemplate = (text: string): boolean => /[$%]\{/.test(text);
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);

const plain = (value: unknown): string => (typeof value === "string" && !isTemplate(value) ? value : "");

/** Resources of a stack and the references between them. */
export class Stack {
  private readonly resources = new Map<string, Map<string, Body>>();

  constructor(private readonly json: StackJson) {
    for (const [type, named] of Object.entries(isBody(json.resource) ? json.resource : {})) {
      const bodies = Object.entries(isBody(named) ? named : {}).filter((entry): entry is [string, Body] =>
        isBody(entry[1]),
      );
      this.resources.set(type, new Map(bodies));
    }
  }

  /** All resources, sorted by type and name. */
  *all(): Generator<{ type: string; id: string; body: Body }> {
    for (const [type, named] of [...this.resources].sort(byKey)) {
      for (const [id, body] of [...named].sort(byKey)) yield { type, id, body };
    }
  }

  /** Bodies of the resources of a type. */
  bodies(type: string): Body[] {
    return [...(this.resources.get(type)?.values() ?? [])];
  }

  /** Resource of this stack that `value` refers to. */
  referred(value: unknown, type: string): Body | undefined {
    const [, found, id = ""] = typeof value === "string" ? (REFERENCE.exec(value) ?? []) : [];
    return found === type ? this.resources.get(type)?.get(id) : undefined;
  }

  /** `value`, or the value that it refers to; undefined if absent, UNKNOWN if known only at apply. */
  literal(value: unknown, depth = DEPTH): unknown {
    if (value === null || value === undefined) return undefined;
    if (typeof value !== "string" || !isTemplate(value)) return value;
    const [whole, type = "", id = "", attribute = ""] = REFERENCE.exec(value) ?? [];
    const given = this.resources.get(type)?.get(id)?.[attribute];
    const isPlain = whole === `\${${type}.${id}.${attribute}}`;
    if (!isPlain || depth === 0 || given === undefined || given === null) return UNKNOWN;
    return this.literal(given, depth - 1);
  }

  /** Region of the provider; empty if not a literal. */
  get region(): string {
    return plain(this.provider(undefined)?.region);
  }

  /** Region of a resource by its own argument or by another provider; empty if not a literal. */
  ownRegion({ region, provider }: Body): string | undefined {
    if (typeof region === "string") return plain(region);
    return typeof provider === "string" ? plain(this.provider(provider)?.region) : undefined;
  }

  private provider(reference: string | undefined): Body | undefined {
    const [, alias] = reference?.split(".") ?? [];
    return listOf(this.json.provider?.aws)
      .filter(isBody)
      .find((provider) => (provider.alias ?? undefined) === alias);
  }
}

/** Arguments of a resource or of a block in it; reading an argument that is unknown at synthesis is noted. */
export class Block {
  constructor(
    private readonly stack: Stack,
    protected readonly body: Body,
    private readonly note: Note,
    private readonly where = "",
  ) {}

  has(key: string): boolean {
    return this.body[key] !== undefined && this.body[key] !== null;
  }

  /** Text argument, or `fallback` if absent; undefined, and noted, if unknown. */
  text(key: string, fallback?: string): string | undefined {
    const value = this.read(key, fallback);
    return typeof value === "string" || typeof value === "number" ? String(value) : this.unknown(key, value, "text");
  }

  /** Number argument, also as text; see {@link text}. */
  number(key: string, fallback?: number): number | undefined {
    const value = this.read(key, fallback);
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    if (typeof number !== "number" || !Number.isFinite(number)) return this.unknown(key, value, "a number");
    return number < 0 ? this.unknown(key, value, "a number from 0") : number;
  }

  /** Boolean argument, false if absent; see {@link text}. */
  flag(key: string): boolean | undefined {
    const value = this.read(key, false);
    if (value === "true" || value === "false") return value === "true";
    return typeof value === "boolean" ? value : this.unknown(key, value, "true or false");
  }

  /** List argument, empty if absent; see {@link text}. */
  list(key: string): unknown[] | undefined {
    const value = this.read(key, []);
    return Array.isArray(value) ? value : this.unknown(key, value, "a list");
  }

  /** Size of a list argument; where an expression chooses among resources of `type`, all that it names. See {@link text}. */
  size(key: string, type: string): number | undefined {
    const value = this.body[key];
    const named = typeof value === "string" ? value.match(new RegExp(`\\b${type}\\.[\\w-]+`, "g")) : null;
    return named ? new Set(named).size : this.list(key)?.length;
  }

  /** Blocks under `key`, single or in a list. */
  blocks(key: string): Block[] {
    const path = `${this.where}${key}`;
    if (isBody(this.body.dynamic) && this.body.dynamic[key] !== undefined) {
      this.note(`its ${path} blocks are made at apply time`);
    }
    const value = this.stack.literal(this.body[key]);
    const bodies = listOf(value === UNKNOWN ? undefined : value).filter(isBody);
    if (value !== undefined && bodies.length < listOf(value).length) this.note(`${path} is not known at synth`);
    return bodies.map((body) => new Block(this.stack, body, this.note, `${path}.`));
  }

  /** First block under `key`. */
  block(key: string): Block | undefined {
    return this.blocks(key)[0];
  }

  /** First block under `key`; noted if there is none. */
  required(key: string): Block | undefined {
    if (listOf(this.stack.literal(this.body[key])).length === 0) this.note(`${this.where}${key} is not given`);
    return this.block(key);
  }

  /** Parsed JSON text under `key`, which may contain references; noted if it cannot be parsed. */
  json(key: string): Block | undefined {
    const body = objectOf(this.body[key]);
    if (body) return new Block(this.stack, body, this.note, `${this.where}${key}.`);
    this.note(`${this.where}${key} is not JSON that is known at synth`);
    return undefined;
  }

  /** Names of the blocks and arguments. */
  get keys(): string[] {
    return Object.keys(this.body).sort();
  }

  /** Resource of `type` that the first of `keys` refers to; noted if it is not in this stack. */
  linked(type: string, ...keys: string[]): Block | undefined {
    const key = keys.find((candidate) => this.has(candidate));
    const body = key && this.stack.referred(this.body[key], type);
    if (body) return new Block(this.stack, body, this.note, `${type}.`);
    this.note(`its ${type} is not in this stack`);
    return undefined;
  }

  /** Resources of `type` that the values under `key` refer to; undefined for those of other stacks. */
  referredBy(type: string, key: string): (Block | undefined)[] {
    return listOf(this.body[key]).map((value) => {
      const body = this.stack.referred(value, type);
      return body && new Block(this.stack, body, this.note, `${type}.`);
    });
  }

  /** Whether a resource of `type` refers to this one under `key`. */
  isReferredBy(type: string, key: string, ownType: string): boolean {
    return this.stack.bodies(type).some((body) => this.stack.referred(body[key], ownType) === this.body);
  }

  private read(key: string, fallback: unknown): unknown {
    const value = this.stack.literal(this.body[key]);
    return value === undefined ? fallback : value;
  }

  private unknown(key: string, value: unknown, kind: string): undefined {
    const path = `${this.where}${key}`;
    if (value === undefined) this.note(`${path} is not given`);
    else this.note(value === UNKNOWN ? `${path} is not known at synth` : `${path} is not ${kind}`);
    return undefined;
  }
}

function objectOf(text: unknown): Body | undefined {
  try {
    const value: unknown = typeof text === "string" ? JSON.parse(text) : undefined;
    return isBody(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const byKey = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : a > b ? 1 : 0);
