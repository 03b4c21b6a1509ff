import type { Json } from "../synth";
import { type Ground, groupsOf, INTERNET, type Place } from "./ground";
import { listOf, nameOf, type Resource, type Whole } from "./whole";

/** Somebody who opens connections or to whom they are opened. */
export interface End {
  readonly kind: string;
  /** Where it is made. */
  readonly name: string;
  readonly places: readonly Place[];
  /** Security groups that it wears; a stranger's own group lets everything out and nobody in. */
  readonly groups: readonly string[] | "a stranger's";
  /** Blocks that a client of a VPN may go to. */
  readonly authorized?: readonly string[];
  /** Resource that it is. */
  readonly resource?: Resource;
}

/** Everybody there is in the stacks, and around them. */
export function endsOf(whole: Whole, ground: Ground, named: readonly string[]): End[] {
  const made = whole.resources.flatMap((resource) => READERS[resource.type]?.(resource, whole, ground) ?? []);
  return [...made, ...hostsOf(whole, ground), ...foreignPeers(whole, ground), ...outsiders(named)];
}

/** An address of the internet that no configuration names. */
const SOMEBODY = "198.51.100.0/24";

const outsiders = (named: readonly string[]): End[] => [
  { kind: "internet", name: INTERNET, places: [outside(SOMEBODY)], groups: "a stranger's" },
  ...named.map((block): End => ({ kind: "named", name: block, places: [outside(block)], groups: "a stranger's" })),
];
const outside = (block: string): Place => ({ network: INTERNET, block, isPublic: true });

/** Any machine of each network, in the subnets that are not for databases alone. */
function hostsOf(whole: Whole, ground: Ground): End[] {
  const peers = whole.all("aws_vpc_peering_connection").map(({ body }) => nameOf(body.peer_vpc_id));
  return [...ground.networks].map(([network, subnets]) => ({
    kind: peers.includes(network) ? "peer-host" : "vpc-host",
    name: network,
    places: subnets.filter((subnet) => !subnet.includes("_database_")).map((subnet) => ground.placeOf(subnet)),
    groups: "a stranger's",
  }));
}

/** Machines of the peers that the settings alone describe, at the addresses that our routes lead to. */
function foreignPeers(whole: Whole, ground: Ground): End[] {
  return whole.all("aws_vpc_peering_connection").flatMap(({ address, body }) => {
    const network = nameOf(body.peer_vpc_id);
    if (ground.networks.has(network)) return [];
    const routes = ground.peeringRoutes(address);
    const theirs = [...new Set(routes.map(({ table }) => table).filter((table) => !table.includes(":")))];
    const blocks = new Set(routes.filter(({ table }) => table.includes(":")).map(({ destination }) => destination));
    const places = [...blocks].flatMap((block) => theirs.map((table) => ({ network, block, table, isPublic: false })));
    return [{ kind: "peer-host", name: network, places, groups: "a stranger's" as const }];
  });
}

type Reader = (resource: Resource, whole: Whole, ground: Ground) => End[];

/** How each type of resource says where it stands and what it wears. */
const READERS: Readonly<Record<string, Reader>> = {
  aws_eks_cluster: ({ address, body, ...about }, _, ground) => {
    const [{ subnet_ids, security_group_ids }] = listOf(body.vpc_config);
    const places = subnet_ids.map((subnet: Json) => ground.place(subnet));
    const resource = { address, body, ...about };
    const [compute] = listOf(body.compute_config);
    // Source: EKS user guide, "View Amazon EKS security group requirements": its interfaces wear both
    const api = { ...end("kubernetes-api", resource, places), groups: [address, ...groupsOf(security_group_ids)] };
    return compute?.enabled ? [api, { ...end("auto-node", resource, places), groups: [address] }] : [api];
  },
  aws_eks_node_group: (resource, whole, ground) => {
    const { body } = resource;
    const [template] = listOf(body.launch_template);
    const worn = whole.at(template?.id)?.body;
    const own = worn && groupsOf(worn.vpc_security_group_ids ?? listOf(worn.network_interfaces)[0]?.security_groups);
    // Source: EKS user guide, "Customize managed nodes with launch templates": without groups there, EKS's own one
    const groups = own?.length ? own : [nameOf(body.cluster_name)];
    return [{ ...end("node", resource, body.subnet_ids.map(placesIn(ground))), groups }];
  },
  helm_release: (resource, _, ground) => karpenterNodes(resource, ground),
  aws_ecs_service: (resource, whole, ground) => {
    const { body } = resource;
    const [{ subnets, security_groups, assign_public_ip }] = listOf(body.network_configuration);
    const [container] = JSON.parse(whole.at(body.task_definition)?.body.container_definitions);
    const places = subnets.map((subnet: Json) => ground.place(subnet, assign_public_ip === true));
    return [{ ...end(taskKind(container.name, resource), resource, places), groups: groupsOf(security_groups) }];
  },
  aws_cloudformation_stack: (resource, _, ground) => {
    const { Broker } = JSON.parse(resource.body.template_body).Resources;
    const { SubnetIds, SecurityGroups } = Broker.Properties;
    return [{ ...end("broker", resource, SubnetIds.map(placesIn(ground))), groups: groupsOf(SecurityGroups) }];
  },
  aws_db_instance: (resource, whole, ground) => {
    const subnets = whole.at(resource.body.db_subnet_group_name)?.body.subnet_ids;
    const groups = groupsOf(resource.body.vpc_security_group_ids);
    return [{ ...end("database", resource, subnets.map(placesIn(ground))), groups }];
  },
  aws_efs_mount_target: (resource, _, ground) => {
    const { body } = resource;
    return [{ ...end("files", resource, [ground.place(body.subnet_id)]), groups: groupsOf(body.security_groups) }];
  },
  aws_fsx_lustre_file_system: (resource, _, ground) => {
    const { body } = resource;
    const places = body.subnet_ids.map(placesIn(ground));
    return [{ ...end("lustre", resource, places), groups: groupsOf(body.security_group_ids) }];
  },
  aws_instance: (resource, whole, ground) => {
    const { body, path } = resource;
    const kind = /\/nat-instance\//.test(path) ? "nat-machine" : /\/host\//.test(path) ? "gateway-host" : "machine";
    const isPublic = body.associate_public_ip_address === true || hasAddress(resource, whole);
    const places = [ground.place(body.subnet_id, isPublic)];
    return [{ ...end(kind, resource, places), groups: groupsOf(body.vpc_security_group_ids) }];
  },
  aws_autoscaling_group: (resource, whole, ground) => {
    const { body } = resource;
    const [mixed] = listOf(body.mixed_instances_policy);
    const [inMixed] = listOf(mixed?.launch_template);
    const [template] = listOf(body.launch_template ?? inMixed?.launch_template_specification);
    const [card] = listOf(whole.at(template?.id ?? template?.launch_template_id)?.body.network_interfaces);
    const isPublic = card.associate_public_ip_address === "true";
    const places = body.vpc_zone_identifier.map((subnet: Json) => ground.place(subnet, isPublic));
    const kind = /-training-compute\//.test(resource.path) ? "training-machine" : "machine";
    return [{ ...end(kind, resource, places), groups: groupsOf(card.security_groups) }];
  },
  aws_codebuild_project: (resource, _, ground) =>
    listOf(resource.body.vpc_config).map(({ subnets, security_group_ids }) => ({
      ...end("package-build", resource, subnets.map(placesIn(ground))),
      groups: groupsOf(security_group_ids),
    })),
  aws_lb: (resource, _, ground) => {
    const { subnets, internal, security_groups } = resource.body;
    const places = subnets.map((subnet: Json) => ground.place(subnet, internal === false));
    const kind = /-load-balancing\//.test(resource.path) ? "shared-balancer" : "balancer";
    return [{ ...end(kind, resource, places), groups: groupsOf(security_groups) }];
  },
  aws_vpc_endpoint: (resource, _, ground) => {
    const { vpc_endpoint_type, subnet_ids, security_group_ids } = resource.body;
    if (vpc_endpoint_type !== "Interface") return [];
    // an expression leaves out zones that lack the service, which are as good as any other here
    const subnets: Json[] = Array.isArray(subnet_ids)
      ? subnet_ids
      : [...new Set(subnet_ids.match(/[\w-]+:aws_subnet\.[\w-]+/g))];
    return [{ ...end("endpoint", resource, subnets.map(placesIn(ground))), groups: groupsOf(security_group_ids) }];
  },
  aws_ec2_instance_connect_endpoint: (resource, _, ground) => {
    const { subnet_id, security_group_ids } = resource.body;
    return [{ ...end("instance-connect", resource, [ground.place(subnet_id)]), groups: groupsOf(security_group_ids) }];
  },
  // Source: Client VPN administrator guide: clients take on the address of the interface by which they come in
  aws_ec2_client_vpn_endpoint: (resource, whole, ground) => {
    const { address, body } = resource;
    const ofThis = (type: string) =>
      whole.all(type).filter((other) => nameOf(other.body.client_vpn_endpoint_id) === address);
    const subnets = ofThis("aws_ec2_client_vpn_network_association").map((other) => other.body.subnet_id);
    const authorized = ofThis("aws_ec2_client_vpn_authorization_rule").map((other) => other.body.target_network_cidr);
    const places = subnets.map(placesIn(ground));
    return [{ ...end("vpn-client", resource, places), groups: groupsOf(body.security_group_ids), authorized }];
  },
};

/** Our word for a task, by the name of its container. */
const TASKS: Readonly<Record<string, string>> = { rabbitmq: "broker", server: "prefect-server" };

/** Fossa and Prefect both have workers. */
const taskKind = (container: string, { path }: Resource): string =>
  /\/prefect\//.test(path) ? `prefect-${container}` : (TASKS[container] ?? container);

const placesIn = (ground: Ground) => (subnet: Json) => ground.place(subnet);

const end = (kind: string, resource: Resource, places: readonly Place[]) => ({
  kind,
  name: resource.path,
  places,
  resource,
});

const hasAddress = ({ address }: Resource, whole: Whole): boolean =>
  whole
    .all("aws_eip", "aws_eip_association")
    .some(({ body }) => nameOf(body.network_interface ?? body.network_interface_id) === address);

/** Nodes that Karpenter starts, by the objects that it is given. */
function karpenterNodes(resource: Resource, ground: Ground): End[] {
  const objects: Json[] = listOf(resource.body.values).flatMap((text) => JSON.parse(text).objects ?? []);
  return objects
    .filter(({ kind }) => kind === "EC2NodeClass")
    .map(({ metadata, spec }) => ({
      ...end(
        "karpenter-node",
        resource,
        spec.subnetSelectorTerms.map(({ id }: Json) => ground.place(id)),
      ),
      name: `${resource.path}/${metadata.name}`,
      groups: groupsOf(spec.securityGroupSelectorTerms.map(({ id }: Json) => id)),
    }));
}
