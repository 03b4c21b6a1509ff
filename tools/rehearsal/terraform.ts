import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** How a command ended, and what it said. */
export interface Ended {
  /** Exit status; undefined when a signal ended it. */
  status?: number;
  stdout: string;
  stderr: string;
}

/** A Terraform to run, in an environment of its own. */
export interface Terraform {
  program: string;
  env: NodeJS.ProcessEnv;
  /** Ends what runs, and lets nothing more begin. */
  signal?: AbortSignal;
}

/** Runs a command to its end, whatever its status; fails when it cannot be started or is stopped by the signal. */
export async function runTerraform(
  { program, env, signal }: Terraform,
  folder: string,
  args: string[],
): Promise<Ended> {
  signal?.throwIfAborted(); // where spawn would begin all the same, and end it a moment later
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: folder, env, signal, stdio: ["ignore", "pipe", "pipe"] });
    const ended: Ended = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        ended[stream] += text;
      });
    }
    let failure: Error | undefined;
    child.once("error", (error: NodeJS.ErrnoException) => {
      failure = error;
      if (child.pid === undefined) reject(error); // never began, and so never closes
    });
    child.once("close", (status) => (failure ? reject(failure) : resolve({ ...ended, status: status ?? undefined })));
  });
}

/** Whatever Terraform, its providers and the tools around them take settings or credentials from; its log may stay. */
const FOREIGN = /^(TF_(?!LOG)|AWS_|KUBE|HELM_|GOOGLE_|CLOUDSDK_|ARM_|AZURE_|CDKTF_OUTDIR|CDKTF_CONTEXT)/i;
const PROXIES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];
/** A port that nobody serves: what would leave this machine ends there. */
const NOWHERE = "http://127.0.0.1:9";

/**
 * Environment in which only the attached providers and the folder `scratch` are to be found: no credentials, settings
 * or plugins of whoever runs this, and no way to the network.
 */
export function closedEnvironment(own: NodeJS.ProcessEnv, scratch: string, reattach: string): NodeJS.ProcessEnv {
  const home = join(scratch, "home");
  const plugins = join(scratch, "plugins");
  for (const folder of [home, plugins]) mkdirSync(folder, { recursive: true });
  const config = join(scratch, "terraform.rc");
  writeFileSync(config, `provider_installation {\n  filesystem_mirror { path = ${JSON.stringify(plugins)} }\n}\n`);
  const kept = Object.entries(own).filter(([name]) => !FOREIGN.test(name));
  return {
    ...Object.fromEntries(kept),
    ...Object.fromEntries(PROXIES.flatMap((name) => [name, name.toLowerCase()]).map((name) => [name, NOWHERE])),
    NO_PROXY: "127.0.0.1,localhost",
    no_proxy: "127.0.0.1,localhost",
    GIT_ALLOW_PROTOCOL: "file", // modules from git would not heed the proxy
    HOME: home,
    AWS_EC2_METADATA_DISABLED: "true",
    CHECKPOINT_DISABLE: "1",
    GOGC: own.GOGC ?? "400", // of many short runs, a quarter of the time would go into tidying up memory
    TF_CLI_CONFIG_FILE: config,
    TF_REATTACH_PROVIDERS: reattach,
  };
}
