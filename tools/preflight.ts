import { spawnSync } from "node:child_process";

/** Oldest Node.js that the project's dependencies run on. */
const NODE = "20.9.0";

/** Oldest tools that do: Terraform with write-only arguments, OpenTofu with the S3 backend's own lock file. */
const TOOLS = { Terraform: "1.11.0", OpenTofu: "1.10.0" };
const INSTALL = `install Terraform ${TOOLS.Terraform} or newer, or OpenTofu ${TOOLS.OpenTofu} or newer with TERRAFORM_BINARY_NAME=tofu`;

/** What is wrong with the Node.js of this version, in one sentence; undefined when nothing is. */
export function checkNode(version: string): string | undefined {
  if (atLeast(version, NODE)) return undefined;
  return `Node.js is ${version}, but ${NODE} or newer is needed: install a newer one from https://nodejs.org.`;
}

/**
 * Asks `binary` for its version: what was found when it will do, or else what is wrong with it and what to do, in one
 * sentence. `patience` is in milliseconds.
 */
export function checkTerraform(binary?: string, patience = 10_000): { found: string } | { problem: string } {
  const name = binary || "terraform";
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith("TF_CLI_ARGS")));
  const { error, status, stdout } = spawnSync(name, ["version", "-json"], { encoding: "utf8", timeout: patience, env });
  if (error) return { problem: `${failure(name, error, patience)}: ${INSTALL}.` };
  const answer = read(stdout);
  if (status !== 0 || !answer) {
    return { problem: `"${name} version -json" did not answer with a version, so it is not a Terraform: ${INSTALL}.` };
  }
  const { tool, version } = answer;
  if (atLeast(version, TOOLS[tool])) return { found: `${tool} ${version}` };
  return { problem: `${tool} is ${version} ("${name}"), but ${TOOLS[tool]} or newer is needed: ${INSTALL}.` };
}

function failure(name: string, error: NodeJS.ErrnoException, patience: number): string {
  if (error.code === "ENOENT") return `Terraform was not found, as there is no program "${name}"`;
  if (error.code === "ETIMEDOUT") return `"${name} version -json" gave no answer within ${patience / 1000} seconds`;
  return `"${name}" could not be run (${error.code ?? error.message})`;
}

/** Reads the answer to `version -json`; both tools call the number `terraform_version`, only Terraform's has `terraform_outdated`. */
function read(answer: string): { tool: keyof typeof TOOLS; version: string } | undefined {
  try {
    const parsed = JSON.parse(answer);
    const version = parsed.terraform_version;
    if (typeof version !== "string" || !numbers(version)) return undefined;
    return { tool: "terraform_outdated" in parsed ? "Terraform" : "OpenTofu", version };
  } catch {
    return undefined;
  }
}

/** The three numbers of a version such as `v1.11.0-beta1`; what follows them does not count. */
const numbers = (version: string) => /^v?(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1, 4).map(Number);

function atLeast(version: string, least: string): boolean {
  const [found, bound] = [numbers(version), numbers(least)];
  if (!found || !bound) return false;
  const at = found.findIndex((part, index) => part !== bound[index]);
  return at < 0 || (found[at] as number) > (bound[at] as number);
}
