import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { chooseStacks, NoSuchStack, stacksIn, typesIn } from "../src/stacks";
import { scratchFolder } from "./support/terraform";

/** Output folder of an app with these stacks, and what each needs. */
function outputFolder(needs: Record<string, string[]>): string {
  const outdir = scratchFolder();
  const stacks = Object.entries(needs).map(([name, dependencies]) => {
    const workingDirectory = join("stacks", name);
    const synthesizedStackPath = join(workingDirectory, "cdk.tf.json");
    mkdirSync(join(outdir, workingDirectory), { recursive: true });
    writeFileSync(join(outdir, synthesizedStackPath), JSON.stringify({ output: { name } }));
    return [name, { name, dependencies, workingDirectory, synthesizedStackPath }];
  });
  writeFileSync(join(outdir, "manifest.json"), JSON.stringify({ stacks: Object.fromEntries(stacks) }));
  return outdir;
}

describe("stacksIn", () => {
  it("reads the stacks of an output folder in dependency order", () => {
    const outdir = outputFolder({ a: ["c"], b: [], c: ["b"] });
    expect(stacksIn(outdir).map(({ id }) => id)).toEqual(["b", "c", "a"]);
    expect(stacksIn(outdir)[1]).toEqual({
      id: "c",
      needs: ["b"],
      folder: join(outdir, "stacks", "c"),
      json: { output: { name: "c" } },
    });
  });
  it("names a missing dependency", () => {
    expect(() => stacksIn(outputFolder({ a: ["b"] }))).toThrow(/has no stack b$/);
  });
});

describe("chooseStacks", () => {
  const needs = { "dev-network": [], "dev-cluster": ["dev-network"], "dev-jobs": ["dev-cluster"], "prod-network": [] };
  const stacks = stacksIn(outputFolder(needs));
  const chosen = (...patterns: string[]) => chooseStacks(stacks, patterns).map(({ id }) => id);

  it.each<[string[], string[]]>([
    [[], ["dev-network", "dev-cluster", "dev-jobs", "prod-network"]],
    [["*"], ["dev-network", "dev-cluster", "dev-jobs", "prod-network"]],
    [["dev-network"], ["dev-network"]],
    [["*-network"], ["dev-network", "prod-network"]],
    [["dev-?obs"], ["dev-network", "dev-cluster", "dev-jobs"]],
    [
      ["prod-*", "dev-cluster"],
      ["dev-network", "dev-cluster", "prod-network"],
    ],
  ])("selects for %j the matching stacks and their dependencies", (patterns, ids) => {
    expect(chosen(...patterns)).toEqual(ids);
  });
  it("matches whole ids, and letters literally", () => {
    for (const pattern of ["dev", "network", "dev.network", "(dev-network)", "dev-?jobs"]) {
      expect(() => chosen(pattern), pattern).toThrow(NoSuchStack);
    }
  });
  it("lists the stacks and suggests one if nothing matches", () => {
    expect(() => chosen("dev-network", "dev-jops")).toThrow(
      "no stack is called dev-jops; did you mean dev-jobs?\nstacks: dev-network, dev-cluster, dev-jobs, prod-network",
    );
    expect(() => chosen("something-else-*")).toThrow(/^no stack is called something-else-\*\nstacks: /);
  });
});

describe("typesIn", () => {
  const stack = (json: object) => ({ id: "", needs: [], folder: "", json });
  const used = stack({ resource: { aws_vpc: {}, aws_eip: {} }, output: { x: {} } });

  it("finds the types of every kind in every stack", () => {
    const other = stack({ data: { aws_region: {} }, ephemeral: { aws_password: {} }, resource: { aws_vpc: {} } });
    const types = typesIn([used, other]);
    expect([...(types ?? [])].sort()).toEqual(["aws_eip", "aws_password", "aws_region", "aws_vpc"]);
  });
  it("ignores modules, which may use any type", () => {
    expect(typesIn([used, stack({ module: { m: { source: "./m" } } })])).toBe(undefined);
  });
});
