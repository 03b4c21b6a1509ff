import type { Construct } from "constructs";
import { gatewayInputs } from "../../modules/fargate-fossa/fargate-fossa";
import type { Farm } from "../../modules/fargate-fossa/farm";
import { FossaGateway } from "../../modules/fargate-fossa/fossa-gateway";
import type { BaseSettings } from "../base-settings";
import { BaseStack } from "../base-stack";
import { gatewayOutputs } from "./outputs";
import { farmPlaces } from "./places";
import type { FossaSettings } from "./settings";

/** Gateway of the workers: egress, page and images. */
export class FossaGatewayStack extends BaseStack {
  readonly gateway: FossaGateway;

  constructor(scope: Construct, environment: BaseSettings, farm: Farm, settings: FossaSettings) {
    super(scope, environment, {
      system: "fossa",
      layer: "gateway",
      description: "Way out of the private subnets, web page, image repository and build",
      places: {
        gateway: { "": "fossa.gateway", ...farmPlaces(settings), workerPort: "fossa.cluster.workers.port" },
        "gateway/images/worker": {
          "": "fossa.gateway",
          folder: "fossa.gateway.imageFolder",
          files: "fossa.gateway.imageFolder",
        },
        "gateway/load-balancer": "fossa.gateway.tls",
        "gateway/vpn": "fossa.gateway.vpn",
      },
    });
    const { gateway, cluster } = settings;
    this.gateway = new FossaGateway(this, "gateway", { ...farm, ...gatewayInputs(cluster), ...gateway });
    this.publish(gatewayOutputs(this.gateway, environment.region));
  }
}
