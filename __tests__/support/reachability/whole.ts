import type { Json } from "../synth";

/** A resource of one of the stacks, its references written out so that they mean the same in all of them. */
export interface Resource {
  readonly stack: string;
  readonly type: string;
  /** `<stack>:<type>.<name>`, by which references to it begin. */
  readonly address: string;
  /** Where its construct stands. */
  readonly path: string;
  readonly body: Json;
}

const REMOTE = /data\.terraform_remote_state\.cross-stack-reference-input-([\w-]+)\.outputs\.([\w-]+)/g;
const LOCAL = /(?<![\w.:-])((?:data\.)?[a-z]\w*_\w+)\.([A-Za-z_][\w-]*)/g;
const EXPRESSION = /\$\{([^{}]*)\}/g;
const ONE_REMOTE = new RegExp(`^\\$\\{${REMOTE.source}\\}$`);

/**
 * Stacks that are deployed together, as one: what a stack reads of another's state is what that stack puts out, and a
 * reference says which stack it is in, such as `${dev-ml-ec2:aws_vpc.network_vpc_4E8F0223.id}`.
 */
export class Whole {
  readonly resources: readonly Resource[];
  readonly #byAddress: ReadonlyMap<string, Resource>;

  /** `stacks` holds the JSON of each by its id. */
  constructor(private readonly stacks: Readonly<Record<string, Json>>) {
    this.resources = Object.entries(stacks).flatMap(([stack, json]) =>
      Object.entries<Json>(json.resource ?? {}).flatMap(([type, named]) =>
        Object.entries<Json>(named).map(([name, { "//": about, ...body }]) => ({
          ...{ stack, type, address: `${stack}:${type}.${name}` },
          path: about.metadata.path as string,
          body: this.written(stack, body),
        })),
      ),
    );
    this.#byAddress = new Map(this.resources.map((resource) => [resource.address, resource]));
  }

  all(...types: string[]): Resource[] {
    return this.resources.filter(({ type }) => types.includes(type));
  }

  /** The resource that `reference` is an attribute of; undefined where it is a literal. */
  at(reference: unknown): Resource | undefined {
    const address = addressOf(reference);
    return address === undefined ? undefined : this.#byAddress.get(address);
  }

  /** Body of a data source that `reference` is an attribute of. */
  dataAt(reference: unknown): Json {
    const [, stack = "", type = "", name = ""] = /^\$\{([\w-]+):data\.(\w+)\.([\w-]+)\./.exec(String(reference)) ?? [];
    return this.stacks[stack]?.data?.[type]?.[name];
  }

  /** `value` with each reference written out. */
  private written(stack: string, value: Json): Json {
    if (Array.isArray(value)) return value.map((item) => this.written(stack, item));
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.written(stack, item)]));
    }
    if (typeof value !== "string") return value;
    const [, from, output] = ONE_REMOTE.exec(value) ?? [];
    if (from && output) return this.output(from, output);
    return value.replace(EXPRESSION, (_, expression: string) => `\${${this.expression(stack, expression)}}`);
  }

  private expression(stack: string, expression: string): string {
    const local = expression.replace(LOCAL, (whole, type: string, name: string) =>
      whole.startsWith("data.terraform_remote_state.") ? whole : `${stack}:${type}.${name}`,
    );
    return local.replace(REMOTE, (_, from: string, output: string) => {
      const value = this.output(from, output);
      return typeof value === "string" ? value.replace(/^\$\{(.*)\}$/, "$1") : JSON.stringify(value);
    });
  }

  private output(stack: string, name: string): Json {
    const found = this.stacks[stack]?.output?.[name];
    if (!found) throw new Error(`stack ${stack} has no output ${name}, which another one reads`);
    return this.written(stack, found.value);
  }
}

/** Address of the resource that `reference` is an attribute of. */
export const addressOf = (reference: unknown): string | undefined =>
  /^\$\{([\w-]+:\w+\.[\w-]+)[.[][^{}]*\}$/.exec(String(reference))?.[1];

/** What names a thing of EC2 whichever stack speaks of it: its address, or the id where it is a literal. */
export const nameOf = (reference: unknown): string => addressOf(reference) ?? String(reference);

export const listOf = (value: Json): Json[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);
