import { type ChildProcess, spawn } from "node:child_process";
import { symlinkSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { appConfig, CONFIG_FILE } from "./app";

const LOCAL_APP = join(__dirname, "local-app.ts");

/**
 * Makes `scratch` a project in which cdktf synthesizes the app of `project` with local state, so that a deployment there
 * leaves the real state alone. `nodeOptions` are options for the Node.js that runs this package's files.
 */
export function makeScratchProject(scratch: string, project: string, nodeOptions: readonly string[]): void {
  const app = ["node", ...nodeOptions, LOCAL_APP, project, join(scratch, "states")].map(quoted).join(" ");
  const config = { ...appConfig(project), app, output: "cdktf.out", sendCrashReports: "false" };
  writeFileSync(join(scratch, CONFIG_FILE), JSON.stringify(config, undefined, 2));
  symlinkSync(join(project, "node_modules"), join(scratch, "node_modules"));
}

const quoted = (word: string) => (/^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** Options of a Node.js process, such as `-r ./loader.js`, with absolute paths, so that they work in any folder. */
export const absolute = (execArgv: readonly string[], cwd: string): string[] =>
  execArgv.map((word) =>
    word.replace(/^(--[\w-]+=)?(\.\.?\/.*)$/, (_, option = "", path) => option + resolve(cwd, path)),
  );

/** The environment with the programs of the project's packages on the path. */
export const withPrograms = (env: NodeJS.ProcessEnv, project: string): NodeJS.ProcessEnv => ({
  ...env,
  PATH: [join(project, "node_modules", ".bin"), env.PATH].filter(Boolean).join(delimiter),
});

/**
 * Runs a command on this terminal and returns its exit status. A single word is a command line for the shell; without
 * words, the user's shell starts.
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
