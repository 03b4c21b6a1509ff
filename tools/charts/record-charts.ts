import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHARTS, type ChartKey } from "../../modules/kube/charts";
import { type ChartFacts, factsOf, valueTree } from "./facts";
import { chartFiles, NoHelm, pulled, rendered } from "./helm";
import { releasesOfCharts } from "./releases";

/**
 * `npm run record-charts`: reads every chart at its pin and writes what is true of it to {@link RECORD}, which the tests hold
 * this project's values, ports and orders against. Needs Helm 3. With `-- <folder>` the charts are taken from there, each
 * unpacked in a folder of its key in the table; one of another version is recorded as such.
 * Ends with 2 where Helm cannot be run.
 */
const RECORD = "__tests__/modules/kube/chart-facts.json";
const [folder] = process.argv.slice(2);

const releases = releasesOfCharts();
const scratch = mkdtempSync(join(tmpdir(), "charts-"));
try {
  const facts = Object.fromEntries((Object.keys(CHARTS) as ChartKey[]).sort().map((key) => [key, read(key)]));
  writeFileSync(RECORD, `${JSON.stringify(facts)}\n`);
} catch (error) {
  if (!(error instanceof NoHelm)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
} finally {
  rmSync(scratch, { recursive: true });
}

function read(key: ChartKey): ChartFacts {
  const { version } = CHARTS[key];
  const release = releases[key];
  if (!release) throw new Error(`${key}: has no release to render: add it to RECORDED in releases.ts`);
  const place = folder ? join(folder, key) : pulled(CHARTS[key], scratch);
  const { chart, values } = chartFiles(place);
  return {
    version,
    ...(chart.version !== version && { seen: chart.version }),
    ...(chart.appVersion && { appVersion: chart.appVersion }),
    ...(chart.kubeVersion && { kubeVersion: chart.kubeVersion }),
    values: valueTree(values),
    rendered: factsOf(rendered(place, release), release.namespace),
  };
}
