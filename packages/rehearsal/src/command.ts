import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { SynthesisFailed, synthesizeInto } from "./app";
import { absolute, makeScratchProject, runCommand, withPrograms } from "./exec";
import { existingIn, InvalidExisting } from "./existing";
import { ForeignState } from "./local-state";
import { Progress, type Screen } from "./progress";
import { rehearseStacks } from "./rehearsal";
import { type Report, summaryLine } from "./report";
import { chooseStacks, NoSuchStack, stacksIn } from "./stacks";
import { CannotRehearse, findTerraform, setStage } from "./stage";
import { closedEnvironment } from "./terraform";

export const USAGE = `usage: npm run rehearse -- [options] [stack ...]
       npm run rehearse -- [--keep] exec [command ...]

Deploys stacks with the real terraform to a simulated AWS, in dependency order: init, validate, plan, apply, a second
plan that must be empty, destroy. A stack is an id or a pattern such as 'dev-*'; its dependencies are included. Default:
all stacks of the app.

exec runs a command, or a shell, in a copy of the app with local state, where terraform and cdktf use the simulated AWS:
exec cdktf deploy --skip-provider-lock --auto-approve 'dev-*'

  --json      print only a report, as JSON
  --jobs <n>  number of parallel stacks (default: one per core)
  --keep      keep the scratch folder and print its path
  --help`;

/** Invalid arguments. */
class BadUsage extends Error {}

const OPTIONS = {
  json: { type: "boolean" },
  jobs: { type: "string" },
  keep: { type: "boolean" },
  help: { type: "boolean" },
} as const;

function read(args: string[]) {
  const exec = args.findIndex((word) => !word.startsWith("-"));
  const isExec = args[exec] === "exec";
  const command = isExec ? args.slice(exec + 1) : undefined;
  try {
    const { values, positionals } = parseArgs({
      args: isExec ? args.slice(0, exec) : args,
      options: OPTIONS,
      allowPositionals: true,
    });
    const jobs = values.jobs === undefined ? undefined : Number(values.jobs);
    if (jobs !== undefined && !(Number.isInteger(jobs) && jobs > 0)) {
      throw new BadUsage(`--jobs: must be an integer of at least 1, got ${values.jobs}`);
    }
    if (isExec && (values.json || jobs)) throw new BadUsage("exec: the only option is --keep");
    return { ...values, jobs, command, patterns: positionals };
  } catch (error) {
    throw error instanceof BadUsage ? error : new BadUsage((error as Error).message);
  }
}

type Call = ReturnType<typeof read>;

/** Where the command runs. */
export interface Surroundings {
  /** Folder of the project, with cdktf.json. */
  project: string;
  env: NodeJS.ProcessEnv;
  /** Options of this Node.js process, such as `-r` and a TypeScript loader. */
  execArgv: readonly string[];
  stdout: Screen;
  stderr: Screen;
  signal: AbortSignal;
}

type Place = Surroundings & { scratch: string };

async function rehearse({ json, jobs, keep, patterns }: Call, place: Place): Promise<number> {
  const { scratch, env, signal, stdout, stderr } = place;
  const start = performance.now();
  const { program, version } = findTerraform(env);
  const report: Report = { passed: false, terraform: version, seconds: 0, ...(keep && { kept: scratch }), stacks: [] };
  try {
    const stacks = chooseStacks(await synthesized(place), patterns);
    const stage = await setStage(stacks, scratch, { program, env, signal, providers: existingIn(place.project) });
    const listener = json
      ? undefined
      : new Progress(
          stdout,
          stacks.map(({ id }) => id),
        );
    try {
      report.stacks = await rehearseStacks(stage.stacks, { terraform: stage.terraform, jobs, listener });
    } finally {
      listener?.clear();
      stage.close();
    }
    report.passed = report.stacks.every(({ verdict }) => verdict === "passed");
  } catch (error) {
    if (!(error instanceof SynthesisFailed || error instanceof ForeignState)) throw error;
    report.error = error.message;
  }
  report.seconds = (performance.now() - start) / 1000;
  if (json) stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
  else if (report.error) stderr.write(`${report.error}\n`);
  else stdout.write(`${summaryLine(report)}\n`);
  return report.passed ? 0 : 1;
}

/** Synthesizes the app into the scratch folder and reads the stacks. */
async function synthesized({ project, scratch, env, signal }: Place) {
  const outdir = join(scratch, "cdktf.out");
  await synthesizeInto(outdir, project, closedEnvironment(env, scratch, "{}"), signal);
  return stacksIn(outdir);
}

async function execute(command: readonly string[], place: Place): Promise<number> {
  const { project, scratch, env, execArgv, signal } = place;
  const { program } = findTerraform(env);
  const stacks = await synthesized(place);
  makeScratchProject(scratch, project, absolute(execArgv, process.cwd()));
  // every type, since the command may synthesize other stacks
  const stage = await setStage(stacks, scratch, {
    program,
    env,
    signal,
    providers: { types: undefined, ...existingIn(project) },
  });
  try {
    const { TF_IN_AUTOMATION: _, TF_INPUT: __, ...open } = stage.terraform.env;
    return await runCommand(command, { cwd: scratch, env: withPrograms(open, project), signal });
  } finally {
    stage.close();
  }
}

/** Exit status by error; these are reported without a stack trace. */
const STATUS: [new (message?: string) => Error, number][] = [
  [BadUsage, 2],
  [NoSuchStack, 2],
  [CannotRehearse, 2],
  [InvalidExisting, 2],
  [SynthesisFailed, 1],
  [ForeignState, 1],
];

/** Runs the command line of `npm run rehearse --`; returns the exit status. */
export async function command(args: string[], surroundings: Surroundings): Promise<number> {
  const { stdout, stderr } = surroundings;
  let scratch: string | undefined;
  let keep = false;
  try {
    const call = read(args);
    if (call.help) {
      stdout.write(`${USAGE}\n`);
      return 0;
    }
    keep = call.keep ?? false;
    scratch = mkdtempSync(join(tmpdir(), "rehearsal-"));
    const place = { ...surroundings, scratch };
    return await (call.command ? execute(call.command, place) : rehearse(call, place));
  } catch (error) {
    const { message } = error as Error;
    const [, status] = STATUS.find(([type]) => error instanceof type) ?? [];
    if (status === undefined) throw error;
    stderr.write(error instanceof BadUsage ? `${message}\n\n${USAGE}\n` : `${message}\n`);
    return status;
  } finally {
    if (scratch && keep) stderr.write(`kept: ${scratch}\n`);
    else if (scratch) rmSync(scratch, { recursive: true, force: true });
  }
}
