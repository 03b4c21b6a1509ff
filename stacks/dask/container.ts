import type { Construct } from "constructs";
import type { BaseSettings } from "../base-settings";
import { BaseStack } from "../base-stack";
import type { ContainerSettings } from "./container-settings";
import type { DaskLayers } from "./load-balancing";

/** Where Dask's clusters run. */
export class DaskContainerStack extends BaseStack {
  constructor(scope: Construct, environment: BaseSettings, _layers: DaskLayers, _settings: ContainerSettings) {
    super(scope, environment, {
      system: "dask",
      layer: "container",
      description: "ECS cluster on Fargate for Dask",
    });
  }
}
