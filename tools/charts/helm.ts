import { type ExecFileException, execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Chart } from "../../modules/kube/charts";
import { mergeValues } from "../../modules/kube/helm-chart";
import type { KubeObject } from "./facts";

/** A release to render. */
export interface ReleaseToRender {
  readonly name: string;
  readonly namespace: string;
  /** Values as the release has them: documents of JSON. */
  readonly values: readonly string[];
}

/** Kubernetes that the charts are rendered for. */
const KUBERNETES = "1.35.0";
/** Kinds that charts ask for before they make objects of them. */
const KNOWN_KINDS = ["monitoring.coreos.com/v1"];

const run = promisify(execFile);

/** Helm cannot be run. */
export class NoHelm extends Error {}

/** Codes with which the system refuses to start a program: it is not there, or it is no program. */
const NOT_STARTED = new Set<unknown>(["ENOENT", "EACCES", "ENOTDIR"]);
const orNoHelm = (program: string, error: unknown) =>
  NOT_STARTED.has((error as ExecFileException).code)
    ? new NoHelm(`${program} cannot be run: install Helm 3, or name it in HELM`)
    : error;

/** Helm's command: `helm`, or the program that the environment variable HELM names. */
const helmProgram = () => process.env.HELM || "helm";

/** @throws NoHelm */
function helm(...args: string[]): string {
  const program = helmProgram();
  try {
    return execFileSync(program, args, { encoding: "utf8", maxBuffer: 2 ** 28 });
  } catch (error) {
    throw orNoHelm(program, error);
  }
}

/** Arguments by which Helm finds a chart: by its name in a repository's index, or by its path in a registry. */
const sourceOf = ({ repository, chart }: Chart): string[] =>
  repository.startsWith("oci://") ? [`${repository}/${chart}`] : [chart, "--repo", repository];

/** Downloads a chart and unpacks it; returns its folder. */
export function pulled(chart: Chart, into: string): string {
  helm("pull", ...sourceOf(chart), "--version", chart.version, "--untar", "--untardir", into);
  return join(into, chart.chart);
}

/** Milliseconds that a repository has for its answer. */
const PATIENCE = 60_000;

/**
 * Newest version of a chart that its repository has, without pre-releases, or why it cannot be told.
 *
 * @throws NoHelm
 */
export async function newestOf(chart: Chart): Promise<{ version: string } | { problem: string }> {
  const program = helmProgram();
  try {
    const { stdout } = await run(program, ["show", "chart", ...sourceOf(chart)], { timeout: PATIENCE });
    const { version } = readYaml({ chart: stdout }).chart ?? {};
    return version ? { version: String(version) } : { problem: "Helm names no version" };
  } catch (thrown) {
    const error = orNoHelm(program, thrown);
    if (error instanceof NoHelm) throw error;
    const { killed, stderr } = error as ExecFileException;
    const said = stderr
      ?.trim()
      .split("\n")
      .at(-1)
      ?.replace(/^Error: /, "");
    return { problem: killed ? `no answer within ${PATIENCE / 1000} s` : said || String(error) };
  }
}

/** The objects of a release of the chart in `folder`, hooks and CRDs included. */
export function rendered(folder: string, { name, namespace, values }: ReleaseToRender): KubeObject[] {
  return inScratch((scratch) => {
    const files = values.map((text, index) => {
      const file = join(scratch, `values-${index}.json`);
      writeFileSync(file, text);
      return ["--values", file];
    });
    const place = ["--namespace", namespace, "--kube-version", KUBERNETES, "--include-crds"];
    const kinds = KNOWN_KINDS.flatMap((kind) => ["--api-versions", kind]);
    const text = helm("template", name, folder, ...place, ...kinds, ...files.flat());
    const documents = text.split(/^---.*$/m).map((document, index) => [String(index), document] as const);
    return Object.values(readYaml(Object.fromEntries(documents))).flatMap((object) =>
      object.kind === "List" ? object.items : object.kind ? [object] : [],
    );
  });
}

/** Chart.yaml, and the values of the chart with those of its parts under their names. */
export function chartFiles(folder: string): { chart: KubeObject; values: KubeObject } {
  const file = (name: string) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8") : "");
  const { chart, values } = readYaml({ chart: file("Chart.yaml"), values: file("values.yaml") });
  const names = new Map<string, string>(
    (chart.dependencies ?? []).map(({ name, alias }: KubeObject) => [name, alias ?? name]),
  );
  for (const part of partsIn(folder)) {
    const below = chartFiles(join(folder, "charts", part)).values;
    const name = names.get(part) ?? part;
    values[name] = mergeValues(below, values[name] ?? {});
  }
  return { chart, values };
}

const partsIn = (folder: string): string[] => {
  const charts = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => name === "charts");
  return charts.flatMap((entry) => (entry.isDirectory() ? readdirSync(join(folder, entry.name)).sort() : []));
};

/** Chart whose only template gives the documents of its folder as JSON: Helm is the reader of YAML here. */
const READER = {
  "Chart.yaml": "apiVersion: v2\nname: reader\nversion: 0.0.0\n",
  "templates/documents.yaml": [
    "{{ $all := dict }}",
    '{{ range $path, $_ := .Files.Glob "documents/*" }}',
    "{{ $_ := set $all (base $path) ($.Files.Get $path | fromYaml) }}",
    "{{ end }}",
    '{{ toJson (dict "documents" $all) }}',
  ].join(""),
};

/** Reads documents of YAML by name; what is empty gives an empty object. */
export function readYaml(documents: Readonly<Record<string, string>>): Record<string, KubeObject> {
  return inScratch((folder) => {
    for (const below of ["templates", "documents"]) mkdirSync(join(folder, below));
    for (const [path, text] of Object.entries(READER)) writeFileSync(join(folder, path), text);
    for (const [name, text] of Object.entries(documents)) writeFileSync(join(folder, "documents", name), text);
    const text = helm("template", "reader", folder);
    const read = JSON.parse(text.slice(text.indexOf("\n{") + 1)).documents as Record<string, KubeObject>;
    for (const [name, { Error: message }] of Object.entries(read)) {
      if (message) throw new Error(`document ${name}: ${message}`);
    }
    return read;
  });
}

function inScratch<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "charts-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
