import type { Chart } from "../../modules/kube/charts";
import { NoHelm, newestOf } from "../charts/helm";

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

/** What could be found out of the charts. */
export interface ChartPins {
  readonly pins: readonly ChartPin[];
  /** Why newest versions are unknown, a line each. */
  readonly problems: readonly string[];
}

/** Charts that are asked for at a time. */
const AT_ONCE = 4;
const { compare } = new Intl.Collator("en", { numeric: true });

/** Compares every pin with what its repository has; without Helm every newest version is unknown. */
export async function chartPins(charts: Readonly<Record<string, Chart>>): Promise<ChartPins> {
  const entries = Object.entries(charts);
  try {
    const pins = await comparedPins(entries);
    return { pins, problems: pins.flatMap(({ chart, problem }) => (problem ? [`${chart}: ${problem}`] : [])) };
  } catch (error) {
    if (!(error instanceof NoHelm)) throw error;
    const { message: problem } = error;
    const pins = entries.map(([chart, { version: pin }]) => ({ chart, pin, state: "unknown" as const, problem }));
    return { pins, problems: [problem] };
  }
}

async function comparedPins(entries: [key: string, chart: Chart][]): Promise<ChartPin[]> {
  const pins: ChartPin[] = [];
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
