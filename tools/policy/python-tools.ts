import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { execute } from "../execute";

/** Python packages cannot be had, or Python itself. */
export class CannotInstall extends Error {}

/** Programs that are run to their end. */
export interface Programs {
  /** Gives what the program wrote, or fails with what it said. */
  run(program: string, args: string[], input?: string): Promise<string>;
}

/** Programs of a virtual environment, run with no settings and no home of whoever runs this. */
export class PythonTools implements Programs {
  constructor(
    private readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
    private readonly signal?: AbortSignal,
  ) {}

  async run(program: string, args: string[], input = ""): Promise<string> {
    const { status, stdout, stderr } = await execute(join(this.folder, "bin", program), args, {
      env: this.env,
      signal: this.signal,
      input,
    });
    if (status === 0) return stdout;
    throw new Error(`${program} ended with status ${status}:\n${stderr.trim() || stdout.trim()}`);
  }
}

/** Settings and keys of the scanners', of AWS's and of Python's own. */
const FOREIGN = /^(AWS_|BC_|CKV_|CHECKOV_|PRISMA_|PYTHON|LOG_LEVEL)/i;

/** The environment for scanners: `home` is the only place in which they find settings, and checkov asks PyPI for no newer one. */
export const scannerEnv = (own: NodeJS.ProcessEnv, home: string): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(own).filter(([name]) => !FOREIGN.test(name))),
  HOME: home,
  CKV_SKIP_PACKAGE_UPDATE_CHECK: "true",
});

/** Makes a virtual environment of what a requirements file pins, and anew when that file has changed. */
export async function installPython(
  requirements: string,
  folder: string,
  { env = process.env, signal }: { env?: NodeJS.ProcessEnv; signal?: AbortSignal } = {},
): Promise<string> {
  const stamp = join(folder, basename(requirements));
  const wanted = readFileSync(requirements, "utf8");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return resolve(folder);
  rmSync(folder, { recursive: true, force: true });
  const python = async (program: string, args: string[]) => {
    const { status, stderr } = await execute(program, args, { env, signal }).catch((error: Error) => {
      throw new CannotInstall(`${program} cannot be started, and Python 3.11 or later is needed: ${error.message}`);
    });
    if (status !== 0) {
      throw new CannotInstall(`${basename(requirements)} could not be installed by ${program}:\n${stderr.trim()}`);
    }
  };
  await python(env.PYTHON ?? "python3", ["-m", "venv", folder]);
  await python(join(folder, "bin", "python"), ["-m", "pip", "install", "--quiet", "--requirement", requirements]);
  writeFileSync(stamp, wanted); // last, so that an installation that was cut short is made again
  return resolve(folder);
}
