import { readFileSync } from "node:fs";
import { join } from "node:path";
import { goModuleFiles, goPrograms } from "./go-programs";

const FOLDER = join(__dirname, "kwok");
/** How nodes and pods go on: nodes are ready and stay so, pods run, those of jobs succeed, and those that are deleted go. */
const STAGES = [
  "node/fast/node-initialize",
  "node/heartbeat-with-lease/node-heartbeat-with-lease",
  "pod/fast/pod-ready",
  "pod/fast/pod-complete",
  "pod/fast/pod-delete",
];

/** kwok, which plays the kubelets of nodes that are objects alone, and its files of stages, all of one version. */
export async function kwok(env: NodeJS.ProcessEnv = process.env): Promise<{ program: string; stages: string[] }> {
  const version = /sigs\.k8s\.io\/kwok (v[\d.]+)/.exec(readFileSync(join(FOLDER, "go.mod"), "utf8"))?.[1];
  const files = await goModuleFiles(`sigs.k8s.io/kwok@${version}`, env);
  return {
    program: join(await goPrograms({ folder: FOLDER }, env), "kwok"),
    stages: STAGES.map((stage) => join(files, "kustomize", "stage", `${stage}.yaml`)),
  };
}
