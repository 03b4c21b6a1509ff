import { Construct } from "constructs";
import type { Farm } from "./farm";
import { FossaCluster, type FossaClusterSettings } from "./fossa-cluster";
import { FossaGateway, type FossaGatewaySettings } from "./fossa-gateway";

/** Inputs of a farm; {@link FossaGateway} and {@link FossaCluster} each check their own. */
export interface FargateFossaProps extends Farm {
  /** Egress, page and images; by default one host does all of it. */
  gateway?: FossaGatewaySettings;
  /** Workers and broker; RabbitMQ as an ECS service by default. */
  cluster?: FossaClusterSettings;
}

/** Complete worker farm for one stack, in a network of your own: gateway and cluster, which can also be used separately. */
export class FargateFossa extends Construct {
  readonly gateway: FossaGateway;
  readonly cluster: FossaCluster;

  constructor(scope: Construct, id: string, { gateway = {}, cluster = {}, ...farm }: FargateFossaProps) {
    super(scope, id);
    this.gateway = new FossaGateway(this, "gateway", { ...farm, ...gatewayInputs(cluster), ...gateway });
    this.cluster = new FossaCluster(this, "cluster", { ...farm, gateway: this.gateway, ...cluster });
  }
}

/** Inputs of the gateway that follow from the cluster: the port of the workers, and whether the broker's image is pulled. */
export const gatewayInputs = ({ workers, broker }: FossaClusterSettings) => ({
  workerPort: workers?.port,
  brokerImage: broker === undefined || (broker.kind === "service" && broker.image === undefined),
});
