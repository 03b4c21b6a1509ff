import type { Statement } from "../../modules/common/iam/policy";
import type { Json, synthApp } from "./synth";

/** One resource of an app, with references that hold over all stacks: `${<stack>/<type>.<name>.<attribute>}`. */
export interface Made {
  /** `<stack>/<type>.<name>`. */
  readonly address: string;
  readonly stack: string;
  readonly type: string;
  /** Path of the construct, for people. */
  readonly path: string;
  readonly body: Json;
}

/** Terraform's address of a resource or a data source within an expression. */
const ADDRESS = /(?<![\w./-])((?:data\.)?[a-z]+_\w+\.[\w-]+)(?=[.[])/g;
const REMOTE = /data\.terraform_remote_state\.([\w-]+)\.outputs\.([\w-]+)/g;
const LOCAL = /(?<![\w./-])local\.([\w-]+)/g;
const GLOBAL = /([\w-]+\/(?:data\.)?[a-z]+_\w+\.[\w-]+)/;

/** All stacks of an app, read as one. */
export class WholeApp {
  readonly resources: readonly Made[];
  private readonly byAddress: ReadonlyMap<string, Made>;
  private readonly stacks: ReadonlyMap<string, Json>;

  constructor({ ids, stack }: Pick<ReturnType<typeof synthApp>, "ids" | "stack">) {
    this.stacks = new Map(ids.map((id) => [id, stack(id).parsed]));
    this.resources = [...this.stacks].flatMap(([id, { resource = {} }]) =>
      Object.entries<Json>(resource).flatMap(([type, named]) =>
        Object.entries<Json>(named).map(([name, { "//": about, ...body }]) => ({
          ...{ address: `${id}/${type}.${name}`, stack: id, type },
          path: about?.metadata?.path ?? name,
          body: this.resolved(id, body),
        })),
      ),
    );
    this.byAddress = new Map(this.resources.map((made) => [made.address, made]));
  }

  all(...types: string[]): Made[] {
    return this.resources.filter(({ type }) => types.includes(type));
  }

  /** Tags that the provider puts on all that a stack makes. */
  defaultTags(stack: string): Record<string, string> {
    return this.stacks.get(stack)?.provider?.aws?.[0]?.default_tags?.[0]?.tags ?? {};
  }

  at(address: string): Made | undefined {
    return this.byAddress.get(address);
  }

  /** The first resource that a text refers to, or the one that this stands for: a version of a secret is the secret. */
  referred(text: unknown): Made | undefined {
    const [, address = ""] = GLOBAL.exec(typeof text === "string" ? text : "") ?? [];
    const made = this.at(address);
    const behind = made && STANDS_FOR[made.type];
    return behind ? this.referred(made.body[behind]) : made;
  }

  /** References of a stack followed into the others, and its locals put in place. */
  private resolved(stack: string, value: Json): Json {
    if (typeof value === "string") {
      return mapExpressions(value, (text) => this.expression(stack, text));
    }
    if (Array.isArray(value)) return value.map((item) => this.resolved(stack, item));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries<Json>(value).map(([key, item]) => [key, this.resolved(stack, item)]));
  }

  private expression(stack: string, text: string): string {
    if (/^\$\{data\.terraform_remote_state\.[\w-]+\.outputs\.[\w-]+\}$/.test(text)) {
      const [[, input = "", output = ""] = []] = [...text.matchAll(REMOTE)];
      return String(this.output(stack, input, output));
    }
    const inner = text
      .replace(REMOTE, (_, input, output) => bare(this.output(stack, input, output)))
      .replace(LOCAL, (_, name) => bare(this.resolved(stack, this.stacks.get(stack)?.locals?.[name])));
    return inner.replace(ADDRESS, (address) =>
      address.includes("terraform_remote_state") ? address : `${stack}/${address}`,
    );
  }

  private output(stack: string, input: string, output: string): unknown {
    const { config } = this.stacks.get(stack)?.data?.terraform_remote_state?.[input] ?? {};
    const state: string = config?.path ?? config?.key ?? "";
    const [, owner = ""] = /([^/]+)\.tfstate$/.exec(state) ?? [];
    return this.resolved(owner, this.stacks.get(owner)?.output?.[output]?.value);
  }
}

/** A text with each `${...}` in it replaced, of those within each other the outermost. */
function mapExpressions(text: string, replaced: (expression: string) => string): string {
  const start = text.indexOf("${");
  if (start < 0) return text;
  let depth = 1;
  let end = start + 2;
  for (; depth > 0 && end < text.length; end++) depth += text[end] === "{" ? 1 : text[end] === "}" ? -1 : 0;
  return text.slice(0, start) + replaced(text.slice(start, end)) + mapExpressions(text.slice(end), replaced);
}

/** Resources that stand for another one: the argument that names it. */
const STANDS_FOR: Readonly<Record<string, string>> = {
  aws_secretsmanager_secret_version: "secret_id",
  aws_kms_alias: "target_key_id",
};

/** A value as part of an expression: what is between the brackets of one, or a literal. */
const bare = (value: unknown): string => /^\$\{([^{}]*)\}$/.exec(String(value))?.[1] ?? JSON.stringify(value ?? null);

const list = <T>(value: T | T[] | undefined): T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** A document of JSON as Terraform reads it, with expressions in it that have quotes of their own. */
export const parsed = (document: string): Json =>
  JSON.parse(mapExpressions(document, (expression) => JSON.stringify(expression).slice(1, -1)));

/** Statements that allow something in a policy document. */
export function allowed(document: unknown): Statement[] {
  if (typeof document !== "string") return [];
  const { Statement: statements = [] } = parsed(document);
  return list<Statement & { Effect: string }>(statements).filter(({ Effect }) => Effect === "Allow");
}

export const actionsOf = ({ Action }: Statement): string[] => list(Action);
export const resourcesOf = ({ Resource }: Statement): string[] => list(Resource);

/** Whether an action is one of those that a pattern stands for; IAM tells upper and lower case not apart. */
export function covers(pattern: string, action: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${expression}$`, "i").test(action);
}

/** A role or a user of ours, and what its own policies allow. */
export interface Principal {
  readonly made: Made;
  readonly statements: Statement[];
  /** Names of the managed policies that it has. */
  readonly managed: string[];
}

/** Every role and user of an app. */
export function principals(app: WholeApp): Principal[] {
  return app.all("aws_iam_role", "aws_iam_user").map((made) => {
    const owns = ({ body }: Made) => app.referred(body.role ?? body.user)?.address === made.address;
    const own = app.all("aws_iam_role_policy", "aws_iam_user_policy").filter(owns);
    const attached = app.all("aws_iam_role_policy_attachment").filter(owns);
    return {
      made,
      statements: own.flatMap(({ body }) => allowed(body.policy)),
      managed: attached.map(({ body }) => String(body.policy_arn).replace(/^.*:policy\//, "")),
    };
  });
}
