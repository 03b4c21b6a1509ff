import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import Table from "cli-table3";
import { dependencies } from "../../package.json";
import { alternately, type Command, median, summarize } from "./measure";
import { againstOthers, type SystemCost } from "./systems";

const root = resolve(__dirname, "../..");
const rounds = Number(process.argv[2] ?? 5);
const LOADER = ["-r", "./tools/typescript-loader.js"] as const;
/** Packages of the TypeScript template of `cdktf init`, which runs `npx ts-node main.ts`. */
const TEMPLATE_PACKAGES = ["ts-node@10.9.2", "typescript@5.9.3", "@types/node@20.19.43"];

/** A project with the same app, set up as by `cdktf init`. */
function templateProject(): string {
  const folder = mkdtempSync(join(tmpdir(), "bench-template-"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "template", private: true }));
  execFileSync("npm", ["install", "--no-audit", "--no-fund", ...TEMPLATE_PACKAGES], { cwd: folder, stdio: "ignore" });
  for (const name of ["main.ts", "environments", "modules", "stacks"]) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  for (const name of Object.keys(dependencies)) {
    mkdirSync(resolve(folder, "node_modules", name, ".."), { recursive: true });
    symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name));
  }
  const compilerOptions = {
    target: "ES2022",
    lib: ["ES2022"],
    module: "CommonJS",
    moduleResolution: "node",
    strict: true,
    resolveJsonModule: true,
    esModuleInterop: true,
    skipLibCheck: true,
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions }));
  return folder;
}

/** Four ways to synthesize the same app. */
async function ways(scratch: string, template: string) {
  const env = (name: string) => ({ ENVIRONMENT: "dev", CDKTF_OUTDIR: join(scratch, name), CI: "true" });
  const commands: Command[] = [
    { name: "floor: node, import cdktf", argv: ["node", "-e", "require('cdktf')"], cwd: root },
    { name: "npm run synth (dev)", argv: ["node", ...LOADER, "main.ts"], cwd: root, env: env("ours") },
    {
      name: "cdktf synth (dev)",
      argv: ["npx", "cdktf", "synth", "--output", join(scratch, "cli")],
      cwd: root,
      env: { ...env("cli"), CHECKPOINT_DISABLE: "1" },
    },
    { name: "npx ts-node main.ts (dev)", argv: ["npx", "ts-node", "main.ts"], cwd: template, env: env("template") },
  ];
  const runs = await alternately(commands, rounds);
  const summaries = commands.map(({ name }) => ({ name, ...summarize(runs.get(name) ?? []) }));
  const [floor, ours, , tsNode] = summaries.map(({ seconds }) => seconds);
  return {
    summaries,
    ratios: {
      "synth / floor": ratio(ours, floor),
      "ts-node / synth": ratio(tsNode, ours),
    },
  };
}

/** Growth with the number of environments and of runner pools, one process per size. */
function growth() {
  const rows = (kind: string, counts: number[]) => {
    const times = new Map<number, { stacks: number; seconds: number }[]>(counts.map((count) => [count, []]));
    for (let round = 0; round < rounds; round++) {
      for (const count of counts) {
        const script = join(__dirname, "scale.ts");
        const output = execFileSync("node", [...LOADER, script, kind, String(count)], { cwd: root, encoding: "utf8" });
        times.get(count)?.push(JSON.parse(output));
      }
    }
    return counts.map((count) => {
      const runs = times.get(count) ?? [];
      const seconds = median(runs.map((run) => run.seconds));
      const stacks = runs[0]?.stacks ?? 0;
      const perStack = Number(((seconds / stacks) * 1000).toFixed(2));
      return { kind, count, stacks, seconds: Number(seconds.toFixed(3)), msPerStack: perStack };
    });
  };
  const environments = rows("copies", [1, 10, 100]);
  const [, ten, hundred] = environments.map(({ msPerStack }) => msPerStack);
  return {
    summaries: [...environments, ...rows("pools", [1, 10, 100, 1000])],
    ratios: { "per stack, 100 copies / 10 copies": ratio(hundred, ten) },
  };
}

/** What each system adds to a synth of dev, one process for all. */
function systems() {
  const script = join(__dirname, "systems.ts");
  const output = execFileSync("node", [...LOADER, script, String(rounds)], { cwd: root, encoding: "utf8" });
  const summaries: SystemCost[] = JSON.parse(output);
  return { summaries, ratios: { "per resource, dask / other systems": againstOthers(summaries, "dask") } };
}

/** Bounds of ratios. */
const TARGETS: Record<string, { most: number } | { least: number }> = {
  "synth / floor": { most: 3 },
  "ts-node / synth": { least: 5 },
  "per stack, 100 copies / 10 copies": { most: 1.2 },
  "per resource, dask / other systems": { most: 1 },
};

/** Each measured ratio, its target, and whether the target is met. */
export const verdicts = (ratios: Record<string, number>) =>
  Object.entries(ratios).map(([name, value]) => {
    const target = TARGETS[name];
    if (!target) throw new RangeError(`no target for ${name}`);
    const kept = "most" in target ? value <= target.most : value >= target.least;
    return {
      ratio: name,
      value,
      target: "most" in target ? `<= ${target.most}` : `>= ${target.least}`,
      kept: kept ? "yes" : "no",
    };
  });

const ratio = (a = Number.NaN, b = Number.NaN) => Number((a / b).toFixed(2));

function show(rows: Record<string, string | number>[]) {
  const table = new Table({ head: Object.keys(rows[0] ?? {}), style: { head: [], border: [] } });
  table.push(...rows.map((row) => Object.values(row)));
  console.error(table.toString());
}

async function main() {
  const scratch = mkdtempSync(join(tmpdir(), "bench-"));
  const template = templateProject();
  try {
    const report = { rounds, ways: await ways(scratch, template), growth: growth(), systems: systems() };
    show(report.ways.summaries);
    show(report.growth.summaries);
    show(report.systems.summaries.map((cost) => ({ ...cost })));
    show(verdicts({ ...report.ways.ratios, ...report.growth.ratios, ...report.systems.ratios }));
    console.log(JSON.stringify(report, null, 2));
  } finally {
    rmSync(scratch, { recursive: true });
    rmSync(template, { recursive: true });
  }
}

if (require.main === module) main();
