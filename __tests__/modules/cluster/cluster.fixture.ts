import type { Construct } from "constructs";
import { Cluster, type ClusterProps, type ClusterSettings } from "../../../modules/cluster/cluster";
import type { ClusterNetwork } from "../../../modules/cluster/cluster-network";
import { type BadInput, rejects } from "../../support/bad-input";
import { synth } from "../../support/synth";

/** A network that exists already, as a caller would describe it. */
export const NETWORK: ClusterNetwork = {
  vpcId: "vpc-0123456789abcdef0",
  vpcCidrBlocks: ["10.0.0.0/16"],
  privateSubnetIds: ["subnet-0000000000000000a", "subnet-0000000000000000b"],
};

/** No groups but the default one: what a test about something else needs. */
export const LEAN: ClusterSettings = {
  systemGroups: { scheduler: false, "module-repository": false, prometheus: false },
  runnerPools: [],
};

export const make = (scope: Construct, settings: Partial<ClusterProps> = {}) =>
  new Cluster(scope, "cluster", { name: "ml", network: NETWORK, ...settings });

/** A cluster named `ml`; `use` does something with it in the same stack. */
export const cluster = (settings: Partial<ClusterProps> = {}, use: (cluster: Cluster) => unknown = () => {}) =>
  synth((stack) => use(make(stack, settings)));

/** The same without the groups that the settings do not name. */
export const lean = (settings: Partial<ClusterProps> = {}) => cluster({ ...LEAN, ...settings });

/** Settings, cast: what somebody without types may write. */
export const wrong = (settings: object) => settings as Partial<ClusterProps>;

export const rejectsCluster = (...rows: BadInput<Partial<ClusterProps>>[]) => rejects("test/cluster", rows, make);
