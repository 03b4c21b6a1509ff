import { resolve } from "node:path";
import { findBindings } from "@cdktf-ml-infra/rehearsal/internal/bindings";
import { cacheFolder, DerivedSchemas } from "@cdktf-ml-infra/rehearsal/internal/cache";
import type { Block } from "@cdktf-ml-infra/rehearsal/internal/schema";
import type { Json } from "./synth";
import type { Made } from "./whole-app";

const modules = resolve(__dirname, "..", "..", "node_modules");
/** Arguments of the AWS provider that name a key to encrypt with. */
const KEY = /kms_(master_)?key|encryption_key|cmk_arn|^key_arn$/;
/** Blocks that only mean something where others of them are left out: the provider keeps them for old configurations. */
const OLD = /^aws_s3_bucket\./;

let schemas: DerivedSchemas | undefined;

/** Arguments of a resource, as `<type>.<path>`, that could name a key and do not; those of blocks only where the block is. */
export function missingKeys({ type, body }: Made): string[] {
  if (!schemas) {
    const [bindings] = findBindings(modules, ["@cdktf/provider-aws"]);
    if (!bindings) throw new Error("the bindings of the AWS provider are not installed");
    schemas = new DerivedSchemas(bindings, cacheFolder(modules));
  }
  const block = schemas.block("resource", type);
  return block ? missing(block, body, type).filter((path) => !OLD.test(path)) : [];
}

function missing({ attributes, blocks }: Block, body: Json, path: string): string[] {
  const own = Object.entries(attributes)
    .filter(([name, { optional, required, type }]) => KEY.test(name) && type === "string" && (optional || required))
    .filter(([name]) => body[name] === undefined)
    .map(([name]) => `${path}.${name}`);
  const inner = Object.entries(blocks).flatMap(([name, { block }]) =>
    [body[name] ?? []].flat().flatMap((one: Json) => missing(block, one, `${path}.${name}`)),
  );
  return [...own, ...inner];
}
