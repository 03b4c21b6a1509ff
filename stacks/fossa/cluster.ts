import type { Construct } from "constructs";
import type { Farm } from "../../modules/fargate-fossa/farm";
import { FossaCluster } from "../../modules/fargate-fossa/fossa-cluster";
import type { FossaGateway } from "../../modules/fargate-fossa/fossa-gateway";
import type { BaseSettings } from "../base-settings";
import { BaseStack } from "../base-stack";
import { clusterOutputs } from "./outputs";
import { farmPlaces } from "./places";
import type { FossaSettings } from "./settings";

/** Workers and their broker. */
export class FossaClusterStack extends BaseStack {
  readonly cluster: FossaCluster;

  constructor(
    scope: Construct,
    environment: BaseSettings,
    farm: Farm & { gateway: FossaGateway },
    settings: FossaSettings,
  ) {
    super(scope, environment, {
      system: "fossa",
      layer: "cluster",
      description: "ECS cluster on Fargate with workers and their broker",
      places: { cluster: { "": "fossa.cluster", ...farmPlaces(settings), gateway: "fossa.gateway" } },
    });
    this.cluster = new FossaCluster(this, "cluster", { ...farm, ...settings.cluster });
    this.publish(clusterOutputs(this.cluster, farm.gateway, environment.region));
  }
}
