import type { Construct } from "constructs";
import { sharedOf } from "../../modules/fargate-fossa/fargate-fossa";
import { FossaGateway } from "../../modules/fargate-fossa/fossa-gateway";
import type { FossaNetwork } from "../../modules/fargate-fossa/fossa-network";
import type { BaseSettings } from "../base-settings";
import { BaseStack } from "../base-stack";
import { gatewayOutputs } from "./outputs";
import type { FossaSettings } from "./settings";

/** Gateway of the workers: way out, page and images. */
export class FossaGatewayStack extends BaseStack {
  readonly gateway: FossaGateway;

  constructor(scope: Construct, environment: BaseSettings, network: FossaNetwork, settings: FossaSettings) {
    super(scope, environment, {
      system: "fossa",
      layer: "gateway",
      description: "Way out of the private subnets, web page, image repository and build",
    });
    const { egress, architecture, gateway, cluster } = settings;
    const { name, region } = environment;
    this.gateway = new FossaGateway(this, "gateway", {
      name: `${name}-fossa`,
      ...{ region, network, egress, architecture },
      ...sharedOf(cluster),
      ...gateway,
    });
    this.publish(gatewayOutputs(this.gateway, region));
  }
}
