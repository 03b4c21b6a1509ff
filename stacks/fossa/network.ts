import type { Construct } from "constructs";
import { servicesOf } from "../../modules/network/called-services";
import { Network } from "../../modules/network/network";
import type { BaseSettings } from "../base-settings";
import { BaseStack } from "../base-stack";
import { type FossaNetworkSettings, type FossaSettings, networkDefaults } from "./settings";

/** Interface endpoints that a task without internet access needs to start, and for ECS Exec. */
const ENDPOINTS = ["ecr.api", "ecr.dkr", "logs", "secretsmanager", "ssmmessages"];
/** Those of the page, which asks ECS for the tasks. */
const PAGE_ENDPOINTS = ["ecs"];

/** Network of the workers and their gateway. */
export class FossaNetworkStack extends BaseStack {
  readonly network: Network;

  constructor(scope: Construct, environment: BaseSettings, settings: FossaSettings) {
    super(scope, environment, {
      system: "fossa",
      layer: "network",
      description: "VPC with public and private subnets for the workers",
      places: { network: { "": "fossa.network", name: "name", nat: "fossa.egress" } },
    });
    const { egress, highAvailability, network } = settings;
    const { cidr } = network;
    const called = egress === "vpc-endpoints" ? calledServices(settings) : [];
    this.network = new Network(this, "network", {
      name: `${environment.name}-fossa`,
      ...(cidr ? {} : layout(settings)),
      ...networkDefaults(network),
      ...network,
      nat: egress === "nat-gateway" ? (highAvailability ? "perAz" : "single") : "none",
      interfaceEndpoints: [
        ...new Set([...called.filter((service) => !GATEWAYS.includes(service)), ...(network.interfaceEndpoints ?? [])]),
      ],
      ...(called.includes("dynamodb") && { dynamodbEndpoint: true }),
    });
    this.publish({
      vpc_id: this.network.vpcId,
      vpc_cidr_block: this.network.vpcCidrBlock,
      public_subnets: this.network.publicSubnetIds,
      private_subnets: this.network.privateSubnetIds,
      private_subnets_cidr_blocks: this.network.privateSubnetCidrBlocks,
      private_route_table_ids: this.network.privateRouteTableIds,
    });
  }
}

/** Services with gateway endpoints. */
const GATEWAYS = ["dynamodb", "s3"];

/** Services that tasks call: to start, for the page, and by the permissions of the workers. */
function calledServices({ gateway, cluster }: FossaSettings): string[] {
  const statements = cluster.workers?.permissions ?? [];
  const actions = statements.flatMap(({ Action: action }) => action);
  return [...ENDPOINTS, ...(gateway.page === "container" ? PAGE_ENDPOINTS : []), ...servicesOf(actions)];
}

/** Default layout, that of the reference. A load balancer needs two zones, of private subnets if it is internal. */
function layout({ highAvailability, gateway }: FossaSettings): FossaNetworkSettings {
  const { tls } = gateway;
  const twoPublic = highAvailability || tls !== undefined;
  const twoPrivate = highAvailability || (tls !== undefined && tls.internal !== false);
  return {
    cidr: "192.168.0.0/16",
    public: { cidrs: ["192.168.1.0/24", ...(twoPublic ? ["192.168.3.0/24"] : [])] },
    private: { cidrs: ["192.168.2.0/24", ...(twoPrivate ? ["192.168.4.0/24"] : [])] },
  };
}
