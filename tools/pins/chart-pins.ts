import type { Chart } from "../../modules/kube/charts";
import { newestOf } from "../charts/helm";

/** A chart's pin beside what its repository has. */
export interface ChartPin {
  /** Key in the table of charts. */
  readonly chart: string;
  readonly pin: string;
  /** Newest version in the repository, without pre-releases; absent when it cannot be told. */
  readonly newest?: string;
  readonly state: "current" | "old" | "unknown";
  /** Why the newest version is unknown. */
  readonly problem?: string;
}

/** Charts that are asked for at a time. */
const AT_ONCE = 4;
const { compare } = new Intl.Collator("en", { numeric: true });

/** Compares every pin with what its repository has. */
export async function chartPins(charts: Readonly<Record<string, Chart>>): Promise<ChartPin[]> {
  const pins: ChartPin[] = [];
  const entries = Object.entries(charts);
  for (let first = 0; first < entries.length; first += AT_ONCE) {
    pins.push(...(await Promise.all(entries.slice(first, first + AT_ONCE).map(([key, chart]) => pinOf(key, chart)))));
  }
  return pins;
}

async function pinOf(key: string, chart: Chart): Promise<ChartPin> {
  const answer = await newestOf(chart);
  const pin = { chart: key, pin: chart.version };
  if ("problem" in answer) return { ...pin, state: "unknown", problem: `${chart.repository}: ${answer.problem}` };
  const isOld = compare(plain(answer.version), plain(chart.version)) > 0;
  return { ...pin, newest: answer.version, state: isOld ? "old" : "current" };
}

/** A version without its v, of which some charts have one in one release and none in another. */
const plain = (version: string) => version.replace(/^v/, "");
