import type { Construct } from "constructs";
import type { LambdaLayer } from "../../modules/aws/lambda/lambda-layer";
import type { BaseSettings } from "../base-settings";
import { BaseStack } from "../base-stack";
import type { PortfolioDataStack } from "./data";
import type { PortfolioSettings } from "./settings";

/** HTTP API with one function per route. */
export class PortfolioApiStack extends BaseStack {
  constructor(
    scope: Construct,
    environment: BaseSettings,
    _layers: { data: PortfolioDataStack; layers: Readonly<Record<string, LambdaLayer>> },
    _settings: PortfolioSettings,
  ) {
    super(scope, environment, {
      system: "portfolio",
      layer: "api",
      description: "HTTP API with one function per route",
      places: {},
    });
  }
}
