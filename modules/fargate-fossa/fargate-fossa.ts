import { Construct } from "constructs";
import { FossaCluster, type FossaClusterProps, type FossaClusterSettings } from "./fossa-cluster";
import { FossaGateway, type FossaGatewaySettings } from "./fossa-gateway";

/** Inputs of a farm; {@link FossaGateway} and {@link FossaCluster} check them, each its own. */
export interface FargateFossaProps
  extends Pick<FossaClusterProps, "name" | "region" | "network" | "egress" | "architecture"> {
  /** Way out, page and images; a host that does it all by default. */
  gateway?: FossaGatewaySettings;
  /** Workers and broker; four workers and RabbitMQ as a task by default. */
  cluster?: FossaClusterSettings;
}

/** Whole worker farm in one stack, in a network of yours: gateway and cluster, of which each can also stand alone. */
export class FargateFossa extends Construct {
  readonly gateway: FossaGateway;
  readonly cluster: FossaCluster;

  constructor(scope: Construct, id: string, { gateway = {}, cluster = {}, ...shared }: FargateFossaProps) {
    super(scope, id);
    this.gateway = new FossaGateway(this, "gateway", { ...shared, ...sharedOf(cluster), ...gateway });
    this.cluster = new FossaCluster(this, "cluster", { ...shared, gateway: this.gateway, ...cluster });
  }
}

/** What the gateway has to know of the cluster: where workers listen, and whether the broker's image is pulled. */
export const sharedOf = ({ workers, broker }: FossaClusterSettings) => ({
  workerPort: workers?.port,
  brokerImage: broker === undefined || (broker.kind === "service" && broker.image === undefined),
});
