import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { SynthesisFailed, synthesizeInto } from "@cdktf-ml-infra/rehearsal/internal/app";
import { chooseStacks, NoSuchStack, stacksIn } from "@cdktf-ml-infra/rehearsal/stacks";
import { judge } from "./judge";
import { CannotInstall, installPython, PythonTools, scannerEnv } from "./python-tools";
import { REASONS, type Reason } from "./reasons";
import { renderFinding, renderReasons, renderTables } from "./report";
import { scan } from "./scan";

export const USAGE = `usage: npm run policy -- [options] [stack ...]

Synthesizes the stacks and has them checked by checkov, and every IAM policy in them by parliament and cloudsplaining. A
finding for which no reason stands in tools/policy/reasons.ts fails. A stack is an id or a pattern such as 'prod-*', and
brings along those that it needs; without any, all stacks of all environments are checked (ENVIRONMENT=dev for those of one).

  --reasons  print every reason with what it is given for
  --help`;

/** What the scanners need, and where it is installed, in the folder of the project. */
export const REQUIREMENTS = "requirements-policy.txt";
export const FOLDER = ".venv-policy";

/** A way to call this that it does not know. */
class BadUsage extends Error {}

function read(args: string[]) {
  try {
    const options = { reasons: { type: "boolean" }, help: { type: "boolean" } } as const;
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    return { ...values, patterns: positionals };
  } catch (error) {
    throw new BadUsage((error as Error).message);
  }
}

/** Where the command is called, and what ends it. */
export interface Surroundings {
  /** Folder of the project: the one with cdktf.json. */
  project: string;
  env: NodeJS.ProcessEnv;
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown };
  signal?: AbortSignal;
  /** Another list than the project's own. */
  reasons?: readonly Reason[];
}

async function check({ patterns, reasons: all }: ReturnType<typeof read>, scratch: string, place: Surroundings) {
  const { project, env, stdout, stderr, signal, reasons = REASONS } = place;
  const outdir = join(scratch, "cdktf.out");
  await synthesizeInto(outdir, project, env, signal);
  const stacks = stacksIn(outdir);
  const chosen = chooseStacks(stacks, patterns);
  const folder = await installPython(join(project, REQUIREMENTS), join(project, FOLDER), { env, signal });
  const tools = new PythonTools(folder, scannerEnv(env, scratch), signal);
  const results = await scan(chosen, tools, scratch, stacks);
  const judgement = judge(
    results.flatMap(({ findings }) => findings),
    reasons,
  );
  const { accepted, open } = judgement;
  stdout.write(`${renderTables(results, open)}\n`);
  if (all && accepted.length > 0) stdout.write(`\n${renderReasons(judgement)}\n`);
  stdout.write(`\n${accepted.length} findings have a reason, ${open.length} have none\n`);
  for (const finding of open) stderr.write(`${renderFinding(finding)}\n`);
  return open.length === 0 ? 0 : 1;
}

/** What the user is told without a stack trace, and the status that goes with it. */
const STATUS: [new (message?: string) => Error, number][] = [
  [BadUsage, 2],
  [NoSuchStack, 2],
  [CannotInstall, 2],
  [SynthesisFailed, 1],
];

/** Does what the words after `npm run policy --` say; gives the exit status. */
export async function command(args: string[], surroundings: Surroundings): Promise<number> {
  const { stdout, stderr } = surroundings;
  const scratch = mkdtempSync(join(tmpdir(), "policy-"));
  try {
    const call = read(args);
    if (!call.help) return await check(call, scratch, surroundings);
    stdout.write(`${USAGE}\n`);
    return 0;
  } catch (error) {
    const { message } = error as Error;
    const [, status] = STATUS.find(([type]) => error instanceof type) ?? [];
    if (status === undefined) throw error;
    stderr.write(error instanceof BadUsage ? `${message}\n\n${USAGE}\n` : `${message}\n`);
    return status;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
