import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { EXADEPLOY_CLIENT_PORTS } from "../common/client-ports";
import { idFrom } from "../common/names";
import { cidrSchema } from "../common/settings/cidr";
import { refuse } from "../common/settings/faults";
import { portSchema } from "../common/settings/port";
import { orToken } from "../common/settings/props";

const portsSchema = z.array(portSchema).superRefine((ports, ctx) => {
  const twice = ports.find((port, index) => ports.indexOf(port) !== index);
  if (twice !== undefined) refuse(ctx, [], `must name each port once, got ${twice} twice`);
});

/** Blocks wider than /8 are refused as mistakes: nodes in private subnets are not reachable from the internet. */
const cidrsSchema = z.array(orToken(cidrSchema(8, 32)));

/** Inputs of the cluster about network access. */
export const securityShape = {
  /** TCP ports on the nodes, open to the VPC and `clientCidrs`. Defaults to those of ExaDeploy's scheduler, module repository, runners and value store. */
  clientPorts: portsSchema.default(EXADEPLOY_CLIENT_PORTS),
  /** CIDR blocks of clients outside the VPC that may reach `clientPorts`; each port and block takes one of a security group's 60 rules. */
  clientCidrs: cidrsSchema.default([]),
  /** CIDR blocks outside the cluster that may reach the private endpoint of the Kubernetes API, such as a VPN's or a peer's. */
  apiCidrs: cidrsSchema.default([]),
  /** TCP ports of admission webhooks on the nodes, in addition to the usual ones. */
  webhookPorts: portsSchema.default([]),
};

/** Ports on the nodes that the control plane calls, with what listens there. Source: EKS user guide, "Security group requirements". */
const CONTROL_PLANE_PORTS: Record<number, string> = {
  443: "webhooks and API services",
  4443: "metrics-server of the Helm chart",
  6443: "Prometheus adapter",
  8443: "Karpenter webhook",
  9443: "load balancer controller webhook",
  10250: "kubelet",
  10251: "metrics-server of the add-on",
};

export interface SecurityGroupsProps {
  name: string;
  vpcId: string;
  vpcCidrBlocks: string[];
  clientPorts: number[];
  clientCidrs: string[];
  apiCidrs: string[];
  webhookPorts: number[];
  /** Tags on the nodes' group, in addition to the one that EKS looks for. */
  nodeTags: Record<string, string>;
}

/** Security groups of the control plane and of the nodes, with their rules. */
export class SecurityGroups extends Construct {
  readonly clusterSecurityGroupId: string;
  readonly nodeSecurityGroupId: string;
  /** Rules that nodes need to join. */
  readonly rules: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: SecurityGroupsProps) {
    super(scope, id);
    const { name } = props;
    const cluster = this.group("cluster", "EKS control plane", props.vpcId, { Name: `${name}-cluster` });
    const node = this.group("node", "EKS nodes", props.vpcId, {
      ...props.nodeTags,
      Name: `${name}-node`,
      [`kubernetes.io/cluster/${name}`]: "owned",
    });
    this.clusterSecurityGroupId = cluster.id;
    this.nodeSecurityGroupId = node.id;

    const tcp = (port: number) => ({ ipProtocol: "tcp", fromPort: port, toPort: port });
    const ingress = (id: string, config: ConstructorParameters<typeof VpcSecurityGroupIngressRule>[2]) =>
      new VpcSecurityGroupIngressRule(this, idFrom(id), config);

    const own = props.webhookPorts.filter((port) => !(port in CONTROL_PLANE_PORTS));
    const calls = { ...CONTROL_PLANE_PORTS, ...Object.fromEntries(own.map((port) => [port, "webhook"])) };
    const fromControlPlane = Object.entries(calls).map(([port, what]) =>
      ingress(`control-plane-${port}`, {
        description: `Control plane to ${what}`,
        securityGroupId: node.id,
        referencedSecurityGroupId: cluster.id,
        ...tcp(Number(port)),
      }),
    );
    const fromNodes = ingress("api", {
      description: "Nodes to the Kubernetes API",
      securityGroupId: cluster.id,
      referencedSecurityGroupId: node.id,
      ...tcp(443),
    });
    const between = ingress("self", {
      description: "Nodes and pods to each other",
      securityGroupId: node.id,
      referencedSecurityGroupId: node.id,
      ipProtocol: "-1",
    });
    const out = new VpcSecurityGroupEgressRule(this, "egress", {
      description: "Nodes and pods to everywhere",
      securityGroupId: node.id,
      cidrIpv4: "0.0.0.0/0",
      ipProtocol: "-1",
    });
    this.rules = [...fromControlPlane, fromNodes, between, out];

    for (const [key, cidrIpv4] of keyed(props.apiCidrs, "api")) {
      const description = "Kubernetes API from outside the cluster";
      ingress(`api-${key}`, { description, securityGroupId: cluster.id, cidrIpv4, ...tcp(443) });
    }
    // On the nodes' group, not on the one that EKS creates, which only the control plane's interfaces use.
    const clients = new Map([...keyed(props.vpcCidrBlocks, "vpc"), ...keyed(props.clientCidrs, "client")]);
    for (const [key, cidrIpv4] of clients) {
      for (const port of props.clientPorts) {
        const description = `Clients to port ${port}`;
        ingress(`client-${port}-${key}`, { description, securityGroupId: node.id, cidrIpv4, ...tcp(port) });
      }
    }
  }

  /** Lets the nodes of Auto Mode, which use the security group that EKS creates, and of node groups reach each other. */
  joinAutoNodes(clusterPrimarySecurityGroupId: string): void {
    const [primary, node] = [clusterPrimarySecurityGroupId, this.nodeSecurityGroupId];
    for (const [id, securityGroupId, referencedSecurityGroupId] of [
      ["from-auto-nodes", node, primary],
      ["to-auto-nodes", primary, node],
    ] as const) {
      const description = "Nodes of Auto Mode and of node groups to each other";
      const rule = { description, securityGroupId, referencedSecurityGroupId, ipProtocol: "-1" };
      this.rules.push(new VpcSecurityGroupIngressRule(this, id, rule));
    }
  }

  private group(id: string, description: string, vpcId: string, tags: { Name: string }): SecurityGroup {
    // A prefix, which must not begin with "sg-", so that a replacement can be created before the old group is deleted.
    const lifecycle = { createBeforeDestroy: true };
    return new SecurityGroup(this, id, { namePrefix: `eks-${tags.Name}-`, description, vpcId, tags, lifecycle });
  }
}

/** Blocks by key: a literal is its own key, so that duplicates and order do not matter; a token is keyed by index. */
const keyed = (cidrs: string[], what: string) =>
  cidrs.map((cidr, index) => [Token.isUnresolved(cidr) ? `${what}-${index}` : cidr, cidr] as const);
