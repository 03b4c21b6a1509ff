import { readdirSync } from "node:fs";
import { join } from "node:path";
import { goModuleFiles } from "./go-programs";

/** A public Go module that carries the CRDs of a chart. */
interface CrdModule {
  readonly module: string;
  readonly version: string;
  /** Folder of the CRDs in the module. */
  readonly folder: string;
}

/** The CRDs of the custom objects that this project and its examples have, by the chart that installs them. */
export const CRD_MODULES = {
  "karpenter-crd": {
    module: "github.com/aws/karpenter-provider-aws",
    version: "v1.14.1",
    folder: "pkg/apis/crds",
  },
  // from 2.0 on not a Go module that can be had: its path lacks the major version
  "external-secrets": {
    module: "github.com/external-secrets/external-secrets",
    version: "v1.3.2",
    folder: "config/crds/bases",
  },
  kueue: { module: "sigs.k8s.io/kueue", version: "v0.19.2", folder: "config/components/crd/bases" },
  "kuberay-operator": {
    module: "github.com/ray-project/kuberay/ray-operator",
    version: "v1.6.2",
    folder: "config/crd/bases",
  },
} as const satisfies Record<string, CrdModule>;

/** Charts whose CRDs can be had. */
export type CrdChart = keyof typeof CRD_MODULES;

/** Files with the CRDs of these charts; of all when absent. */
export async function crdFiles(charts = Object.keys(CRD_MODULES) as CrdChart[]): Promise<string[]> {
  const files: string[] = [];
  for (const chart of charts) {
    const { module, version, folder } = CRD_MODULES[chart];
    const at = join(await goModuleFiles(`${module}@${version}`), folder);
    const named = readdirSync(at).filter((name) => /_.*\.yaml$/.test(name)); // <group>_<plural>.yaml
    files.push(...named.map((name) => join(at, name)));
  }
  return files;
}
