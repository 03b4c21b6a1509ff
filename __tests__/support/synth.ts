import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import type { TerraformConstructor } from "cdktf/lib/testing/matchers";
import { expect } from "vitest";

// biome-ignore lint/suspicious/noExplicitAny: Terraform JSON is read by the keys that a test names
export type Json = any;

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
