import { existsSync, readdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Environment variable that names the folder which holds `registry.terraform.io`, for `npm run test:aws`. */
export const MIRROR_VARIABLE = "ML_INFRA_PROVIDER_MIRROR";

/** Where to look for a mirror; tests put folders of their own in place of the machine's. */
export interface Places {
  env: Record<string, string | undefined>;
  project: string;
  home: string;
  /** Installation roots; a mirror may be one or two levels below. */
  roots: string[];
}

const HOST = "registry.terraform.io";

/** The places of this machine. */
export const thisMachine = (): Places => ({
  env: process.env,
  project: process.cwd(),
  home: homedir(),
  roots: ["/opt", "/usr/share", "/usr/local/share"],
});

/**
 * Folder of a filesystem mirror (`<folder>/registry.terraform.io/<namespace>/<type>/<version>/<os_arch>`) that holds
 * `provider`; undefined when there is none, and terraform has to download.
 */
export function findMirror(provider: string, { env, project, home, roots }: Places): string | undefined {
  const holds = (folder: string) => isFolder(join(folder, HOST, provider));
  const named = env[MIRROR_VARIABLE];
  if (named) {
    const folder = resolve(project, named);
    if (holds(folder)) return folder;
    throw new Error(`${MIRROR_VARIABLE}: must be a folder that holds ${HOST}/${provider}, got ${named}`);
  }
  const usual = [join(project, "terraform.d", "plugins"), join(home, ".terraform.d", "plugins")];
  const installed = roots.flatMap((root) => [root, ...foldersIn(root)]);
  return [...usual, ...installed].find(holds);
}

/** Terraform CLI configuration that takes from `mirror` what it holds, and all else from the registries. */
export function cliConfig(mirror: string): string {
  const held = foldersIn(join(mirror, HOST)).flatMap(foldersIn);
  const names = held.map((folder) => folder.slice(mirror.length + 1));
  return [
    "provider_installation {",
    `  filesystem_mirror { path = ${JSON.stringify(mirror)} }`,
    `  direct { exclude = ${JSON.stringify(names)} }`,
    "}",
    "",
  ].join("\n");
}

const isFolder = (path: string) => existsSync(path) && statSync(path).isDirectory();

const foldersIn = (folder: string): string[] =>
  isFolder(folder)
    ? readdirSync(folder)
        .sort()
        .map((name) => join(folder, name))
        .filter(isFolder)
    : [];
