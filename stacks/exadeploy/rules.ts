import type { z } from "zod";
import type { ClusterSettings } from "../../modules/cluster/cluster";
import { refuse } from "../../modules/common/settings/faults";
import type { ExadeploySettings as ReleaseSettings } from "../../modules/exadeploy/exadeploy";
import { CONTROLLER_ADVICE, type KubePlatformSettings } from "../../modules/kube/kube-platform";

/** Parts of ExaDeploy that depend on each other. */
interface Parts {
  cluster: ClusterSettings;
  kube?: { platform: KubePlatformSettings; release?: ReleaseSettings };
}

/** Rules between the parts of ExaDeploy; those within a part are its construct's. */
export function checkParts(settings: Parts, ctx: z.RefinementCtx): void {
  checkKarpenter(settings, ctx);
  checkExposure(settings, ctx);
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
