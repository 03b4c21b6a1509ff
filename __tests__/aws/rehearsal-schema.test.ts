import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import facts from "@cdktf-ml-infra/rehearsal/data/aws.json";
import { type Bindings, readBindings, typeFolders } from "@cdktf-ml-infra/rehearsal/internal/bindings";
import { DerivedSchemas } from "@cdktf-ml-infra/rehearsal/internal/cache";
import { type Comparison, compare, type Difference } from "@cdktf-ml-infra/rehearsal/internal/compare";
import { EPHEMERAL } from "@cdktf-ml-infra/rehearsal/internal/ephemeral";
import { withFacts } from "@cdktf-ml-infra/rehearsal/internal/known";
import { realSchemas } from "@cdktf-ml-infra/rehearsal/internal/real-schema";
import { factsOf } from "@cdktf-ml-infra/rehearsal/internal/record-facts";
import type { Block, Kind } from "@cdktf-ml-infra/rehearsal/internal/schema";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { run } from "../support/process";
import type { Json } from "../support/synth";
import { ENVIRONMENTS, onAws, stacksOf } from "./stacks.fixture";

/** Bindings that were made from the very version of the provider that the test machines carry. */
const BINDINGS = "@cdktf/provider-aws@20.1.0";
const PROVIDER = "5.100.0";
const SOURCE = "registry.terraform.io/hashicorp/aws";
const KINDS = ["provider", "resource", "data"] as const;
type Derived = (typeof KINDS)[number];

/** Everything in which a derived schema differs from the real one, even with the facts of `data/aws.json`. */
const DIFFERENCES: [path: string, kind: string, reason: string][] = [
  ["resource.aws_quicksight_analysis.definition", "left out", "too large for the generator, which writes `any`"],
  ["resource.aws_quicksight_dashboard.definition", "left out", "too large for the generator, which writes `any`"],
  ["resource.aws_quicksight_template.definition", "left out", "too large for the generator, which writes `any`"],
  ["resource.aws_wafv2_rule_group.rule.statement", "left out", "too large for the generator, which writes `any`"],
  ["resource.aws_wafv2_web_acl.rule.statement", "left out", "too large for the generator, which writes `any`"],
  ["resource.aws_wafv2_rule_group.rule", "nesting", "a set may hold nothing of any type, so it is served as a list"],
  ["resource.aws_wafv2_web_acl.rule", "nesting", "a set may hold nothing of any type, so it is served as a list"],
  ["data.aws_quicksight_analysis.definition", "type", "too large for the generator, which writes `any`"],
  [
    "data.aws_networkmanager_core_network_policy_document.segment_actions.via.with_edge_override.edge_sets",
    "type",
    "a set in a set: the bindings tell sets from lists on the outside only",
  ],
];

onAws("the schemas derived from the bindings", () => {
  let bindings: Bindings;
  let schemas: DerivedSchemas;
  let real: Record<Kind, Record<string, Block>>;
  let scratch: string;
  beforeAll(async () => {
    scratch = mkdtempSync(join(inject("scratch"), "schema-"));
    [bindings, real] = await Promise.all([installBindings(scratch), realSchema(scratch)]);
    schemas = new DerivedSchemas(bindings, join(scratch, "cache"));
  });

  const blockOf = (kind: Derived, type: string) => schemas.block(kind, kind === "provider" ? "aws" : type);
  const compareAll = (change: (kind: Derived, type: string, block: Block) => Block, only?: ReadonlySet<string>) =>
    KINDS.flatMap((kind) =>
      Object.entries(real[kind])
        .filter(([type]) => !only || kind === "provider" || only.has(`${kind}.${type}`))
        .map(([type, block]) => {
          const derived = blockOf(kind, type);
          if (!derived) throw new Error(`${kind} ${type}: is not in the bindings`);
          return compare(`${kind}.${type}`, change(kind, type, derived), block);
        }),
    );
  const known = (kind: Derived, type: string, block: Block) => withFacts(SOURCE, kind, type, block);

  it("are those of the same version, type by type", () => {
    expect(bindings).toMatchObject({ source: SOURCE, providerVersion: PROVIDER });
    for (const kind of ["resource", "data"] as const) {
      expect(schemas.types(kind).sort()).toEqual(Object.keys(real[kind]).sort());
    }
  });

  it("agree by themselves in 99 % of all attributes: names, types, arguments, nesting and counts", () => {
    const all = compareAll((_kind, _type, block) => block);
    const figures = agreement(all, (difference) => difference.class !== "sensitive"); // which no bindings hold
    console.log(`bindings alone: ${told(figures, all)}`);
    expect(figures.percent).toBeGreaterThan(99);
  });

  it("agree with what is written down besides in all but a few, each of which has its reason", () => {
    const all = compareAll(known);
    const figures = agreement(all);
    console.log(`with data/aws.json: ${told(figures, all)}`);
    const found = all.flatMap(({ differences }) => differences).map(({ path, class: kind }) => `${kind}: ${path}`);
    expect(found.sort()).toEqual(DIFFERENCES.map(([path, kind]) => `${kind}: ${path}`).sort());
    expect(figures.percent).toBeGreaterThan(99.9);
  });

  it("agree in everything for the types that the stacks use, but for the statements of a firewall", () => {
    const used = typesInUse(bindings);
    const served = compareAll(known, used);
    expect(used.size).toBeGreaterThan(100);
    expect(served).toHaveLength(used.size + 1); // the provider itself
    const differing = served.flatMap(({ differences }) => differences.map(({ path }) => path));
    expect(differing).toEqual(["resource.aws_wafv2_web_acl.rule", "resource.aws_wafv2_web_acl.rule.statement"]);
    const { compared } = agreement(served);
    console.log(`types in use: ${served.length}, of ${compared} attributes and blocks all agree`);
  });

  it("leave to data/aws.json just what the bindings lack", () => {
    expect(factsOf(real, blockOf)).toEqual(facts);
  });

  it("have the ephemeral resources beside them as the provider has them", () => {
    const tables = Object.entries(EPHEMERAL[SOURCE] ?? {});
    expect(tables.length).toBeGreaterThan(1);
    for (const [type, block] of tables) expect(block, type).toEqual(real.ephemeral[type]);
  });

  describe("cost", () => {
    it("seconds when derived anew, and next to nothing when kept", async () => {
      const script = [
        resolve("packages/rehearsal/__tests__/support/measure-schemas.ts"),
        resolve("node_modules"),
        join(scratch, "cold"),
      ];
      const { stdout, stderr } = await run("node", ["-r", "./tools/typescript-loader.js", ...script], {
        env: process.env,
      });
      expect(stderr).toBe("");
      const { cold, warm } = JSON.parse(stdout);
      console.log(
        `cold: ${cold.types} types in ${cold.seconds.toFixed(1)} s and ${cold.megabytes.toFixed(0)} MB; ` +
          `warm: ${warm.types} types in ${warm.seconds.toFixed(2)} s`,
      );
      expect(cold.types).toBeGreaterThan(2000);
      expect(cold.seconds).toBeLessThan(30);
      expect(cold.megabytes).toBeLessThan(1024);
      expect(warm.types).toBe(150);
      expect(warm.seconds).toBeLessThan(0.5);
    });
  });
});

/** Installs the bindings into a folder of their own, without running anything of theirs. */
async function installBindings(scratch: string): Promise<Bindings> {
  const folder = join(scratch, "bindings");
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), '{ "private": true }');
  const flags = ["--ignore-scripts", "--legacy-peer-deps", "--no-audit", "--no-fund"]; // of its peers none is run
  const { status, stderr } = await run("npm", ["install", ...flags, BINDINGS], { cwd: folder, env: process.env });
  const bindings = readBindings(join(folder, "node_modules", "@cdktf", "provider-aws"));
  if (status !== 0 || !bindings) throw new Error(`npm install of ${BINDINGS} failed: ${stderr}`);
  return bindings;
}

/** Schemas of the real provider, of the version that the bindings were made from. */
async function realSchema(scratch: string) {
  const { program, env } = inject("terraform");
  const cwd = join(scratch, "real");
  mkdirSync(cwd);
  const required = { aws: { source: "hashicorp/aws", version: PROVIDER } };
  writeFileSync(join(cwd, "main.tf.json"), JSON.stringify({ terraform: { required_providers: required } }));
  const terraform = async (...args: string[]) => {
    const { status, stdout, stderr } = await run(program, args, { cwd, env });
    if (status !== 0) throw new Error(`terraform ${args[0]} failed: ${stderr}`);
    return stdout;
  };
  await terraform("init", "-input=false", "-no-color");
  return realSchemas(JSON.parse(await terraform("providers", "schema", "-json")).provider_schemas[SOURCE]);
}

/** Every type that a stack of any environment uses, and those besides that our sources import for what is off by default. */
function typesInUse(bindings: Bindings): Set<string> {
  const jsons: Json[] = stacksOf(...ENVIRONMENTS).map(({ json }) => json);
  const typed = (kind: string) =>
    jsons.flatMap((json) => Object.keys(json[kind] ?? {}).map((type) => `${kind}.${type}`));
  const folders = typeFolders(bindings);
  const imported = new Set(["modules", "stacks"].flatMap(importsIn));
  const known = (["resource", "data"] as const).flatMap((kind) =>
    Object.entries(folders[kind])
      .filter(([, folder]) => imported.delete(folder))
      .map(([type]) => `${kind}.${type}`),
  );
  imported.delete("provider");
  if (imported.size > 0) throw new Error(`not in ${BINDINGS}: ${[...imported].join(", ")}`);
  return new Set([...typed("resource"), ...typed("data"), ...known].filter((type) => type.includes(".aws_")));
}

/** Folders of the AWS bindings that the sources in a folder import. */
const importsIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => [...readFileSync(join(folder, file), "utf8").matchAll(/@cdktf\/provider-aws\/lib\/([\w-]+)/g)])
    .map(([, name]) => name as string);

function agreement(all: Comparison[], counts: (difference: Difference) => boolean = () => true) {
  const compared = all.reduce((sum, one) => sum + one.compared, 0);
  const differing = new Set(all.flatMap(({ differences }) => differences.filter(counts).map(({ path }) => path)));
  return { compared, percent: 100 * (1 - differing.size / compared) };
}

function told({ compared, percent }: { compared: number; percent: number }, all: Comparison[]): string {
  const rows = new Map<string, number>();
  for (const { class: kind } of all.flatMap((one) => one.differences)) rows.set(kind, (rows.get(kind) ?? 0) + 1);
  const counts = [...rows].map(([kind, count]) => `${kind} ${count}`).join(", ");
  const leftOut = all.reduce((sum, one) => sum + one.leftOut, 0);
  return `${percent.toFixed(2)} % of ${compared} attributes and blocks agree; differences: ${counts}; ${leftOut} more below "any"`;
}
