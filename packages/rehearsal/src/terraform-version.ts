import { spawnSync } from "node:child_process";

/** Oldest supported versions: Terraform with write-only arguments, OpenTofu with lock files in S3. */
const TOOLS = { Terraform: "1.11.0", OpenTofu: "1.10.0" };
const INSTALL = `install Terraform ${TOOLS.Terraform} or newer, or OpenTofu ${TOOLS.OpenTofu} or newer with TERRAFORM_BINARY_NAME=tofu`;

/**
 * Runs `binary` to get its version; returns the tool and version if supported, else the problem and its solution in one
 * sentence.
 */
export function checkTerraform(binary?: string, timeoutMs = 10_000): { found: string } | { problem: string } {
  const name = binary || "terraform";
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith("TF_CLI_ARGS")));
  const { error, status, stdout } = spawnSync(name, ["version", "-json"], {
    encoding: "utf8",
    timeout: timeoutMs,
    env,
  });
  if (error) return { problem: `${failure(name, error, timeoutMs)}: ${INSTALL}.` };
  const answer = read(stdout);
  if (status !== 0 || !answer) {
    return { problem: `"${name} version -json" did not answer with a version, so it is not Terraform: ${INSTALL}.` };
  }
  const { tool, version } = answer;
  if (atLeast(version, TOOLS[tool])) return { found: `${tool} ${version}` };
  return { problem: `${tool} is ${version} ("${name}"), but ${TOOLS[tool]} or newer is needed: ${INSTALL}.` };
}

function failure(name: string, error: NodeJS.ErrnoException, timeoutMs: number): string {
  if (error.code === "ENOENT") return `Terraform was not found, as there is no program "${name}"`;
  if (error.code === "ETIMEDOUT") return `"${name} version -json" did not answer within ${timeoutMs / 1000} seconds`;
  return `"${name}" could not be run (${error.code ?? error.message})`;
}

/** Reads the output of `version -json`: both tools print `terraform_version`, only Terraform prints `terraform_outdated`. */
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

/** The three numbers of a version such as `v1.11.0-beta1`, without the suffix. */
const numbers = (version: string) => /^v?(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1, 4).map(Number);

/** Whether a version is `min` or newer; false for a text that is not a version. */
export function atLeast(version: string, min: string): boolean {
  const [found, bound] = [numbers(version), numbers(min)];
  if (!found || !bound) return false;
  const at = found.findIndex((part, index) => part !== bound[index]);
  return at < 0 || (found[at] as number) > (bound[at] as number);
}
