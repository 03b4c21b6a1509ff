import { contains, overlaps } from "../../../modules/common/settings/cidr";
import type { Json } from "../synth";
import { ALL, type Ports, portsOf } from "./ports";
import { listOf, nameOf, type Resource, type Whole } from "./whole";

/** Subnet that a stack is told of and does not make. */
export interface ForeignSubnet {
  readonly network: string;
  readonly block: string;
  /** Its route table. */
  readonly table: string;
  /** Whether that leads to an internet gateway. */
  readonly leadsOut?: boolean;
  /** Whether that leads to a NAT gateway. */
  readonly byNat?: boolean;
}

/** A NAT gateway that exists already. */
const FOREIGN_NAT = "a NAT gateway of others";

/** Where an end stands: one subnet, or a block of another network. */
export interface Place {
  /** VPC, or {@link INTERNET}. */
  readonly network: string;
  readonly block: string;
  /** Route table of the subnet; none where it is the VPC's main one, which has no routes. */
  readonly table?: string;
  /** Whether the address is a public one. */
  readonly isPublic: boolean;
}

export const INTERNET = "the internet";
const EVERYWHERE = "0.0.0.0/0";

/** One rule of a security group. */
interface Rule {
  readonly ports: Ports;
  readonly block?: string;
  readonly group?: string;
}
export type Direction = "ingress" | "egress";

/** Where a route leads. */
interface Route {
  readonly destination: string;
  readonly kind: "internet" | "nat" | "machine" | "peering";
  readonly target: string;
}

/** Subnets, routes and rules of security groups: what decides who reaches whom. */
export class Ground {
  readonly #subnets = new Map<string, ForeignSubnet>();
  readonly #routes = new Map<string, Route[]>();
  readonly #rules: Readonly<Record<Direction, Map<string, Rule[]>>> = { ingress: new Map(), egress: new Map() };

  constructor(
    private readonly whole: Whole,
    foreign: Readonly<Record<string, ForeignSubnet>>,
  ) {
    for (const [id, subnet] of Object.entries(foreign)) {
      this.#subnets.set(id, subnet);
      if (subnet.byNat) put(this.#routes, subnet.table, { destination: EVERYWHERE, kind: "nat", target: FOREIGN_NAT });
      if (subnet.leadsOut) put(this.#routes, subnet.table, { destination: EVERYWHERE, kind: "internet", target: "" });
    }
    const tables = new Map(
      whole
        .all("aws_route_table_association")
        .map(({ body }) => [nameOf(body.subnet_id), nameOf(body.route_table_id)] as const),
    );
    for (const { address, body } of whole.all("aws_subnet")) {
      const table = tables.get(address);
      if (!table) throw new Error(`${address} is in no route table`);
      this.#subnets.set(address, { network: nameOf(body.vpc_id), block: body.cidr_block, table });
    }
    for (const { body } of whole.all("aws_route")) {
      put(this.#routes, nameOf(body.route_table_id), routeOf(whole, body));
    }
    for (const direction of ["ingress", "egress"] as const) {
      for (const { body } of whole.all(`aws_vpc_security_group_${direction}_rule`)) {
        put(this.#rules[direction], nameOf(body.security_group_id), ruleOf(body));
      }
    }
    // What EKS puts on the group that it makes. Source: EKS user guide, "View Amazon EKS security group requirements"
    for (const { address } of whole.all("aws_eks_cluster")) {
      put(this.#rules.ingress, address, { ports: ALL, group: address });
      put(this.#rules.egress, address, { ports: ALL, block: EVERYWHERE });
    }
  }

  /** Subnets of each network that are made or known here. */
  get networks(): Map<string, string[]> {
    const networks = new Map<string, string[]>();
    for (const [name, { network }] of this.#subnets) put(networks, network, name);
    return networks;
  }

  /** Place in the subnet that a resource refers to. */
  place(subnet: Json, isPublic = false): Place {
    return this.placeOf(nameOf(subnet), isPublic);
  }

  /** Place in the subnet of this name. */
  placeOf(name: string, isPublic = false): Place {
    const found = this.#subnets.get(name);
    if (!found) throw new Error(`nothing is known of subnet ${name}`);
    const { network, block, table } = found;
    return { network, block, table, isPublic };
  }

  /** Routes through a peering, by the table that they are in. */
  peeringRoutes(connection: string): { table: string; destination: string }[] {
    return [...this.#routes].flatMap(([table, routes]) =>
      routes
        .filter(({ kind, target }) => kind === "peering" && target === connection)
        .map(({ destination }) => ({ table, destination })),
    );
  }

  /** The route that packets from a place to a block take; none where nothing leads there. */
  route({ table }: Place, block: string): Route | undefined {
    const fit = (this.#routes.get(table ?? "") ?? []).filter(({ destination }) => contains(destination, block));
    return fit.sort((a, b) => prefix(b.destination) - prefix(a.destination))[0];
  }

  /** Whether a NAT gateway has a way to the internet. */
  natGatewayWorks(name: string): boolean {
    if (name === FOREIGN_NAT) return true;
    const gateway = this.whole.resources.find(({ address }) => address === name);
    if (gateway?.body.availability_mode === "regional") return true;
    return gateway !== undefined && this.route(this.place(gateway.body.subnet_id), EVERYWHERE)?.kind === "internet";
  }

  /** Ports that the groups let through to or from somebody at a place who wears `theirs`. */
  allowed(direction: Direction, groups: readonly string[], other: Place, theirs: readonly string[]): Ports[] {
    return groups.flatMap((name) =>
      (this.#rules[direction].get(name) ?? [])
        .filter(({ group, block }) => (group ? theirs.includes(group) : concerns(name, block as string, other)))
        .map(({ ports }) => ports),
    );
  }
}

/** Whether a rule is about somebody's address. A rule about half of a subnet would be neither there nor not there. */
function concerns(group: string, block: string, { block: theirs }: Place): boolean {
  if (contains(block, theirs)) return true;
  if (overlaps(block, theirs)) throw new Error(`a rule of ${group} is about ${block}, which is a part of ${theirs}`);
  return false;
}

function ruleOf(body: Json): Rule {
  const ports = portsOf(body);
  if (body.referenced_security_group_id) return { ports, group: nameOf(body.referenced_security_group_id) };
  if (body.cidr_ipv4) return { ports, block: body.cidr_ipv4 };
  throw new Error(`nothing is known of a rule such as ${JSON.stringify(body)}`);
}

function routeOf(whole: Whole, body: Json): Route {
  const destination: string = body.destination_cidr_block;
  const { gateway_id, nat_gateway_id, network_interface_id, vpc_peering_connection_id } = body;
  if (gateway_id) return { destination, kind: "internet", target: nameOf(gateway_id) };
  if (nat_gateway_id) return { destination, kind: "nat", target: nameOf(nat_gateway_id) };
  if (network_interface_id) return { destination, kind: "machine", target: nameOf(network_interface_id) };
  if (vpc_peering_connection_id) {
    return { destination, kind: "peering", target: connectionOf(whole, vpc_peering_connection_id) };
  }
  throw new Error(`nothing is known of a route such as ${JSON.stringify(body)}`);
}

/** The connection itself, where a route waits for whoever accepts it. */
function connectionOf(whole: Whole, reference: Json): string {
  const found: Resource | undefined = whole.at(reference);
  if (found?.type !== "aws_vpc_peering_connection_accepter") return nameOf(reference);
  return nameOf(found.body.vpc_peering_connection_id);
}

const prefix = (block: string) => Number(block.split("/")[1]);

function put<T>(map: Map<string, T[]>, key: string, value: T): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}

/** Groups that the resource names, be it in a list or in a block. */
export const groupsOf = (value: Json): string[] => listOf(value).map(nameOf);
