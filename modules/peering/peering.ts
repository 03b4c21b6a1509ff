import { DataAwsRouteTables } from "@cdktf/provider-aws/lib/data-aws-route-tables";
import { Route } from "@cdktf/provider-aws/lib/route";
import { VpcPeeringConnection } from "@cdktf/provider-aws/lib/vpc-peering-connection";
import { VpcPeeringConnectionAccepterA } from "@cdktf/provider-aws/lib/vpc-peering-connection-accepter";
import { VpcPeeringConnectionOptions } from "@cdktf/provider-aws/lib/vpc-peering-connection-options";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Fn, propertyAccess, TerraformIterator, TerraformStack, Token } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { sortedEntries } from "../common/collections";
import { idFrom } from "../common/names";
import { type Fault, refuse } from "../common/settings/faults";
import { parseProps, wrongSettings } from "../common/settings/props";
import { pairFaults, peerFaults, ruleFaults } from "./faults";
import { type NamedValue, nameSchema } from "./named-values";
import { isForeign, type OurNetwork, ourSide, type Peer, peerSchema } from "./sides";

const schema = z
  .strictObject({
    ...ourSide,
    /** VPC whose clients use our nodes. */
    peer: peerSchema.extend({
      /** Name of the peer, in the Name tag `<name>-to-<peer>` and in the rules' descriptions. */
      name: nameSchema,
    }),
  })
  .superRefine(({ peer, ...ours }, ctx) => {
    const faults = peerFaults(ours.network, peer, ["peer"]);
    for (const { path, message } of [...faults, ...ruleFaults(ours, [[["peer"], peer]], faults)])
      refuse(ctx, path, message);
  });
export type PeeringProps = z.input<typeof schema>;
type Settings = z.output<typeof schema>;

/**
 * Connects one peer VPC to our network: the connection, the routes of both sides, and the client ports on our nodes.
 * One direction only: the peer's security groups are not changed, so our nodes cannot connect to its hosts.
 */
export class Peering extends Construct {
  /** Id of the connection. References to it wait until the connection is accepted, if that is done here. */
  readonly peeringConnectionId: string;
  /** Routes in our tables, to the peer. */
  readonly egressRouteIds: string[];
  /** Routes in the peer's tables, to us. */
  readonly ingressRouteIds: string[];
  readonly ingressSecurityGroupRuleIds: string[];
  private readonly ends?: { network: OurNetwork; peer: Peer };

  constructor(scope: Construct, id: string, props: PeeringProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { name, network, peer } = settings;
    this.checkTree(network, peer);
    this.ends = { network, peer };

    const connectionId = this.connect(`${name}-to-${peer.name}`, network, peer);
    if (peer.dnsResolution || !isForeign(peer) || peer.provider) this.resolveNames(connectionId, peer);
    const destinations = network.vpcCidrBlocks;
    this.peeringConnectionId = connectionId;
    this.egressRouteIds = this.routes("egress", network.routeTables, peer.cidrs, connectionId);
    this.ingressRouteIds =
      peer.routeTables === "all"
        ? this.lookedUpRoutes(peer, destinations, connectionId)
        : this.routes("ingress", peer.routeTables ?? [], destinations, connectionId, peer);

    this.ingressSecurityGroupRuleIds = this.rules(settings);
    if (!peer.kubernetesApi) return;
    for (const { key, value: cidrIpv4 } of peer.cidrs) {
      new VpcSecurityGroupIngressRule(this, idFrom(`api ${key}`), {
        securityGroupId: settings.apiSecurityGroupId as string,
        cidrIpv4,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        description: `${peer.name} to the Kubernetes API`,
      });
    }
  }

  /** Opens the client ports of all groups of the pods; gives the ids of the rules. */
  private rules({ name, securityGroupId, otherSecurityGroupIds, clientPorts, peer }: Settings): string[] {
    const groups = [["", securityGroupId] as const, ...sortedEntries(otherSecurityGroupIds)];
    const ports = [...clientPorts].sort((a, b) => a - b);
    return groups.flatMap(([group, securityGroupId]) =>
      peer.cidrs.flatMap(({ key, value: cidrIpv4 }) =>
        ports.map((port) => {
          const description = `${peer.name} to ${name}, tcp ${port}`;
          const range = { ipProtocol: "tcp", fromPort: port, toPort: port };
          const rule = { securityGroupId, cidrIpv4, ...range, description };
          const id = idFrom(`client ${key} ${port}${group && ` ${group}`}`);
          return new VpcSecurityGroupIngressRule(this, id, rule).securityGroupRuleId;
        }),
      ),
    );
  }

  /** Checks that need the construct tree: the provider's stack, and conflicts with other peerings of our network. */
  private checkTree(network: OurNetwork, peer: Peer) {
    const faults: Fault[] = [];
    if (peer.provider && TerraformStack.of(peer.provider) !== TerraformStack.of(this)) {
      const message = `must be in the stack of the peering, got ${peer.provider.node.path}`;
      faults.push({ path: ["peer", "provider"], message });
    }
    for (const other of this.node.root.node.findAll()) {
      if (!(other instanceof Peering) || other.ends?.network.vpcId !== network.vpcId) continue;
      faults.push(...pairFaults(peer, other.ends.peer, other.node.path, ["peer"]));
    }
    if (faults.length === 0) return;
    throw wrongSettings(this, faults);
  }

  /** Requests the connection and accepts it; references to the result wait for that. */
  private connect(name: string, network: OurNetwork, peer: Peer): string {
    const foreign = isForeign(peer);
    const connection = new VpcPeeringConnection(this, "connection", {
      vpcId: network.vpcId,
      peerVpcId: peer.vpcId,
      peerOwnerId: peer.accountId,
      peerRegion: peer.region,
      // Automatic acceptance works only within one account and region; the provider refuses the flag with a region.
      autoAccept: foreign ? undefined : true,
      tags: { Name: name },
    });
    if (!peer.provider) return connection.id;
    return new VpcPeeringConnectionAccepterA(this, "accepter", {
      provider: peer.provider,
      vpcPeeringConnectionId: connection.id,
      autoAccept: true,
      tags: { Name: name },
    }).id;
  }

  /** Enables DNS resolution on both sides; each account and region can set only its own. */
  private resolveNames(vpcPeeringConnectionId: string, { provider, dnsResolution }: Peer) {
    // Written when off, too: the provider forgets deleted options without a call to AWS. Only a connection that is not yet
    // accepted, by hand, takes no options at all.
    const dns = { allowRemoteVpcDnsResolution: dnsResolution };
    if (!provider) {
      new VpcPeeringConnectionOptions(this, "options", { vpcPeeringConnectionId, requester: dns, accepter: dns });
      return;
    }
    new VpcPeeringConnectionOptions(this, "requester-options", { vpcPeeringConnectionId, requester: dns });
    new VpcPeeringConnectionOptions(this, "accepter-options", { provider, vpcPeeringConnectionId, accepter: dns });
  }

  private routes(
    way: string,
    tables: NamedValue[],
    cidrs: NamedValue[],
    vpcPeeringConnectionId: string,
    peer?: Peer,
  ): string[] {
    return tables.flatMap((table) =>
      cidrs.map(
        (cidr) =>
          new Route(this, idFrom(`${way} ${table.key} ${cidr.key}`), {
            provider: peer?.provider,
            routeTableId: table.value,
            destinationCidrBlock: cidr.value,
            vpcPeeringConnectionId,
          }).id,
      ),
    );
  }

  /** Routes in every table of the peer VPC; the ids are known only after the lookup. */
  private lookedUpRoutes({ vpcId, provider }: Peer, cidrs: NamedValue[], vpcPeeringConnectionId: string): string[] {
    const tables = new DataAwsRouteTables(this, "peer-tables", { provider, vpcId });
    const each = TerraformIterator.fromList(tables.ids);
    const ids = cidrs.map((cidr) => {
      const route = new Route(this, idFrom(`ingress all ${cidr.key}`), {
        forEach: each,
        provider,
        routeTableId: Token.asString(each.value),
        destinationCidrBlock: cidr.value,
        vpcPeeringConnectionId,
      });
      return Token.asList(propertyAccess(Fn.values(route.fqn), ["*", "id"]));
    });
    return Fn.concat(ids);
  }
}
