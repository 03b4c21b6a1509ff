import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Exit status and output of a command. */
export interface Ended {
  /** Exit status; undefined after a signal. */
  status?: number;
  stdout: string;
  stderr: string;
}

/** A Terraform and the environment that it runs in. */
export interface Terraform {
  program: string;
  env: NodeJS.ProcessEnv;
  /** Stops running commands and prevents further ones. */
  signal?: AbortSignal;
}

/** Runs a command and resolves with any status; rejects when it cannot start or the signal stops it. */
export async function runTerraform(
  { program, env, signal }: Terraform,
  folder: string,
  args: string[],
): Promise<Ended> {
  signal?.throwIfAborted(); // spawn would start the command nevertheless
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
      if (child.pid === undefined) reject(error); // never started, so there is no close event
    });
    child.once("close", (status) => (failure ? reject(failure) : resolve({ ...ended, status: status ?? undefined })));
  });
}

/** Variables with settings or credentials for Terraform, its providers or cdktf; TF_LOG is kept. */
const SETTINGS = /^(TF_(?!LOG)|AWS_|KUBE|HELM_|GOOGLE_|CLOUDSDK_|ARM_|AZURE_|CDKTF_OUTDIR|CDKTF_CONTEXT)/i;
const PROXIES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];
/** A port without a server, as a proxy for everything that would leave this machine. */
const NOWHERE = "http://127.0.0.1:9";

/**
 * Environment with nothing but the attached providers and the folder `scratch`: no credentials, settings or plugins of the
 * user, and no network.
 */
export function closedEnvironment(own: NodeJS.ProcessEnv, scratch: string, reattach: string): NodeJS.ProcessEnv {
  const home = join(scratch, "home");
  const plugins = join(scratch, "plugins");
  for (const folder of [home, plugins]) mkdirSync(folder, { recursive: true });
  const config = join(scratch, "terraform.rc");
  writeFileSync(config, `provider_installation {\n  filesystem_mirror { path = ${JSON.stringify(plugins)} }\n}\n`);
  const kept = Object.entries(own).filter(([name]) => !SETTINGS.test(name));
  return {
    ...Object.fromEntries(kept),
    ...Object.fromEntries(PROXIES.flatMap((name) => [name, name.toLowerCase()]).map((name) => [name, NOWHERE])),
    NO_PROXY: "127.0.0.1,localhost",
    no_proxy: "127.0.0.1,localhost",
    GIT_ALLOW_PROTOCOL: "file", // git ignores the proxy
    HOME: home,
    AWS_EC2_METADATA_DISABLED: "true",
    CHECKPOINT_DISABLE: "1",
    GOGC: own.GOGC ?? "400", // garbage collection would take a quarter of the time of short runs
    TF_CLI_CONFIG_FILE: config,
    TF_REATTACH_PROVIDERS: reattach,
  };
}
