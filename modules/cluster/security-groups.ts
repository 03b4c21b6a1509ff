import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { idFrom } from "../common/names";
import { cidrSchema } from "../common/settings/cidr";
import { refuse } from "../common/settings/faults";
import { orToken } from "../common/settings/props";

const portsSchema = z.array(z.int().min(1).max(65535)).superRefine((ports, ctx) => {
  const twice = ports.find((port, index) => ports.indexOf(port) !== index);
  if (twice !== undefined) refuse(ctx, [], `must name each port once, got ${twice} twice`);
});

/** Wider blocks than /8 are hardly meant; the internet never reaches nodes in private subnets. */
const cidrsSchema = z.array(orToken(cidrSchema(8, 32)));

/** Inputs of the cluster that concern who reaches what. */
export const securityShape = {
  /** TCP ports on the nodes that clients reach from the VPC and from `clientCidrs`; the scheduler, module repository, runners and value store of ExaDeploy by default. */
  clientPorts: portsSchema.default([50050, 50051, 50100, 50101]),
  /** Blocks beside the VPC's own from which clients reach `clientPorts`; each port and block is one of the 60 rules that a security group holds. */
  clientCidrs: cidrsSchema.default([]),
  /** Blocks from which the private endpoint of the Kubernetes API is reached on 443, such as a VPN's or a peer's; the nodes always reach it. */
  apiCidrs: cidrsSchema.default([]),
  /** TCP ports on the nodes where the control plane finds admission webhooks, beside the usual ones. */
  webhookPorts: portsSchema.default([]),
};

/** Where the control plane calls on nodes. Source: EKS user guide, "Security group requirements", and who listens there. */
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
  /** Tags on the nodes' group, beside the one that EKS looks for. */
  nodeTags: Record<string, string>;
}

/** Security groups of the control plane and of the nodes, with the rules between them. */
export class SecurityGroups extends Construct {
  readonly clusterSecurityGroupId: string;
  readonly nodeSecurityGroupId: string;
  /** Rules without which a node does not join. */
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
    // On the nodes' group and never on the one that EKS makes: only the control plane's interfaces wear that.
    const clients = new Map([...keyed(props.vpcCidrBlocks, "vpc"), ...keyed(props.clientCidrs, "client")]);
    for (const [key, cidrIpv4] of clients) {
      for (const port of props.clientPorts) {
        const description = `Clients to port ${port}`;
        ingress(`client-${port}-${key}`, { description, securityGroupId: node.id, cidrIpv4, ...tcp(port) });
      }
    }
  }

  /** Lets the nodes of Auto Mode, which wear the group that EKS makes, and those of node groups reach each other. */
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
    // With a prefix, which must not begin with "sg-", so that a successor can exist before the one it replaces goes.
    const lifecycle = { createBeforeDestroy: true };
    return new SecurityGroup(this, id, { namePrefix: `eks-${tags.Name}-`, description, vpcId, tags, lifecycle });
  }
}

/** Blocks by what to call them: a literal by itself, so that it is named once and order does not matter; others by place. */
const keyed = (cidrs: string[], what: string) =>
  cidrs.map((cidr, index) => [Token.isUnresolved(cidr) ? `${what}-${index}` : cidr, cidr] as const);
