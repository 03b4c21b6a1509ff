import type { Construct } from "constructs";
import { LambdaLayer } from "../../modules/aws/lambda/lambda-layer";
import { sortedEntries } from "../../modules/common/collections";
import { boundedName, idFrom } from "../../modules/common/names";
import type { BaseSettings } from "../base-settings";
import { BaseStack } from "../base-stack";
import type { PortfolioDataStack } from "./data";
import { layersOf } from "./layers-settings";
import type { PortfolioSettings } from "./settings";

/** Lambda layers and their builds. */
export class PortfolioLayersStack extends BaseStack {
  /** Layers by the key under which the user sets each. */
  readonly layers: Readonly<Record<string, LambdaLayer>>;

  constructor(
    scope: Construct,
    environment: BaseSettings,
    { data }: { data: PortfolioDataStack },
    { layers }: PortfolioSettings,
  ) {
    const entries = sortedEntries(layersOf(layers));
    super(scope, environment, {
      system: "portfolio",
      layer: "layers",
      description: "Lambda layers and their builds",
      places: Object.fromEntries(
        entries.map(([key]) => [idFrom(key), { "": `portfolio.layers.${key}`, name: "name" }]),
      ),
    });
    this.layers = Object.fromEntries(
      entries.map(([key, settings]) => [
        key,
        new LambdaLayer(this, idFrom(key), {
          ...settings,
          name: boundedName(50, environment.name, "portfolio", key),
          topic: data.alerts && { arn: data.alerts.arn, keyArn: data.alerts.keyArn }, // whose stack is whole before this one
        }),
      ]),
    );
    const made = Object.entries(this.layers);
    this.publish({
      layer_arns: Object.fromEntries(made.map(([key, { layerArn }]) => [key, layerArn])),
      state_machine_arns: Object.fromEntries(made.map(([key, { stateMachineArn }]) => [key, stateMachineArn])),
      ...(data.alerts && { sns_topic_arn: data.alerts.arn }),
    });
  }
}
