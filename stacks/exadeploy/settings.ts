import { z } from "zod";
import type { ClusterSettings } from "../../modules/cluster/cluster";
import type { ExadeploySettings as ReleaseSettings } from "../../modules/exadeploy/exadeploy";
import type { KubePlatformSettings } from "../../modules/kube/kube-platform";
import type { ModuleRepoBackendSettings } from "../../modules/module-repo-backend/module-repo-backend";
import type { NetworkSettings } from "../../modules/network/network";
import type { PeeringsProps } from "../../modules/peering/peerings";
import { checkedBy } from "../checked-by";

/** A peer VPC as the settings describe it; the stack adds its provider. */
export interface PeerSettings extends Omit<PeeringsProps["peers"][string], "provider"> {
  /**
   * Role that the stack assumes in the peer's account to accept the connection and to add the peer's routes. Without it,
   * the owner of a peer in another account does both by hand; a peer in another region of this account needs none.
   */
  roleArn?: string;
}

/** A key that becomes part of ids: lower-case letters, digits and hyphens, a letter first, at most 32. */
const keySchema = z
  .string()
  .regex(/^[a-z](-?[a-z0-9]){0,31}$/, "must have 1 to 32 lower-case letters, digits and hyphens, a letter first");

/** What runs in the cluster. */
const kubeSchema = z.strictObject({
  /** GPU software, autoscaler, disks, metrics: what any workload needs. */
  platform: checkedBy<KubePlatformSettings>().default({}),
  /** ExaDeploy itself, its module repository with the backend of `moduleRepoBackend` if there is one; left out when absent. */
  release: checkedBy<ReleaseSettings>().optional(),
});

/** ExaDeploy's cloud. Each configuration is a matter of which keys are there. */
export const exadeploySchema = z.strictObject({
  /** VPC of the cluster and the database; 10.0.0.0/16 over three zones when absent. */
  network: checkedBy<NetworkSettings>().default({}),
  /** EKS cluster with its system groups and runner pools. */
  cluster: checkedBy<ClusterSettings>().default({}),
  /**
   * Whether the IAM role or user that deploys administers the cluster too. Convenient for one person; a team names its
   * roles in `cluster.administrators`, since the next deployment by another role would move the right there.
   */
  deployerIsAdministrator: z.boolean().default(false),
  /** RDS and S3 for the module repository; without this key it keeps its data in its pod, and no stack is made. */
  moduleRepoBackend: checkedBy<ModuleRepoBackendSettings>().optional(),
  /** VPCs whose clients call ExaDeploy, each by a name of its own; none when absent. */
  peers: z.record(keySchema, checkedBy<PeerSettings>()).default({}),
  /** A VPC for trying out clients; made as a stack of its own and peered under the name `client`. */
  clientNetwork: checkedBy<NetworkSettings>().optional(),
  /** What runs in the cluster: a GPU platform, and ExaDeploy. A stack of its own, made once the cluster is there; none when absent. */
  kube: kubeSchema.optional(),
});

export type ExadeploySettings = z.output<typeof exadeploySchema>;
