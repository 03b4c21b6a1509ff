import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { CannotBuild, goPrograms } from "./go-programs";

/**
 * Environment variable that names a folder of programs of the control plane to use in place of those built here, as envtest has it.
 * kwok, Karpenter and the CRDs come from Go modules all the same.
 */
export const ASSETS_VARIABLE = "KUBEBUILDER_ASSETS";

/** Programs of a control plane, by name; etcd's is built under the name of its package's folder. */
const PROGRAMS = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl"] as const;
export type KubernetesProgram = (typeof PROGRAMS)[number];
export type KubernetesPrograms = Readonly<Record<KubernetesProgram, string>>;

/** Minor versions of Kubernetes whose modules are in this folder, the oldest first. */
export const KUBERNETES_VERSIONS: readonly string[] = readdirSync(__dirname)
  .flatMap((name) => /^kubernetes-(1\.\d+)$/.exec(name)?.[1] ?? [])
  .sort((a, b) => Number(a.slice(2)) - Number(b.slice(2)));

/** Paths of the programs of a minor version, such as 1.35: built once, or from the folder that {@link ASSETS_VARIABLE} names. */
export async function kubernetesPrograms(
  version: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<KubernetesPrograms> {
  const named = env[ASSETS_VARIABLE];
  if (named) return inFolder(resolve(named));
  const folder = join(__dirname, `kubernetes-${version}`);
  const release = /k8s\.io\/kubernetes (v[\d.]+)/.exec(readFileSync(join(folder, "go.mod"), "utf8"))?.[1] ?? "";
  const [major = "", minor = ""] = version.split(".");
  const told = { gitVersion: release, gitMajor: major, gitMinor: minor };
  const linkerFlags = Object.entries(told).map(([key, value]) => `-X k8s.io/component-base/version.${key}=${value}`);
  const built = await goPrograms({ folder, linkerFlags }, env);
  return pathsOf((name) => join(built, name === "etcd" ? "server" : name));
}

function inFolder(folder: string): KubernetesPrograms {
  const paths = pathsOf((name) => join(folder, name));
  const lacking = PROGRAMS.filter((name) => !existsSync(paths[name]));
  if (lacking.length === 0) return paths;
  const message = `must be a folder that holds ${PROGRAMS.join(", ")}, got ${folder} without ${lacking.join(", ")}`;
  throw new CannotBuild(`${ASSETS_VARIABLE}: ${message}`);
}

const pathsOf = (pathOf: (name: KubernetesProgram) => string) =>
  Object.fromEntries(PROGRAMS.map((name) => [name, pathOf(name)])) as KubernetesPrograms;
