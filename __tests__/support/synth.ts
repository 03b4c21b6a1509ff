import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import type { TerraformConstructor } from "cdktf/lib/testing/matchers";
import { expect } from "vitest";
import { buildApp, synthesize } from "../../stacks/app";
import type { Environment } from "../../stacks/environment";

// biome-ignore lint/suspicious/noExplicitAny: Terraform JSON is read by the keys that a test names
export type Json = any;

// cdktf takes a whole stack trace for each token, and vitest maps every line of it: five sixths of the time of a synth
const stackTrace = createRequire(__filename)("cdktf/lib/tokens/private/stack-trace");
stackTrace.captureStackTrace = () => [];

const outdir = mkdtempSync(join(tmpdir(), "cdktf-test-")); // Testing.app() alone leaves a directory per call

/** Synthesizes what `build` adds to a fresh stack, validations on, and reads it back by resource type. */
export function synth(build: (stack: TerraformStack) => unknown) {
  const stack = new TerraformStack(Testing.app({ outdir }), "test");
  new AwsProvider(stack, "aws", { region: "us-east-1" });
  build(stack);
  stack.prepareStack(); // without it a reference to another stack stays a dangling local one
  return read(Testing.synth(stack, true));
}

/** Reads the Terraform JSON of a stack by resource type. */
export function read(json: string) {
  const parsed: Json = JSON.parse(json);
  return {
    json,
    parsed,
    /** Every resource of a type. */
    all: (type: TerraformConstructor): Json[] => Object.values(parsed.resource?.[type.tfResourceType] ?? {}),
    /** The only resource of a type. */
    one: (type: TerraformConstructor): Json => only(type, parsed.resource),
    /** Every resource of a type by its name in the JSON. */
    byId: (type: TerraformConstructor): Record<string, Json> => parsed.resource?.[type.tfResourceType] ?? {},
    /** Every data source of a type. */
    data: (type: TerraformConstructor): Json[] => Object.values(parsed.data?.[type.tfResourceType] ?? {}),
    outputs: (parsed.output ?? {}) as Record<string, Json>,
  };
}

function only(type: TerraformConstructor, resources: Json): Json {
  const found = Object.values(resources?.[type.tfResourceType] ?? {});
  expect(found, `${type.tfResourceType} resources`).toHaveLength(1);
  return found[0];
}

/** Matches a reference to `attribute` of a resource of `type`, whatever its generated id. */
export const refTo = (type: TerraformConstructor, attribute: string) =>
  expect.stringMatching(
    new RegExp(`^\\$\\{${type.tfResourceType}\\.[\\w-]+\\.${attribute.replace(/[.[\]]/g, "\\$&")}\\}$`),
  );

/** Synthesizes whole environments as `npm start` does, cross-stack references included, and reads each stack back. */
export function synthApp(...environments: Environment[]) {
  const folder = mkdtempSync(join(tmpdir(), "cdktf-test-"));
  const app = buildApp(environments, { outdir: folder });
  synthesize(app);
  const text = (id: string) => readFileSync(join(folder, "stacks", id, "cdk.tf.json"), "utf8");
  return {
    app,
    outdir: folder,
    ids: readdirSync(join(folder, "stacks")).sort(),
    text,
    stack: (id: string) => read(text(id)),
  };
}

/** Outputs of a stack of its own: without the cost, which every stack has, and those by which CDKTF wires stacks together. */
export const publishedOutputs = ({ outputs }: { outputs: Record<string, Json> }): string[] =>
  Object.keys(outputs)
    .filter((name) => name !== "estimated_monthly_cost" && !name.startsWith("cross-stack-output"))
    .sort();
