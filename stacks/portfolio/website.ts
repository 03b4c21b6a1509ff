import type { Construct } from "constructs";
import type { BaseSettings } from "../base-settings";
import { BaseStack } from "../base-stack";
import type { PortfolioDataStack } from "./data";
import type { PortfolioSettings } from "./settings";

/** Static site on CloudFront. */
export class PortfolioWebsiteStack extends BaseStack {
  constructor(
    scope: Construct,
    environment: BaseSettings,
    _layers: { data: PortfolioDataStack },
    _settings: PortfolioSettings,
  ) {
    super(scope, environment, {
      system: "portfolio",
      layer: "website",
      description: "Static site on CloudFront",
      places: {},
    });
  }
}
