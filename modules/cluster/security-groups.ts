import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { EXADEPLOY_CLIENT_PORTS } from "../common/client-ports";
import { areDistinct } from "../common/collections";
import { idFrom } from "../common/names";
import { type Openings, RULE_QUOTA } from "../common/openings";
import { cidrSchema } from "../common/settings/cidr";
import { refuse } from "../common/settings/faults";
import { portSchema } from "../common/settings/port";
import { orToken } from "../common/settings/props";

const portsSchema = z.array(portSchema).superRefine((ports, ctx) => {
  const twice = ports.find((port, index) => ports.indexOf(port) !== index);
  if (twice !== undefined) refuse(ctx, [], `must name each port once, got ${twice} twice`);
});

/** Blocks wider than /8 are refused as mistakes: nodes in private subnets are not reachable from the internet. */
const cidrsSchema = z.array(orToken(cidrSchema(8, 32))).refine(areDistinct, "must name each block once");

/** Inputs of the cluster about network access. */
export const securityShape = {
  /** TCP ports on the nodes, open to the VPC and `clientCidrs`. Defaults to those of ExaDeploy's scheduler, module repository, runners and value store. */
  clientPorts: portsSchema.default(EXADEPLOY_CLIENT_PORTS),
  /** CIDR blocks of clients outside the VPC that may reach `clientPorts`, but not those of peers, which the peering opens; each port and block takes one of a security group's rules. */
  clientCidrs: cidrsSchema.default([]),
  /** Let hosts of the VPC reach the private endpoint of the Kubernetes API, such as the one that deploys the Kubernetes layer; IAM still decides what they may do. If not, only nodes and `apiCidrs` reach it. */
  apiFromVpc: z.boolean().default(true),
  /** CIDR blocks outside the VPC that may reach the private endpoint of the Kubernetes API, such as a VPN's that is routed here; for a peer there is its own `kubernetesApi`. */
  apiCidrs: cidrsSchema.default([]),
  /** TCP ports of admission webhooks on the nodes, in addition to the usual ones. */
  webhookPorts: portsSchema.default([]),
  /** Ingress rules that a security group may have, 60 to 1000: the account's quota, if AWS has raised it. */
  securityGroupRules: z.int().min(RULE_QUOTA.default).max(RULE_QUOTA.highest).default(RULE_QUOTA.default),
};

/**
 * Ports on the nodes that the control plane calls, with what listens there: `calledPorts` of the charts, and those of add-ons.
 * Source: EKS user guide, "Security group requirements".
 */
const CONTROL_PLANE_PORTS: Record<number, string> = {
  443: "webhooks and API services",
  4443: "metrics-server of charts before 3.10",
  6443: "Prometheus adapter and KEDA",
  8082: "API service of Kueue",
  8443: "Volcano webhooks",
  9443: "load balancer controller, KEDA, Kueue and LeaderWorkerSet webhooks",
  10250: "kubelet, metrics-server, Prometheus and External Secrets webhooks",
  10251: "metrics-server of the add-on",
};

export interface SecurityGroupsProps {
  name: string;
  vpcId: string;
  vpcCidrBlocks: string[];
  clientPorts: number[];
  clientCidrs: string[];
  apiFromVpc: boolean;
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
  readonly #clients: Blocks & Pick<SecurityGroupsProps, "clientPorts">;

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

    const calls = calledPorts(props.webhookPorts);
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

    for (const [key, cidrIpv4] of apiBlocks(props)) {
      const description = "Kubernetes API from outside the cluster";
      ingress(`api-${key}`, { description, securityGroupId: cluster.id, cidrIpv4, ...tcp(443) });
    }
    this.#clients = props;
    this.admitClients(node.id, "client");
  }

  /** Lets clients reach the nodes of Auto Mode, which use the security group that EKS creates. */
  admitAutoNodeClients(clusterPrimarySecurityGroupId: string): void {
    this.admitClients(clusterPrimarySecurityGroupId, "auto-client");
  }

  private admitClients(securityGroupId: string, idPrefix: string): void {
    const { clientPorts } = this.#clients;
    for (const [key, cidrIpv4] of clientBlocks(this.#clients)) {
      for (const port of clientPorts) {
        const description = `Clients to port ${port}`;
        const range = { ipProtocol: "tcp", fromPort: port, toPort: port };
        const rule = { description, securityGroupId, cidrIpv4, ...range };
        new VpcSecurityGroupIngressRule(this, idFrom(`${idPrefix}-${port}-${key}`), rule);
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

type Blocks = Pick<SecurityGroupsProps, "vpcCidrBlocks" | "clientCidrs" | "apiFromVpc" | "apiCidrs">;

/** Blocks of clients of the nodes, each once. */
const clientBlocks = ({ vpcCidrBlocks, clientCidrs }: Pick<Blocks, "vpcCidrBlocks" | "clientCidrs">) =>
  new Map([...keyed(vpcCidrBlocks, "vpc"), ...keyed(clientCidrs, "client")]);

/** Blocks that reach the Kubernetes API, each once. */
const apiBlocks = ({ vpcCidrBlocks, apiFromVpc, apiCidrs }: Omit<Blocks, "clientCidrs">) =>
  new Map([...(apiFromVpc ? keyed(vpcCidrBlocks, "vpc") : []), ...keyed(apiCidrs, "api")]);

/** Ports on the nodes that the control plane calls, with what listens there. */
function calledPorts(webhookPorts: readonly number[]): Record<number, string> {
  const own = webhookPorts.filter((port) => !(port in CONTROL_PLANE_PORTS));
  return { ...CONTROL_PLANE_PORTS, ...Object.fromEntries(own.map((port) => [port, "webhook"])) };
}

type OpeningSettings = Blocks &
  Pick<SecurityGroupsProps, "clientPorts" | "webhookPorts"> & { securityGroupRules: number; autoMode?: object };

/** Counts what the security groups of a cluster with these settings let in. */
export function openingsOf(settings: OpeningSettings): Openings {
  const [clients, api] = [[...clientBlocks(settings).values()], [...apiBlocks(settings).values()]];
  // beside those of clients: the control plane's calls, nodes among each other, and nodes of Auto Mode
  const others = Object.keys(calledPorts(settings.webhookPorts)).length + 1 + (settings.autoMode ? 1 : 0);
  return {
    clientCidrs: clients,
    apiCidrs: api,
    nodeRules: others + clients.length * settings.clientPorts.length,
    apiRules: api.length + 1, // and that of the nodes
    securityGroupRules: settings.securityGroupRules,
  };
}

/** Refuses more rules than a security group takes. */
export function checkOpenings(
  settings: Omit<OpeningSettings, "vpcCidrBlocks"> & { network?: { vpcCidrBlocks?: unknown } },
  ctx: z.RefinementCtx,
): void {
  const blocks = settings.network?.vpcCidrBlocks;
  const vpcCidrBlocks = Array.isArray(blocks) ? blocks : [];
  const { nodeRules, apiRules, securityGroupRules: most } = openingsOf({ ...settings, vpcCidrBlocks });
  const advice = "name fewer or larger blocks, or set securityGroupRules if AWS has raised the quota";
  if (nodeRules > most) {
    const what = `must make at most ${most} rules of one security group, with a rule for each block and client port`;
    refuse(ctx, "clientCidrs", `${what}: ${advice}, got ${nodeRules}`);
  }
  if (apiRules > most) {
    refuse(ctx, "apiCidrs", `must make at most ${most} rules of one security group: ${advice}, got ${apiRules}`);
  }
}
