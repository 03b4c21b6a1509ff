import { DbSubnetGroup } from "@cdktf/provider-aws/lib/db-subnet-group";
import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { VpcIpv4CidrBlockAssociation } from "@cdktf/provider-aws/lib/vpc-ipv4-cidr-block-association";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { present } from "../common/settings/present";
import { parseProps } from "../common/settings/props";
import { FlowLogs } from "./flow-logs";
import { GatewayEndpoint } from "./gateway-endpoint";
import { InterfaceEndpoints } from "./interface-endpoints";
import { Nat } from "./nat";
import { NatInstance } from "./nat-instance";
import { type NetworkProps, schema } from "./schema";
import { planSubnets, type Tier } from "./subnet-plan";
import { SubnetTier, type SubnetTierProps } from "./subnet-tier";
import { regionZones } from "./zones";

export type { NetworkProps, NetworkSettings } from "./schema";

/**
 * VPC with a public, a private and a database tier over two to six zones. The database tier has no way out of the VPC;
 * the security group that AWS makes with the VPC is emptied.
 */
export class Network extends Construct {
  readonly name: string;
  readonly vpcId: string;
  readonly vpcArn: string;
  /** Literal main block. */
  readonly vpcCidrBlock: string;
  /** Literal blocks: the main one, then the pods' if there is one. */
  readonly vpcCidrBlocks: string[];
  /** Name of each zone. */
  readonly azs: string[];
  readonly publicSubnetIds: string[];
  readonly publicSubnetArns: string[];
  readonly publicSubnetCidrBlocks: string[];
  readonly publicRouteTableIds: string[];
  readonly privateSubnetIds: string[];
  readonly privateSubnetArns: string[];
  readonly privateSubnetCidrBlocks: string[];
  readonly privateRouteTableIds: string[];
  readonly databaseSubnetIds: string[];
  readonly databaseSubnetArns: string[];
  readonly databaseSubnetCidrBlocks: string[];
  readonly databaseRouteTableIds: string[];
  readonly podSubnetIds: string[];
  readonly podSubnetCidrBlocks: string[];
  /** Tables that a peering may add routes to, by a key that stays: `public`, and `private` or `private-<zone index>`. */
  readonly routeTables: Record<string, string>;
  readonly natGatewayIds: string[];
  /** Addresses that the private tier shows to the internet; empty for a regional gateway, whose addresses AWS changes. */
  readonly natPublicIps: string[];
  /** Routes to the internet: a machine that needs it as soon as it boots names them in its `dependsOn`. */
  readonly defaultRoutes: ITerraformDependable[];
  readonly #internetGateway: InternetGateway | undefined;
  readonly #databaseSubnetGroup: DbSubnetGroup | undefined;

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { name, cidr, podCidr, nat, kubernetesTags } = settings;
    const plan = planSubnets(settings);

    const dns = { enableDnsHostnames: true, enableDnsSupport: true }; // interface endpoints and EKS need both
    const vpc = new Vpc(this, "vpc", { cidrBlock: cidr, ...dns, tags: { Name: name } });
    const vpcId = vpc.id;
    new DefaultSecurityGroup(this, "default-security-group", { vpcId, tags: { Name: `${name}-default` } });
    const azs = settings.azs ?? regionZones(this, settings.zoneCount, settings.excludedZoneIds);

    const table = (key: string, label = key) =>
      new RouteTable(this, `${key}-table`, { vpcId, tags: { Name: `${name}-${label}` } }).id;
    const privateTables = (): [string, string][] =>
      nat === "perAz"
        ? azs.map((az, i) => [`private-${i}`, table(`private-${i}`, `private-${az}`)])
        : [["private", table("private")]];
    const publicRoutes: Record<string, string> = settings.public ? { public: table("public") } : {};
    const privateRoutes = settings.private ? Object.fromEntries(privateTables()) : {};
    this.publicRouteTableIds = Object.values(publicRoutes);
    this.privateRouteTableIds = Object.values(privateRoutes);
    this.databaseRouteTableIds = settings.database ? [table("database")] : [];
    this.routeTables = { ...publicRoutes, ...privateRoutes };

    const tags = (tier: Tier, role?: string) => ({
      ...(role && kubernetesTags ? { [`kubernetes.io/role/${role}`]: "1" } : {}),
      ...settings[tier]?.tags,
    });
    const subnets = (
      key: Tier | "pod",
      rest: Pick<SubnetTierProps, "routeTableIds" | "tags"> & Partial<SubnetTierProps>,
    ) => new SubnetTier(this, key, { vpcId, name: `${name}-${key}`, azs, cidrBlocks: plan[key], ...rest });
    const publicTier = subnets("public", {
      routeTableIds: this.publicRouteTableIds,
      tags: tags("public", "elb"),
      mapPublicIpOnLaunch: settings.public?.mapPublicIpOnLaunch,
    });
    const privateTier = subnets("private", {
      routeTableIds: this.privateRouteTableIds,
      tags: tags("private", "internal-elb"),
    });
    const databaseTier = subnets("database", { routeTableIds: this.databaseRouteTableIds, tags: tags("database") });
    const podTier = subnets("pod", {
      routeTableIds: this.privateRouteTableIds,
      tags: kubernetesTags ? { "kubernetes.io/role/cni": "1" } : {}, // by which the VPC CNI finds room for pods
      ...(podCidr
        ? { dependsOn: [new VpcIpv4CidrBlockAssociation(this, "pod-cidr", { vpcId, cidrBlock: podCidr })] }
        : {}),
    });
    if (settings.database) {
      this.#databaseSubnetGroup = new DbSubnetGroup(this, "database-subnet-group", {
        name: name.toLowerCase(), // as RDS would store it
        subnetIds: databaseTier.subnetIds,
        tags: { Name: name },
      });
    }

    const internetGateway =
      settings.public || nat === "regional"
        ? new InternetGateway(this, "internet-gateway", { vpcId, tags: { Name: name } })
        : undefined;
    const publicDefaults = this.publicRouteTableIds.map(
      (routeTableId) =>
        new Route(this, "public-route", {
          routeTableId,
          destinationCidrBlock: "0.0.0.0/0",
          gatewayId: internetGateway?.id,
        }),
    );
    const gateway =
      nat === "none" || nat === "instance"
        ? undefined
        : new Nat(this, "nat", {
            mode: nat,
            name,
            vpcId,
            azs,
            publicSubnetIds: publicTier.subnetIds,
            privateRouteTableIds: this.privateRouteTableIds,
            dependsOn: internetGateway ? [internetGateway] : [],
          });
    const [firstPublicSubnetId] = publicTier.subnetIds;
    const machine =
      nat === "instance" && firstPublicSubnetId
        ? new NatInstance(this, "nat-instance", {
            name,
            instanceType: settings.natMachine,
            vpcId,
            vpcCidrBlocks: podCidr ? [cidr, podCidr] : [cidr],
            subnetId: firstPublicSubnetId,
            privateRouteTableIds: this.privateRouteTableIds,
            dependsOn: publicDefaults,
          })
        : undefined;
    this.#internetGateway = internetGateway;
    const exit = gateway ?? machine;
    this.natGatewayIds = gateway?.gatewayIds ?? [];
    this.natPublicIps = exit?.publicIps ?? [];
    this.defaultRoutes = [...publicDefaults, ...(exit?.routes ?? [])];

    const routeTableIds = [...Object.values(this.routeTables), ...this.databaseRouteTableIds];
    for (const service of ["s3", "dynamodb"] as const) {
      if (settings[`${service}Endpoint`]) {
        new GatewayEndpoint(this, `${service}-endpoint`, { service, name, vpcId, routeTableIds });
      }
    }
    if (settings.interfaceEndpoints.length > 0) {
      new InterfaceEndpoints(this, "interface-endpoints", {
        services: settings.interfaceEndpoints,
        name,
        vpcId,
        subnetIds: privateTier.subnetIds.slice(0, azs.length), // an endpoint takes one subnet of a zone
        callers: { vpc: cidr, ...(podCidr ? { pods: podCidr } : {}) },
      });
    }
    if (settings.flowLogs) new FlowLogs(this, "flow-logs", { name, vpc, settings: settings.flowLogs });

    this.name = name;
    this.vpcId = vpcId;
    this.vpcArn = vpc.arn;
    this.vpcCidrBlock = cidr;
    this.vpcCidrBlocks = podCidr ? [cidr, podCidr] : [cidr];
    this.azs = azs;
    this.publicSubnetIds = publicTier.subnetIds;
    this.publicSubnetArns = publicTier.subnetArns;
    this.publicSubnetCidrBlocks = plan.public;
    this.privateSubnetIds = privateTier.subnetIds;
    this.privateSubnetArns = privateTier.subnetArns;
    this.privateSubnetCidrBlocks = plan.private;
    this.databaseSubnetIds = databaseTier.subnetIds;
    this.databaseSubnetArns = databaseTier.subnetArns;
    this.databaseSubnetCidrBlocks = plan.database;
    this.podSubnetIds = podTier.subnetIds;
    this.podSubnetCidrBlocks = plan.pod;
  }

  /** Id of the RDS subnet group; an `InputError` when the database tier is off. */
  get databaseSubnetGroupId(): string {
    return this.#present(this.#databaseSubnetGroup, "database", "the RDS subnet group").id;
  }

  /** Name of the RDS subnet group; an `InputError` when the database tier is off. */
  get databaseSubnetGroupName(): string {
    return this.#present(this.#databaseSubnetGroup, "database", "the RDS subnet group").name;
  }

  /** Id of the internet gateway; an `InputError` when nothing in the network needs one. */
  get internetGatewayId(): string {
    return this.#present(this.#internetGateway, "public", "the internet gateway").id;
  }

  #present<T>(resource: T | undefined, tier: Tier, what: string): T {
    return present(this, tier, resource, `must be on, as ${what} is asked for; remove "${tier}: false"`);
  }
}
