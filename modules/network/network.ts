import { DbSubnetGroup } from "@cdktf/provider-aws/lib/db-subnet-group";
import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { VpcIpv4CidrBlockAssociation } from "@cdktf/provider-aws/lib/vpc-ipv4-cidr-block-association";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { z } from "zod";
import { lastingSettings } from "../common/lasting-settings";
import type { PrivateReach } from "../common/private-reach";
import { INTERNET } from "../common/settings/allowed-cidrs";
import { present } from "../common/settings/present";
import { parseProps } from "../common/settings/props";
import { onePerZone } from "../common/zones";
import { endpointPolicy } from "./endpoint-policies";
import { FlowLogs } from "./flow-logs";
import { GatewayEndpoint } from "./gateway-endpoint";
import { InterfaceEndpoints } from "./interface-endpoints";
import { Nat } from "./nat";
import { NatInstance } from "./nat-instance";
import { type NetworkProps, schema } from "./schema";
import { planSubnets, type SubnetPlan, type Tier } from "./subnet-plan";
import { SubnetTier, type SubnetTierProps } from "./subnet-tier";
import { regionZones } from "./zones";

export type { NetworkProps, NetworkSettings } from "./schema";

type Settings = z.output<typeof schema>;

/** Roles in the tags `kubernetes.io/role/<role>`, by which Kubernetes and the VPC CNI find subnets. */
const KUBERNETES_ROLES: Partial<Record<Tier | "pod", string>> = { public: "elb", private: "internal-elb", pod: "cni" };

/**
 * VPC with a public, a private and a database tier over two to six zones. The database tier has no route out of the VPC. The
 * VPC's default security group is emptied.
 */
export class Network extends Construct {
  readonly name: string;
  readonly vpcId: string;
  readonly vpcArn: string;
  /** Literal primary block. */
  readonly vpcCidrBlock: string;
  /** Literal blocks: the primary one, then the pods', if any. */
  readonly vpcCidrBlocks: string[];
  /** Zone names. */
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
  /** Route tables for peering routes, by a stable key: `public`, and `private` or `private-<zone index>`. */
  readonly routeTables: Record<string, string>;
  readonly natGatewayIds: string[];
  /** Public addresses of the private tier's egress; empty for a regional gateway, whose addresses change. */
  readonly natPublicIps: string[];
  /** What the private subnets reach outside the VPC. */
  readonly privateReach: PrivateReach;
  /** Routes to the internet, for the `dependsOn` of machines that need it at boot. */
  readonly defaultRoutes: ITerraformDependable[];
  readonly #internetGateway: InternetGateway | undefined;
  readonly #databaseSubnetGroup: DbSubnetGroup | undefined;

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { name, cidr, podCidr } = settings;
    this.name = name;
    this.vpcCidrBlock = cidr;
    this.vpcCidrBlocks = podCidr ? [cidr, podCidr] : [cidr];

    const dns = { enableDnsHostnames: true, enableDnsSupport: true }; // required by interface endpoints and EKS
    const vpc = new Vpc(this, "vpc", {
      cidrBlock: cidr,
      ...dns,
      tags: { Name: name },
      lifecycle: lastingSettings(this, "lasting", {
        what: "the VPC",
        settings: { cidr },
        allowReplacement: settings.allowReplacement,
      }),
    });
    this.vpcId = vpc.id;
    this.vpcArn = vpc.arn;
    const defaultTags = { Name: `${name}-default` };
    new DefaultSecurityGroup(this, "default-security-group", { vpcId: vpc.id, tags: defaultTags });
    this.azs = settings.azs ?? regionZones(this, settings.zoneCount, settings.excludeZoneIds);

    const tables = this.makeRouteTables(settings);
    this.routeTables = { ...tables.public, ...tables.private };
    this.publicRouteTableIds = Object.values(tables.public);
    this.privateRouteTableIds = Object.values(tables.private);
    this.databaseRouteTableIds = Object.values(tables.database);

    const plan = planSubnets(settings);
    const tiers = this.makeTiers(settings, plan);
    this.publicSubnetIds = tiers.public.subnetIds;
    this.publicSubnetArns = tiers.public.subnetArns;
    this.publicSubnetCidrBlocks = plan.public;
    this.privateSubnetIds = tiers.private.subnetIds;
    this.privateSubnetArns = tiers.private.subnetArns;
    this.privateSubnetCidrBlocks = plan.private;
    this.databaseSubnetIds = tiers.database.subnetIds;
    this.databaseSubnetArns = tiers.database.subnetArns;
    this.databaseSubnetCidrBlocks = plan.database;
    this.podSubnetIds = tiers.pod.subnetIds;
    this.podSubnetCidrBlocks = plan.pod;
    if (settings.database) {
      this.#databaseSubnetGroup = new DbSubnetGroup(this, "database-subnet-group", {
        name: name.toLowerCase(), // as RDS stores it
        subnetIds: this.databaseSubnetIds,
        tags: { Name: name },
      });
    }

    if (settings.public || settings.nat === "regional") {
      this.#internetGateway = new InternetGateway(this, "internet-gateway", { vpcId: vpc.id, tags: { Name: name } });
    }
    const publicRoutes = this.makePublicRoutes();
    const nat = this.makeNat(settings, publicRoutes);
    this.natGatewayIds = nat instanceof Nat ? nat.gatewayIds : [];
    this.natPublicIps = nat?.publicIps ?? [];
    this.defaultRoutes = [...publicRoutes, ...(nat?.routes ?? [])];

    this.privateReach = nat ? "everything" : reachedServices(settings);
    this.makeEndpoints(settings);
    if (settings.flowLogs) new FlowLogs(this, "flow-logs", { name, vpc, settings: settings.flowLogs });
  }

  /** Id of the RDS subnet group; an `InputError` when the database tier is off. */
  get databaseSubnetGroupId(): string {
    return this.#present(this.#databaseSubnetGroup, "database", "the RDS subnet group").id;
  }

  /** Name of the RDS subnet group; an `InputError` when the database tier is off. */
  get databaseSubnetGroupName(): string {
    return this.#present(this.#databaseSubnetGroup, "database", "the RDS subnet group").name;
  }

  /** Id of the internet gateway; an `InputError` when the network needs none. */
  get internetGatewayId(): string {
    return this.#present(this.#internetGateway, "public", "the internet gateway").id;
  }

  /** Route tables of each tier by key; the private tier has one per zone if each zone has a NAT gateway of its own. */
  private makeRouteTables(settings: Settings): Record<Tier, Record<string, string>> {
    const table = (key: string, label = key) =>
      new RouteTable(this, `${key}-table`, { vpcId: this.vpcId, tags: { Name: `${this.name}-${label}` } }).id;
    const perZone = () =>
      Object.fromEntries(this.azs.map((az, i) => [`private-${i}`, table(`private-${i}`, `private-${az}`)]));
    const privateTables = () => (settings.nat === "perAz" ? perZone() : { private: table("private") });
    return {
      public: settings.public ? { public: table("public") } : {},
      private: settings.private ? privateTables() : {},
      database: settings.database ? { database: table("database") } : {},
    };
  }

  private makeTiers(settings: Settings, plan: SubnetPlan): Record<Tier | "pod", SubnetTier> {
    const { podCidr, kubernetesTags } = settings;
    const tier = (key: Tier | "pod", props: Pick<SubnetTierProps, "routeTableIds"> & Partial<SubnetTierProps>) => {
      const role = KUBERNETES_ROLES[key];
      const tags = {
        ...(role && kubernetesTags && { [`kubernetes.io/role/${role}`]: "1" }),
        ...(key !== "pod" && settings[key]?.tags),
      };
      const name = `${this.name}-${key}`;
      return new SubnetTier(this, key, {
        vpcId: this.vpcId,
        name,
        azs: this.azs,
        cidrBlocks: plan[key],
        tags,
        ...props,
      });
    };
    const podBlock = (cidrBlock: string) =>
      new VpcIpv4CidrBlockAssociation(this, "pod-cidr", { vpcId: this.vpcId, cidrBlock });
    return {
      public: tier("public", {
        routeTableIds: this.publicRouteTableIds,
        mapPublicIpOnLaunch: settings.public?.mapPublicIpOnLaunch,
      }),
      private: tier("private", { routeTableIds: this.privateRouteTableIds }),
      database: tier("database", { routeTableIds: this.databaseRouteTableIds }),
      pod: tier("pod", {
        routeTableIds: this.privateRouteTableIds,
        ...(podCidr && { dependsOn: [podBlock(podCidr)] }),
      }),
    };
  }

  /** Default route of the public tier, if it is on. */
  private makePublicRoutes(): Route[] {
    const [routeTableId] = this.publicRouteTableIds;
    if (routeTableId === undefined) return [];
    const gatewayId = this.internetGatewayId;
    return [new Route(this, "public-route", { routeTableId, destinationCidrBlock: INTERNET, gatewayId })];
  }

  private makeNat(
    { nat, natInstanceType, diskKmsKeyArn }: Settings,
    publicRoutes: Route[],
  ): Nat | NatInstance | undefined {
    const { name, vpcId, azs, publicSubnetIds, privateRouteTableIds } = this;
    const [subnetId = ""] = publicSubnetIds;
    switch (nat) {
      case "none":
        return undefined;
      case "instance":
        return new NatInstance(this, "nat-instance", {
          name,
          instanceType: natInstanceType,
          diskKmsKeyArn,
          vpcId,
          vpcCidrBlocks: this.vpcCidrBlocks,
          subnetId,
          privateRouteTableIds,
          dependsOn: publicRoutes,
        });
      default:
        return new Nat(this, "nat", {
          mode: nat,
          name,
          vpcId,
          azs,
          publicSubnetIds,
          privateRouteTableIds,
          dependsOn: this.#internetGateway ? [this.#internetGateway] : [],
        });
    }
  }

  private makeEndpoints(settings: Settings): void {
    const { name, vpcId } = this;
    const routeTableIds = [...Object.values(this.routeTables), ...this.databaseRouteTableIds];
    const { endpointPolicies: policies } = settings;
    for (const service of ["s3", "dynamodb"] as const) {
      if (settings[`${service}Endpoint`]) {
        const policy = endpointPolicy(policies, service);
        new GatewayEndpoint(this, `${service}-endpoint`, { service, name, vpcId, routeTableIds, policy });
      }
    }
    const { cidr, podCidr, interfaceEndpoints } = settings;
    if (interfaceEndpoints.length === 0) return;
    new InterfaceEndpoints(this, "interface-endpoints", {
      services: interfaceEndpoints,
      policies,
      name,
      vpcId,
      // an endpoint accepts one subnet per zone
      subnets: onePerZone(this, this.privateSubnetIds).map((id, index) => ({ id, az: this.azs[index] as string })),
      callers: { vpc: cidr, ...(podCidr && { pods: podCidr }) },
    });
  }

  #present<T>(resource: T | undefined, tier: Tier, what: string): T {
    return present(this, tier, resource, `must be on for ${what}; remove "${tier}: false"`);
  }
}

/** Services that have endpoints here. */
const reachedServices = ({ interfaceEndpoints, s3Endpoint, dynamodbEndpoint }: Settings): string[] => [
  ...interfaceEndpoints,
  ...(s3Endpoint ? ["s3"] : []),
  ...(dynamodbEndpoint ? ["dynamodb"] : []),
];
