import { z } from "zod";
import type { ClusterSettings } from "../../modules/cluster/cluster";
import { checkedBy } from "../../modules/common/settings/checked-by";
import type { ExadeploySettings as ReleaseSettings } from "../../modules/exadeploy/exadeploy";
import type { KubePlatformSettings } from "../../modules/kube/kube-platform";
import type { ModuleRepoBackendSettings } from "../../modules/module-repo-backend/module-repo-backend";
import type { NetworkSettings } from "../../modules/network/network";
import type { PeeringsProps } from "../../modules/peering/peerings";
import { checkParts } from "./rules";

/** A key that becomes part of ids: 1 to 32 lower-case letters, digits and hyphens, a letter first. */
const keySchema = z
  .string()
  .regex(/^[a-z](-?[a-z0-9]){0,31}$/, "must have 1 to 32 lower-case letters, digits and hyphens, a letter first");

/** A peer VPC. The stack creates the provider for its side. */
export interface PeerSettings extends Omit<PeeringsProps["peers"][string], "provider"> {
  /**
   * Role that the stack assumes in the peer's account, to accept the connection and to add the peer's routes. Without it
   * the owner of a peer in another account does both by hand; a peer in another region of this account needs none.
   */
  roleArn?: string;
}

/** Workloads of the cluster. */
const kubeSchema = z.strictObject({
  /** GPU software, autoscaler, disks, metrics: what any workload needs. */
  platform: checkedBy<KubePlatformSettings>().default({}),
  /** ExaDeploy, whose module repository uses `moduleRepoBackend` if set; not installed when absent. */
  release: checkedBy<ReleaseSettings>().optional(),
});

const exadeployShape = z.strictObject({
  /** VPC of the cluster and the database. */
  network: checkedBy<NetworkSettings>().default({}),
  /** EKS cluster with its system groups and runner pools. */
  cluster: checkedBy<ClusterSettings>().default({}),
  /**
   * Make the IAM role or user that deploys a cluster administrator. Convenient for one person; a team should list its
   * roles in `cluster.administrators`, since a deployment by another role moves the access to that role.
   */
  deployerIsAdministrator: z.boolean().default(false),
  /** RDS and S3 for the module repository; when absent, it stores its data in its pod and there is no backend stack. */
  moduleRepoBackend: checkedBy<ModuleRepoBackendSettings>().optional(),
  /** Peer VPCs whose clients call ExaDeploy, by name. */
  peers: z.record(keySchema, checkedBy<PeerSettings>()).default({}),
  /** A VPC for test clients, in a stack of its own and peered as `client`. */
  clientNetwork: checkedBy<NetworkSettings>().optional(),
  /** Workloads of the cluster: a GPU platform, and ExaDeploy. A stack of its own, deployed after the cluster; none when absent. */
  kube: kubeSchema.optional(),
});

/** ExaDeploy: the optional keys choose the configuration. */
export const exadeploySchema = exadeployShape.superRefine(checkParts);
export type ExadeploySettings = z.output<typeof exadeployShape>;
