import type { Construct } from "constructs";
import type { BaseSettings } from "../base-settings";
import { PortfolioApiStack } from "./api";
import { PortfolioDataStack } from "./data";
import { PortfolioLayersStack } from "./layers";
import type { PortfolioSettings } from "./settings";
import { PortfolioWebsiteStack } from "./website";

/** Adds the stacks of one environment in their order, each with those that it depends on. */
export function portfolio(scope: Construct, environment: BaseSettings, settings: PortfolioSettings): void {
  const data = new PortfolioDataStack(scope, environment, settings);
  const { layers } = new PortfolioLayersStack(scope, environment, { data }, settings);
  const website = new PortfolioWebsiteStack(scope, environment, { data }, settings);
  new PortfolioApiStack(scope, environment, { data, layers, website }, settings);
}
