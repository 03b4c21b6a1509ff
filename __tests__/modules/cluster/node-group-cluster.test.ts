import { NodeGroup, type NodeGroupProps } from "../../../modules/cluster/node-group";
import { rejects } from "../../support/bad-input";
import { CLUSTER, PLAIN } from "./node-group.fixture";

rejects<unknown>(
  "test/group",
  [
    ["cluster", "ml", "an EKS cluster", '"ml"'],
    ["cluster", { clusterName: "ml" }, "nodeRoleArn"],
    ["cluster.clusterName", { ...CLUSTER, clusterName: "" }, "at least 1"],
    ["cluster.clusterVersion", { ...CLUSTER, clusterVersion: "latest" }, '"latest"'],
    ["cluster.nodeRoleArn", { ...CLUSTER, nodeRoleArn: undefined }, "required"],
    ["cluster.subnetIds", { ...CLUSTER, subnetIds: [] }, "at least 1"],
    ["cluster.subnetIds", { ...CLUSTER, subnetIds: undefined }, "got nothing"],
    ["cluster.autoscaler", { ...CLUSTER, autoscaler: "yes" }, "karpenter", '"yes"'],
    ["cluster.prefixDelegation", { ...CLUSTER, prefixDelegation: "yes" }, "boolean", '"yes"'],
    ["cluster.dependsOn", { ...CLUSTER, dependsOn: undefined }, "required"],
  ],
  (scope, cluster) =>
    new NodeGroup(scope, "group", { name: "default", cluster: cluster as NodeGroupProps["cluster"], settings: PLAIN }),
);
