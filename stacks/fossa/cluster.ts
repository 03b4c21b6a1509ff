import type { Construct } from "constructs";
import { FossaCluster } from "../../modules/fargate-fossa/fossa-cluster";
import type { FossaGateway } from "../../modules/fargate-fossa/fossa-gateway";
import type { FossaNetwork } from "../../modules/fargate-fossa/fossa-network";
import type { BaseSettings } from "../base-settings";
import { BaseStack } from "../base-stack";
import { clusterOutputs } from "./outputs";
import type { FossaSettings } from "./settings";

/** What the cluster builds on. */
export interface FossaFoundation {
  network: FossaNetwork;
  gateway: FossaGateway;
}

/** Workers and their broker. */
export class FossaClusterStack extends BaseStack {
  readonly cluster: FossaCluster;

  constructor(scope: Construct, environment: BaseSettings, built: FossaFoundation, settings: FossaSettings) {
    super(scope, environment, {
      system: "fossa",
      layer: "cluster",
      description: "ECS cluster on Fargate with workers and their broker",
    });
    const { egress, architecture, cluster } = settings;
    const { name, region } = environment;
    this.cluster = new FossaCluster(this, "cluster", {
      name: `${name}-fossa`,
      ...{ region, egress, architecture },
      ...built,
      ...cluster,
    });
    this.publish(clusterOutputs(this.cluster, built.gateway, region));
  }
}
