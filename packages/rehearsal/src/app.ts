import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Keys of cdktf.json that are used here. */
export interface AppConfig {
  /** Command that synthesizes the app. */
  app: string;
  context?: Record<string, unknown>;
}

export const CONFIG_FILE = "cdktf.json";

/** Reads cdktf.json in the folder of a project. */
export function appConfig(project: string): AppConfig {
  const config = JSON.parse(readFileSync(join(project, CONFIG_FILE), "utf8"));
  if (typeof config.app === "string") return config;
  throw new Error(`${join(project, CONFIG_FILE)}: app must be the command that synthesizes the stacks`);
}

/** The app failed to synthesize; the message is its output. */
export class SynthesisFailed extends Error {}

/** Runs the project's app command, as cdktf does, so that it writes into `outdir`; returns its output. */
export async function synthesizeInto(
  outdir: string,
  project: string,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<string> {
  signal?.throwIfAborted();
  const { app, context } = appConfig(project);
  const own = { ...env, CDKTF_OUTDIR: outdir, ...(context && { CDKTF_CONTEXT_JSON: JSON.stringify(context) }) };
  return new Promise((resolve, reject) => {
    // in its own process group, so that a stop reaches the shell and its children
    const options = { cwd: project, env: own, shell: true, detached: true };
    const child = spawn(app, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    const stop = () => process.kill(-(child.pid as number));
    signal?.addEventListener("abort", stop);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    child.once("error", reject);
    child.once("close", (status) => {
      signal?.removeEventListener("abort", stop);
      if (signal?.aborted) reject(signal.reason);
      else if (status === 0) resolve(output);
      else reject(new SynthesisFailed(output.trim() || `"${app}" ended with status ${status}`));
    });
  });
}
