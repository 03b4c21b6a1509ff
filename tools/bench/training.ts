import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import Table from "cli-table3";
import { installPython } from "../policy/python-tools";

const root = resolve(__dirname, "../..");

/** What `training.py` measures. */
export interface TrainingReport {
  readonly jobs: number;
  /** Jobs per second by the number of workers. */
  readonly rates: readonly { readonly workers: number; readonly original: number; readonly ours: number }[];
  /** Seconds from a warning to a visible message: each, and their median. */
  readonly warnings: readonly number[];
  readonly warningMedian: number;
}

/** Least ratio of jobs per second to those of the original loop, and most seconds from a warning to a visible message. */
const TARGETS = { ratio: 3, warningSeconds: 1 };

/** Each measured figure, its target, and whether the target is met. */
export function trainingVerdicts({ rates, warningMedian }: TrainingReport) {
  const kept = (yes: boolean) => (yes ? "yes" : "no");
  return [
    ...rates.map(({ workers, original, ours }) => {
      const value = Number((ours / original).toFixed(2));
      const figure = `jobs per second by the original's, ${workers} ${workers === 1 ? "worker" : "workers"}`;
      return { figure, value, target: `>= ${TARGETS.ratio}`, kept: kept(value >= TARGETS.ratio) };
    }),
    {
      figure: "seconds from a warning to a visible message, median",
      value: warningMedian,
      target: `< ${TARGETS.warningSeconds}`,
      kept: kept(warningMedian < TARGETS.warningSeconds),
    },
  ];
}

/** Runs the measurement against a moto of its own. */
async function measureTraining(jobs: number, warnings: number): Promise<TrainingReport> {
  const moto = join(
    await installPython(join(root, "requirements-test.txt"), join(root, ".venv")),
    "bin",
    "moto_server",
  );
  const python = await installPython(join(root, "requirements-training.txt"), join(root, ".venv-training"));
  const server = spawn(moto, ["-H", "127.0.0.1", "-p", "0"], { stdio: ["ignore", "ignore", "pipe"] });
  try {
    const url = await new Promise<string>((found, fail) => {
      server.once("error", fail).once("exit", () => fail(new Error("moto did not start")));
      createInterface({ input: server.stderr }).on("line", (line) => {
        const address = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1];
        if (address) found(address);
      });
    });
    const child = spawn(
      join(python, "bin", "python"),
      [join(__dirname, "training.py"), "measure", `${jobs}`, `${warnings}`],
      {
        stdio: ["ignore", "pipe", "inherit"],
        env: {
          ...process.env,
          PYTHONPATH: join(root, "assets", "training", "src"),
          PYTHONDONTWRITEBYTECODE: "1",
          AWS_ENDPOINT_URL: url,
          AWS_ACCESS_KEY_ID: "bench",
          AWS_SECRET_ACCESS_KEY: "bench",
          AWS_DEFAULT_REGION: "us-east-1",
        },
      },
    );
    const output: Buffer[] = [];
    child.stdout.on("data", (chunk) => output.push(chunk));
    const status = await new Promise<number | null>((done, fail) => child.on("error", fail).on("close", done));
    if (status !== 0) throw new Error(`training.py ended with status ${status}`);
    return JSON.parse(Buffer.concat(output).toString());
  } finally {
    server.kill();
  }
}

/** `training.ts 300 15`: jobs for each count of workers, and warnings. */
async function main() {
  const report = await measureTraining(Number(process.argv[2] ?? 300), Number(process.argv[3] ?? 15));
  for (const rows of [report.rates, trainingVerdicts(report)]) {
    const table = new Table({ head: Object.keys(rows[0] ?? {}), style: { head: [], border: [] } });
    table.push(...rows.map((row) => Object.values(row)));
    console.error(table.toString());
  }
  console.log(JSON.stringify(report, null, 2));
}

if (require.main === module) main();
