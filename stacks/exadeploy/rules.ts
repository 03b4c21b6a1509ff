import type { z } from "zod";
import type { ClusterSettings } from "../../modules/cluster/cluster";
import { refuse } from "../../modules/common/settings/faults";
import { EXADEPLOY_PODS, type ExadeploySettings as ReleaseSettings } from "../../modules/exadeploy/exadeploy";
import { CONTROLLER_ADVICE, type KubePlatformSettings } from "../../modules/kube/kube-platform";

import type { ModuleRepoBackendSettings } from "../../modules/module-repo-backend/module-repo-backend";

/** Parts of ExaDeploy that depend on each other. */
interface Parts {
  cluster: ClusterSettings;
  moduleRepoBackend?: ModuleRepoBackendSettings;
  peers: Readonly<Record<string, unknown>>;
  clientNetwork?: object;
  kube?: { platform: KubePlatformSettings; release?: ReleaseSettings };
}

/** Rules between the parts of ExaDeploy; those within a part are its construct's. */
export function checkParts(settings: Parts, ctx: z.RefinementCtx): void {
  checkKarpenter(settings, ctx);
  checkExposure(settings, ctx);
  checkPods(settings, ctx);
  if (settings.clientNetwork && settings.peers.client) {
    const message = "is the name under which clientNetwork is peered; rename one or drop clientNetwork";
    refuse(ctx, ["peers", "client"], message);
  }
}

/** Pod Identity gives the backend's role to one service account, which must be that of the release. */
function checkPods({ moduleRepoBackend: backend, kube }: Parts, ctx: z.RefinementCtx): void {
  const { release } = kube ?? {};
  if (!backend || !release) return;
  for (const key of ["namespace", "serviceAccount"] as const) {
    const needed = release[key] ?? EXADEPLOY_PODS[key];
    const got = backend[key];
    if (got === undefined || got === needed) continue;
    refuse(ctx, ["moduleRepoBackend", key], `must be that of kube.release (${needed}) or be left out, got ${got}`);
  }
}

function checkKarpenter({ cluster, kube }: Parts, ctx: z.RefinementCtx): void {
  const { autoscaler, runnerPools, autoMode } = cluster;
  const hasPools = runnerPools ? runnerPools.length > 0 : autoMode === undefined; // one by default
  if (autoscaler !== "karpenter" || kube || !hasPools) return;
  const why = "the runner pools are NodePools of Karpenter, which that stack installs";
  refuse(ctx, "kube", `is required where cluster.autoscaler is karpenter: ${why}; set kube to {}, got nothing`);
}

function checkExposure({ kube }: Parts, ctx: z.RefinementCtx): void {
  if (kube?.release?.exposure !== "internal-nlb" || kube.platform.loadBalancerController !== undefined) return;
  const message = `must not be internal-nlb without platform.loadBalancerController, ${CONTROLLER_ADVICE}, got internal-nlb`;
  refuse(ctx, ["kube", "release", "exposure"], message);
}
