import { answerOf } from "@cdktf-ml-infra/rehearsal/internal/data-sources";
import type { Value } from "@cdktf-ml-infra/rehearsal/internal/msgpack-cty";
import { type Facts, factsOf } from "@cdktf-ml-infra/rehearsal/internal/simulated/facts";
import { Seed } from "@cdktf-ml-infra/rehearsal/internal/simulated/seed";
import { SimulatedValues } from "@cdktf-ml-infra/rehearsal/internal/simulated/simulated-values";
import type { Json, StackFolder } from "@cdktf-ml-infra/rehearsal/stacks";
import { fill, NotRead } from "./template";

const REMOTE = /^data\.terraform_remote_state\.cross-stack-reference-input-(.+?)\.outputs\.(.+)$/;
const ADDRESS = /^(data\.)?(\w+)\.([\w-]+)\.(.+)$/;

/** Puts into a stack's texts, in the place of what only AWS will know, values of the right form: made up, and the same each time. */
export class Plausible {
  private readonly byId: Map<string, Json>;

  constructor(stacks: readonly StackFolder[]) {
    this.byId = new Map(stacks.map(({ id, json }) => [id, json]));
  }

  /** A text of this stack without tokens. */
  text(stack: string, template: string): string {
    return fill(template, {
      path: (path) => this.path(stack, path),
      call: (name, [text = "", from = "", to = ""]) => {
        if (name === "replace") return text.replaceAll(from, to);
        throw new NotRead(`${stack}: the function ${name}, which tools/policy/plausible.ts does not work out`);
      },
    });
  }

  private path(stack: string, path: string): string {
    const [, owner, output] = REMOTE.exec(path) ?? [];
    if (owner) return this.text(owner, this.json(owner).output[output as string].value);
    const [, data, type = "", name = "", rest = ""] = ADDRESS.exec(path) ?? [];
    const json = this.json(stack);
    const body = json[data ? "data" : "resource"]?.[type]?.[name];
    if (!body) throw new NotRead(`${stack}: ${path}, which no resource of the stack is called`);
    const values = this.values(stack, body);
    const facts = factsFor(json, body);
    const seed = `${stack}.${name}`;
    if (data) Object.assign(values, answerOf(type, { config: values, facts, seed: new Seed(seed) }));
    const made = new SimulatedValues({ type, block: { attributes: {}, blocks: {} }, facts, seed, values });
    const names = rest.replace(/\[[^\]]*\]/g, "").split(".");
    const [attribute = ""] = names;
    const value = names.length === 1 ? made.get(attribute) : made.make(names, { type: "string" });
    if (typeof value === "string" || typeof value === "number") return String(value);
    throw new NotRead(`${stack}: ${path}, which is no text`);
  }

  /** Arguments of a resource that are texts, each read when it is asked for: most never are. */
  private values(stack: string, body: Json): Record<string, Value> {
    const values: Record<string, Value> = {};
    for (const [name, value] of Object.entries<Json>(body)) {
      if (typeof value !== "string") continue;
      Object.defineProperty(values, name, { enumerable: true, configurable: true, get: () => this.text(stack, value) });
    }
    return values;
  }

  private json(stack: string): Json {
    const json = this.byId.get(stack);
    if (!json) throw new NotRead(`the stack ${stack}, which was not synthesized`);
    return json;
  }
}

/** Where the provider of a resource works. */
function factsFor(json: Json, { provider = "aws" }: { provider?: string }): Facts {
  const [kind, alias] = provider.replace(/^\$\{|\}$/g, "").split(".");
  const providers: Json[] = kind ? (json.provider?.[kind] ?? []) : [];
  return factsOf(providers.find((one) => one.alias === alias));
}
