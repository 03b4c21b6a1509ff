import { Token } from "cdktf";
import { z } from "zod";
import { clusterSettings } from "../../modules/cluster/cluster";
import { roleArnSchema } from "../../modules/common/settings/arns";
import { checkedBy } from "../../modules/common/settings/checked-by";
import { refuse } from "../../modules/common/settings/faults";
import { releaseSettings } from "../../modules/exadeploy/exadeploy";
import { kubePlatformSettings } from "../../modules/kube/kube-platform";
import { moduleRepoBackendSettings } from "../../modules/module-repo-backend/module-repo-backend";
import type { NetworkSettings } from "../../modules/network/network";
import { schema as networkSchema } from "../../modules/network/schema";
import { peerSchema } from "../../modules/peering/sides";
import { checkParts } from "./rules";

/** A key that becomes part of ids: 1 to 32 lower-case letters, digits and hyphens, a letter first. */
const keySchema = z
  .string()
  .regex(/^[a-z](-?[a-z0-9]){0,31}$/, "must have 1 to 32 lower-case letters, digits and hyphens, a letter first");

/** A peer VPC. The stack creates the provider for its side. */
const peerSettings = checkedBy(
  peerSchema
    .extend({
      /**
       * Role that the stack assumes in the peer's account, to accept the connection and to add the peer's routes. Without it
       * the owner of a peer in another account does both by hand; a peer in another region of this account needs none.
       */
      roleArn: roleArnSchema.optional(),
    })
    .superRefine(({ accountId, roleArn }, ctx) => {
      if (accountId === undefined || roleArn === undefined || [accountId, roleArn].some(Token.isUnresolved)) return;
      const owner = roleArn.split(":")[4];
      if (owner === accountId) return;
      refuse(ctx, "roleArn", `must be a role of the peer's account (accountId, ${accountId}), got one of ${owner}`);
    }),
  { provider: undefined },
);
export type PeerSettings = z.input<typeof peerSettings>;

/** Settings of the demo network where the user has none. */
export const clientNetworkDefaults: NetworkSettings = { database: false, kubernetesTags: false };

/** Workloads of the cluster. */
const kubeSchema = z.strictObject({
  /** GPU software, autoscaler, disks, metrics: what any workload needs. */
  platform: kubePlatformSettings.default({}),
  /** ExaDeploy, whose module repository uses `moduleRepoBackend` if set; not installed when absent. */
  release: releaseSettings.optional(),
});

const exadeployShape = z.strictObject({
  /** VPC of the cluster and the database. */
  network: checkedBy(networkSchema, { name: "any" }).default({}),
  /** EKS cluster with its system groups and runner pools. */
  cluster: clusterSettings.default({}),
  /**
   * Make the IAM role or user that deploys a cluster administrator. Convenient for one person; a team should list its
   * roles in `cluster.administrators`, since a deployment by another role moves the access to that role.
   */
  deployerIsAdministrator: z.boolean().default(false),
  /** RDS and S3 for the module repository; when absent, it stores its data in its pod and there is no backend stack. */
  moduleRepoBackend: moduleRepoBackendSettings.optional(),
  /** Peer VPCs whose clients call ExaDeploy, by name. */
  peers: z.record(keySchema, peerSettings).default({}),
  /** A VPC for test clients, in a stack of its own and peered as `client`. */
  clientNetwork: checkedBy(networkSchema, { name: "any" }, clientNetworkDefaults).optional(),
  /** Workloads of the cluster: a GPU platform, and ExaDeploy. A stack of its own, deployed after the cluster; none when absent. */
  kube: kubeSchema.optional(),
});

/** ExaDeploy: the optional keys choose the configuration. */
export const exadeploySchema = exadeployShape.superRefine(checkParts);
export type ExadeploySettings = z.output<typeof exadeployShape>;
