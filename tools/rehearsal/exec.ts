import { type ChildProcess, spawn } from "node:child_process";
import { symlinkSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, join } from "node:path";
import { appConfig, CONFIG_FILE } from "./app";

const LOADER = join(__dirname, "..", "typescript-loader.js");
const LOCAL_APP = join(__dirname, "local-app.ts");

/**
 * Makes `scratch` a project of its own, in which cdktf synthesizes the app of `project` with local state, so that
 * whatever is deployed there leaves the state of the real project alone.
 */
export function makeScratchProject(scratch: string, project: string): void {
  const app = ["node", "-r", LOADER, LOCAL_APP, project, join(scratch, "states")].map(quoted).join(" ");
  const config = { ...appConfig(project), app, output: "cdktf.out", sendCrashReports: "false" };
  writeFileSync(join(scratch, CONFIG_FILE), JSON.stringify(config, undefined, 2));
  symlinkSync(join(project, "node_modules"), join(scratch, "node_modules"));
}

const quoted = (word: string) => (/^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** The environment with the programs of the project's packages on the path. */
export const withPrograms = (env: NodeJS.ProcessEnv, project: string): NodeJS.ProcessEnv => ({
  ...env,
  PATH: [join(project, "node_modules", ".bin"), env.PATH].filter(Boolean).join(delimiter),
});

/**
 * Runs a command at this keyboard and screen to its end; gives its exit status. One word alone is taken as a whole line
 * for the shell; no word at all starts the user's shell.
 */
export function runCommand(
  words: readonly string[],
  { cwd, env, signal }: { cwd: string; env: NodeJS.ProcessEnv; signal?: AbortSignal },
): Promise<number> {
  const [file = env.SHELL || "sh", ...args] = words;
  return new Promise((resolve, reject) => {
    const child: ChildProcess = spawn(file, args, { cwd, env, shell: words.length === 1, stdio: "inherit" });
    const stop = () => child.kill();
    signal?.addEventListener("abort", stop);
    child.once("error", reject);
    child.once("close", (status, by) => {
      signal?.removeEventListener("abort", stop);
      resolve(status ?? 128 + (by ? constants.signals[by] : 0));
    });
  });
}
