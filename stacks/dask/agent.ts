import type { Construct } from "constructs";
import type { BaseSettings } from "../base-settings";
import { BaseStack } from "../base-stack";
import type { AgentSettings } from "./agent-settings";
import type { DaskContainerStack } from "./container";
import type { DaskLayers } from "./load-balancing";

/** Where Prefect's workers run. */
export class DaskAgentStack extends BaseStack {
  constructor(
    scope: Construct,
    environment: BaseSettings,
    _layers: DaskLayers & { container: DaskContainerStack },
    _settings: AgentSettings,
  ) {
    super(scope, environment, {
      system: "dask",
      layer: "agent",
      description: "Prefect's workers on Fargate",
    });
  }
}
