import { readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { Manifest } from "cdktf";
import Table from "cli-table3";
import { type CostEstimate, estimateMonthlyCost } from "../../modules/cost/estimate";
import { formatCost, totalOf } from "../../modules/cost/format";
import type { StackJson } from "../../modules/cost/stack-json";

/** Contents of a synthesized stack, read from its Terraform JSON. */
export interface StackSummary {
  id: string;
  environment: string;
  system: string;
  description: string;
  resources: number;
  /** Resource types without the `aws_` prefix and their number, in descending order. */
  types: [type: string, count: number][];
  /** Ids of the dependencies. */
  needs: string[];
  /** Monthly cost of the resources before usage. */
  cost: Pick<CostEstimate, "total" | "currency" | "unpriced">;
  /** Folder or bucket prefix of the state file, which is `<stack id>.tfstate`. */
  state: string;
  /** Warnings of constructs, each with the construct's path. */
  warnings: string[];
}

interface SynthesizedStack extends StackJson {
  "//": { metadata: { description: string } };
  provider: { aws: { default_tags: { tags: Record<string, string> }[] }[] };
  terraform: { backend: { local?: { path: string }; s3?: { bucket: string; key: string } } };
}

/** Reads the stacks that the last synth wrote to `outdir`, in dependency order. */
export function readStacks(outdir: string): StackSummary[] {
  const { stacks } = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")) as Manifest;
  const ordered = new Set<string>();
  const visit = (id: string) => {
    for (const needed of stacks[id]?.dependencies ?? []) visit(needed);
    ordered.add(id);
  };
  for (const id of Object.keys(stacks)) visit(id);

  return [...ordered].map((id) => {
    const { annotations, dependencies, synthesizedStackPath, workingDirectory } = stacks[
      id
    ] as Manifest["stacks"][string];
    const stack = JSON.parse(readFileSync(join(outdir, synthesizedStackPath), "utf8")) as SynthesizedStack;
    const tags = stack.provider.aws[0]?.default_tags[0]?.tags ?? {};
    const types = Object.entries(stack.resource ?? {})
      .map(([type, made]): [string, number] => [type.replace(/^aws_/, ""), Object.keys(made).length])
      .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    const { local, s3 } = stack.terraform.backend;
    return {
      id,
      environment: tags.Environment ?? "",
      system: tags.System ?? "",
      description: stack["//"].metadata.description,
      resources: types.reduce((sum, [, count]) => sum + count, 0),
      types,
      needs: dependencies,
      cost: estimateMonthlyCost(stack),
      state: s3
        ? `s3://${s3.bucket}/${dirname(s3.key)}`
        : relative("", dirname(resolve(outdir, workingDirectory, local?.path ?? ""))),
      warnings: annotations.map(({ constructPath, message }) => `${constructPath}: ${message}`),
    };
  });
}

/** Removes the folders of stacks that are no longer synthesized, as cdktf does. */
export function removeStale(outdir: string, stacks: readonly StackSummary[]): void {
  const folder = join(outdir, "stacks");
  const ids = new Set(stacks.map(({ id }) => id));
  for (const stale of readdirSync(folder).filter((id) => !ids.has(id))) {
    rmSync(join(folder, stale), { recursive: true });
  }
}

/** Number of types that the table lists per stack. */
const LISTED_TYPES = 3;
const HEAD = ["stack", "resources, cost before usage", "needs", "state in"];

/** Renders the stacks as a table of about `width` columns. */
export function renderTable(stacks: readonly StackSummary[], width: number): string {
  const rows = stacks.map(({ id, environment, system, description, resources, types, cost, needs, state }) => {
    const listed = types.slice(0, LISTED_TYPES).map(([type, count]) => `${count} ${type}`);
    const more = types.length > LISTED_TYPES ? [`${types.length - LISTED_TYPES} more types`] : [];
    const layers = needs.map((needed) => needed.replace(`${environment}-${system}-`, ""));
    const place = state.replace(/(?<=^s3:\/\/.*)\//, "\n/"); // the name of a bucket fills a column
    const what = [`${resources}, ${formatCost(cost)} a month`, ...listed, ...more].join("\n");
    return [`${id}\n${description}`, what, layers.join("\n") || "-", place];
  });
  const longest = (column: number) =>
    2 + Math.max(...[HEAD, ...rows].flatMap((row) => (row[column] ?? "").split("\n").map((line) => line.length)));
  const ids = Math.max(...stacks.map(({ id }) => id.length), HEAD[0]?.length ?? 0) + 2;
  const rest = width - ids - longest(2) - longest(3) - HEAD.length - 1; // ids are not wrapped, so that they can be copied
  const table = new Table({
    head: HEAD,
    colWidths: [ids, Math.min(Math.max(rest, 30), longest(1)), longest(2), longest(3)],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  table.push(...rows);
  return table.toString();
}

const MOST_ON_A_LINE = 3;

/** The next commands for the first environment that has a system. */
export function nextCommands(stacks: readonly StackSummary[], outdir: string): string[] {
  const first = stacks.find(({ system }) => system !== "state");
  if (!first) return ["add a system such as exadeploy to an environment in environments/: there are no stacks"];
  const { environment, system } = first;
  const state = stacks.find((stack) => stack.environment === environment && stack.system === "state");
  return [
    ...(state ? [`npx cdktf deploy ${state.id}   # once: the bucket for the state of the other stacks`] : []),
    `npx cdktf diff ${first.id}   # what would change in AWS`,
    `npx cdktf deploy '${environment}-${system}-*'   # all of the system, in order`,
    `cd ${join(outdir, "stacks", first.id)} && terraform init && terraform plan   # without the cdktf command`,
  ];
}

/** Monthly cost of each environment before usage, and what has no price: a line for each type where it is much. */
export function costLines(stacks: readonly StackSummary[]): string[] {
  const environments = [...new Set(stacks.map(({ environment }) => environment))];
  return environments.flatMap((environment) => {
    const costs = stacks.filter((stack) => stack.environment === environment).map(({ cost }) => cost);
    const total = totalOf(costs);
    const line = `${environment}: ${formatCost(total)} a month`;
    if (total.unpriced.length === 0) return [line];
    if (total.unpriced.length <= MOST_ON_A_LINE) return [`${line}: ${total.unpriced.join(", ")}`];
    const types = [...new Set(total.unpriced.map((address) => `${address.split(".")[0]}.`))];
    return [`${line}:`, ...types.map((type) => `  ${total.unpriced.filter((one) => one.startsWith(type)).join(", ")}`)];
  });
}
