import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(__dirname, "..");
const filesIn = (folder: string): string[] =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(root, join(entry.parentPath, entry.name)))
        .filter((file) => !file.includes("node_modules/"))
    : [];
const code = (...folders: string[]) => folders.flatMap(filesIn).filter((file) => /\.[mc]?tsx?$/.test(file));
const text = (file: string) => readFileSync(join(root, file), "utf8");
const importsOf = (file: string) =>
  [...text(file).matchAll(/(?:from|import|(?<![.\w])import\(|require\()\s*["']([^"']+)["']/g)].map(
    (match) => match[1] ?? "",
  );
/** Source files that a file imports, types included, by their path from the root. */
const targetsOf = (file: string) =>
  importsOf(file)
    .filter((path) => path.startsWith("."))
    .map((path) => relative(root, resolve(root, file, "..", path)))
    .flatMap((path) =>
      [`${path}.ts`, path, path.replace(/\.js$/, ".ts")].filter(
        (candidate) => /\.ts$/.test(candidate) && existsSync(join(root, candidate)),
      ),
    );
/** Files, with what they should not hold: one line each, so that a failure names the place. */
const offences = (files: string[], pattern: RegExp) =>
  files.flatMap((file) => (text(file).match(pattern) ?? []).map((found) => `${file}: ${found}`));

const below = code("modules", "stacks", "environments");
const sources = [...below, ...code("tools", "assets", "packages"), "main.ts"];
const packages = readdirSync(join(root, "packages")).map((name) => `packages/${name}`);
const everything = [...sources, ...code("__tests__")];

/**
 * Rooms of the house from the ground up. A file may import from its own room and from the rooms of the layers below it,
 * but not from a room beside it. `*` stands for each folder that is named nowhere else: a system.
 */
const LAYERS = [
  ["modules/common/"],
  ["modules/aws/"],
  ["modules/network/", "modules/cost/"],
  ["modules/cluster/"],
  ["modules/kube/", "modules/peering/", "modules/module-repo-backend/"],
  ["modules/*/"],
  ["stacks/base-"],
  ["stacks/*/"],
  ["stacks/"],
  ["environments/"],
  ["main."],
  ["tools/"],
];
/** Rooms that import no other and are imported by none: their code runs elsewhere, or serves any project. */
const APART = ["assets/", "packages/"];

interface Place {
  readonly room: string;
  readonly layer: number;
}

/** Room of a file; the longest beginning of its path that is listed, or else its folder where `*` is. */
function placeOf(file: string): Place {
  const listed = [...LAYERS.flat(), ...APART].filter((room) => file.startsWith(room));
  const named = listed.sort((a, b) => b.length - a.length)[0];
  const [folder = ""] = /^(modules|stacks)\/[^/]+\//.exec(file) ?? [];
  if (folder && (named === undefined || named.length < folder.length)) {
    return { room: folder, layer: layerOf(`${folder.split("/")[0]}/*/`) };
  }
  return { room: named ?? file, layer: layerOf(named ?? "") };
}

/** Place in {@link LAYERS}; -1 of a room apart. */
const layerOf = (room: string) => LAYERS.findIndex((rooms) => rooms.includes(room));

const mayImport = (from: Place, to: Place) =>
  from.room === to.room || (from.layer >= 0 && to.layer >= 0 && to.layer < from.layer);

/** Groups of files each of which imports itself by way of the others, each in the order of the imports. */
function circles(files: readonly string[]): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const walk = (file: string, way: string[]): void => {
    const start = way.indexOf(file);
    if (start >= 0) found.push([...way.slice(start), file]);
    if (start >= 0 || done.has(file)) return;
    for (const target of targetsOf(file)) walk(target, [...way, file]);
    done.add(file);
  };
  for (const file of files) walk(file, []);
  return found;
}

describe("imports", () => {
  it("take one resource of a provider at a time, never the package root", () => {
    const imports = everything.flatMap((file) => importsOf(file).map((path) => `${file}: ${path}`));
    expect(imports.filter((line) => line.includes("@cdktf/provider-aws/lib/")).length).toBeGreaterThan(20);
    expect(imports.filter((line) => /: @cdktf\/provider-(?!\w+\/lib\/[a-z0-9-]+$)/.test(line))).toEqual([]);
  });
  it("go to the own room or to a layer below, and from no system to another", () => {
    const crossed = sources.flatMap((file) =>
      targetsOf(file)
        .filter((target) => !mayImport(placeOf(file), placeOf(target)))
        .map((target) => `${file}: ${target}`),
    );
    expect(crossed).toEqual([]);
  });
  it("form no circle of files", () => {
    expect(circles(sources).map((files) => files.join(" -> "))).toEqual([]);
  });
  it.each(packages)("of %s are its own files and its own dependencies", (folder) => {
    const { dependencies, peerDependencies, devDependencies } = JSON.parse(text(`${folder}/package.json`));
    const installed = Object.keys({ ...dependencies, ...peerDependencies });
    const foreign = code(folder).flatMap((file) => {
      const known = file.startsWith(`${folder}/src/`) ? installed : [...installed, ...Object.keys(devDependencies)];
      return importsOf(file)
        .filter((path) =>
          path.startsWith(".")
            ? !relative(root, resolve(root, file, "..", path)).startsWith(`${folder}/`)
            : !path.startsWith("node:") && !known.some((name) => path === name || path.startsWith(`${name}/`)),
        )
        .map((path) => `${file}: ${path}`);
    });
    expect(foreign).toEqual([]);
  });
  it("of a package elsewhere go by its name", () => {
    const outside = everything.filter((file) => !file.startsWith("packages/"));
    expect(offences(outside, /from "[./]+packages\/.*"/g)).toEqual([]);
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
    const testOf = (file: string) =>
      (file.startsWith("packages/") ? file.replace("/src/", "/__tests__/") : `__tests__/${file}`).replace(
        /\.ts$/,
        ".test.ts",
      );
    const sources = [...code("modules", "stacks", "tools"), ...packages.flatMap((folder) => code(`${folder}/src`))];
    const missing = sources.filter((file) => !existsSync(join(root, testOf(file))));
    expect(sources.filter((file) => file.startsWith("packages/")).length).toBeGreaterThan(30);
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
    const byName = offences(code("modules", "stacks"), /terraformResourceType: "aws_\w+"/g);
    expect(byName).toEqual([]); // a resource without its class
  });
  it("reads the provider's region by currentRegion only", () => {
    expect(offences(below, /lib\/data-aws-region"/g)).toEqual([
      'modules/common/current-region.ts: lib/data-aws-region"',
    ]);
  });
  it("has no inline security-group rules and no rule resource that mixes them", () => {
    expect(offences(code("modules", "stacks"), /lib\/security-group-rule"|^\s+(ingress|egress): \[/gm)).toEqual([]);
  });
});

it("names no folder beside the project", () => {
  const outside = offences(
    [
      ...everything,
      ...packages.flatMap((folder) => [`${folder}/README.md`, `${folder}/package.json`]),
      "README.md",
      ".ci/run",
      "package.json",
    ],
    /\.\.\/shared|\/work\/|\/root\/|\/opt\/tf/g,
  );
  expect(outside.filter((line) => !line.startsWith("__tests__/sources.test.ts"))).toEqual([]);
});
