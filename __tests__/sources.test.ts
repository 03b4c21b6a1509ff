import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(__dirname, "..");
const filesIn = (folder: string): string[] =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    : [];
const code = (...folders: string[]) => folders.flatMap(filesIn).filter((file) => /\.[mc]?tsx?$/.test(file));
const text = (file: string) => readFileSync(join(root, file), "utf8");
const importsOf = (file: string) =>
  [...text(file).matchAll(/(?:from|import|require\()\s*["']([^"']+)["']/g)].map((match) => match[1] ?? "");
/** Files, with what they should not hold: one line each, so that a failure names the place. */
const offences = (files: string[], pattern: RegExp) =>
  files.flatMap((file) => (text(file).match(pattern) ?? []).map((found) => `${file}: ${found}`));

const below = code("modules", "stacks", "environments");
const everything = [...below, ...code("tools", "__tests__", "assets"), "main.ts"];

describe("imports", () => {
  it("take one resource of a provider at a time, never the package root", () => {
    const imports = everything.flatMap((file) => importsOf(file).map((path) => `${file}: ${path}`));
    expect(imports.filter((line) => line.includes("@cdktf/provider-aws/lib/")).length).toBeGreaterThan(20);
    expect(imports.filter((line) => /: @cdktf\/provider-(?!\w+\/lib\/[a-z0-9-]+$)/.test(line))).toEqual([]);
  });
  it.each([
    ["modules", /^(stacks|environments|tools|assets|main)/],
    ["assets", /^(modules|stacks|environments|tools|main)/],
    ["stacks", /^(environments|tools|assets|main)/],
  ])("of %s keep to the layers", (folder, forbidden) => {
    const crossed = code(folder).flatMap((file) =>
      importsOf(file)
        .filter((path) => path.startsWith("."))
        .map((path) => relative(root, resolve(root, file, "..", path)))
        .filter((target) => forbidden.test(target))
        .map((target) => `${file}: ${target}`),
    );
    expect(crossed).toEqual([]);
  });
  it("never wire one stack's state into another by hand", () => {
    expect(offences(below, /DataTerraformRemoteState\w*/g)).toEqual([]);
  });
});

describe("files", () => {
  it("have kebab-case names and are no index", () => {
    const names = everything.map((file) => basename(file).replace(/(\.\w+)+$/, ""));
    expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || name === "index")).toEqual([]);
  });
  it("bear the name of the construct that they export", () => {
    const kebab = (name: string) => name.replace(/(?<=[a-z0-9])[A-Z]/g, "-$&").toLowerCase();
    const wrong = code("modules").filter((file) => {
      const classes = [...text(file).matchAll(/^export class (\w+) extends Construct/gm)].map((match) =>
        kebab(match[1] ?? ""),
      );
      return classes.length > 0 && !classes.includes(basename(file, ".ts"));
    });
    expect(wrong).toEqual([]);
  });
  it("each have a test at the same place under __tests__", () => {
    const missing = code("modules", "stacks", "tools").filter(
      (file) => !existsSync(join(root, "__tests__", file.replace(/\.ts$/, ".test.ts"))),
    );
    expect(missing).toEqual([]);
  });
});

describe("synth", () => {
  it("reads nothing but its settings: no environment, context, clock, randomness or network", () => {
    const impure = /process\.env|tryGetContext|Date\.now|new Date\(|Math\.random|randomUUID|randomBytes|\bfetch\(/g;
    expect(offences(below, impure)).toEqual([]);
  });
  it("makes providers and backends in base-stack.ts only", () => {
    const elsewhere = below.filter((file) => file !== "stacks/base-stack.ts");
    expect(offences(elsewhere, /new (AwsProvider|\w*Backend)\(/g)).toEqual(
      offences(elsewhere, /new ModuleRepoBackend\(/g), // a construct that only sounds like a state backend
    );
  });
  it("makes log groups by LogGroup only, so that each has a retention and can have a key", () => {
    const imports = offences(code("modules", "stacks"), /lib\/cloudwatch-log-group"/g);
    expect(imports).toEqual(['modules/aws/cloudwatch/log-group.ts: lib/cloudwatch-log-group"']);
  });
  it("has no inline security-group rules and no rule resource that mixes them", () => {
    expect(offences(code("modules", "stacks"), /lib\/security-group-rule"|^\s+(ingress|egress): \[/gm)).toEqual([]);
  });
});

it("names no folder beside the project", () => {
  const outside = offences(
    [...everything, "README.md", ".ci/run", "package.json"],
    /\.\.\/shared|\/work\/|\/root\/|\/opt\/tf/g,
  );
  expect(outside.filter((line) => !line.startsWith("__tests__/sources.test.ts"))).toEqual([]);
});
