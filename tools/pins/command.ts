import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { SynthesisFailed, synthesizeInto } from "@cdktf-ml-infra/rehearsal/internal/app";
import { stacksIn } from "@cdktf-ml-infra/rehearsal/stacks";
import Table from "cli-table3";
import { CHARTS, type Chart } from "../../modules/kube/charts";
import { type ChartPin, chartPins } from "./chart-pins";
import { type ClusterPin, clusterPins, tableProblem } from "./cluster-pins";

export const USAGE = `usage: npm run pins -- [options]

Tells for each Helm chart the newest version in its repository, and for each cluster until when EKS supports its Kubernetes
version, and what extended support costs. The charts need Helm 3.8 or later, and HELM names another program than helm.
ENVIRONMENT=dev for the clusters of one environment.

  --json  print both tables as JSON
  --help

Ends with 0 if all is current and supported, with 1 if something is old, with 2 if charts cannot be compared,
for want of Helm or of a repository's answer.`;

/** A way to call this that it does not know. */
class BadUsage extends Error {}

/** Where the command is called. */
export interface Surroundings {
  /** Folder of the project: the one with cdktf.json. */
  project: string;
  env: NodeJS.ProcessEnv;
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown };
  now: Date;
  /** Other charts than the project's own. */
  charts?: Readonly<Record<string, Chart>>;
}

function read(args: string[]) {
  try {
    return parseArgs({ args, options: { json: { type: "boolean" }, help: { type: "boolean" } } as const }).values;
  } catch (error) {
    throw new BadUsage((error as Error).message);
  }
}

/** The clusters of all stacks. */
async function clusters({ project, env }: Surroundings, today: string): Promise<ClusterPin[]> {
  const scratch = mkdtempSync(join(tmpdir(), "pins-"));
  try {
    await synthesizeInto(scratch, project, env);
    return stacksIn(scratch).flatMap(({ id, json }) => clusterPins(id, json, today));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

async function tell(json: boolean | undefined, place: Surroundings): Promise<number> {
  const { stdout, stderr, now } = place;
  const today = now.toISOString().slice(0, 10);
  const kubernetes = await clusters(place, today);
  const { pins: charts, problems } = await chartPins(place.charts ?? CHARTS);
  if (json) stdout.write(`${JSON.stringify({ day: today, charts, kubernetes }, null, 2)}\n`);
  else stdout.write(`${chartTable(charts)}\n\n${clusterTable(kubernetes)}\n`);
  const stale = tableProblem(today);
  for (const line of [...problems, ...(stale ? [stale] : [])]) stderr.write(`${line}\n`);
  if (problems.length > 0) return 2;
  const isOld = charts.some(({ state }) => state === "old") || kubernetes.some(({ support }) => BEHIND.has(support));
  return isOld || stale ? 1 : 0;
}

const BEHIND = new Set<ClusterPin["support"]>(["extended", "ended"]);
const PLAIN = { head: [], border: [] };

function chartTable(pins: readonly ChartPin[]): string {
  const table = new Table({ head: ["chart", "pin", "newest", ""], style: PLAIN });
  table.push(...pins.map(({ chart, pin, newest = "not known", state }) => [chart, pin, newest, state]));
  return table.toString();
}

function clusterTable(pins: readonly ClusterPin[]): string {
  const head = ["cluster of", "Kubernetes", "support", "standard until", "days", "then", "extended support a month"];
  const table = new Table({ head, style: PLAIN, colAligns: head.map((name) => (name === "days" ? "right" : "left")) });
  const rows = pins.map(({ stack, version, support, standardUntil, daysLeft, supportType, extendedMonthly }) => [
    stack,
    version,
    support,
    standardUntil ?? "not known",
    daysLeft === undefined ? "" : String(daysLeft),
    supportType === "EXTENDED" ? "kept for a fee" : "upgraded",
    extendedMonthly === undefined ? "no price" : `$${extendedMonthly.toFixed(2)}`,
  ]);
  table.push(...rows);
  return table.toString();
}

/** What the user is told without a stack trace, and the status that goes with it. */
const STATUS: [new (message?: string) => Error, number][] = [
  [BadUsage, 2],
  [SynthesisFailed, 2],
];

/** Does what the words after `npm run pins --` say; gives the exit status. */
export async function command(args: string[], surroundings: Surroundings): Promise<number> {
  const { stdout, stderr } = surroundings;
  try {
    const { json, help } = read(args);
    if (!help) return await tell(json, surroundings);
    stdout.write(`${USAGE}\n`);
    return 0;
  } catch (error) {
    const { message } = error as Error;
    const [, status] = STATUS.find(([type]) => error instanceof type) ?? [];
    if (status === undefined) throw error;
    stderr.write(error instanceof BadUsage ? `${message}\n\n${USAGE}\n` : `${message}\n`);
    return status;
  }
}
