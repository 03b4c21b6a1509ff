import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { Construct } from "constructs";
import type { Hardware } from "../aws/ec2/instance-types";
import { boundedName } from "../common/names";
import type { NodePool } from "./node-pool";

/** Cluster whose nodes have EFA. */
interface EfaCluster {
  readonly clusterName: string;
  readonly vpcId: string;
}

/** One EFA interface on each network card; the first interface also carries the node's IP traffic. */
export const efaInterfaces = (hardware: Hardware) =>
  Array.from({ length: hardware.firstEfaCard + (hardware.efaInterfaces ?? 0) }, (_, card) => ({
    networkCardIndex: card,
    deviceIndex: card === 0 ? 0 : 1,
    interfaceType: card > 0 ? "efa-only" : hardware.firstEfaCard === 0 ? "efa" : "interface",
  }));

/** Security group of the EFA traffic of one pool. EC2 user guide, "Get started with EFA": all traffic within it, in and out. */
export function efaSecurityGroup(
  scope: Construct,
  { name }: Pick<NodePool, "name">,
  { clusterName, vpcId }: EfaCluster,
): string {
  const { id } = new SecurityGroup(scope, "efa-security-group", {
    namePrefix: `${boundedName(80, "efa", name)}-`,
    description: "EFA traffic among the nodes of a group",
    vpcId,
    tags: { Name: `${clusterName}-${name}-efa` },
  });
  const rule = { securityGroupId: id, referencedSecurityGroupId: id, ipProtocol: "-1" };
  new VpcSecurityGroupIngressRule(scope, "efa-ingress", { ...rule, description: "EFA from the same group" });
  new VpcSecurityGroupEgressRule(scope, "efa-egress", { ...rule, description: "EFA to the same group" });
  return id;
}
