import { defineEnvironment, type Environment, type EnvironmentSettings } from "../../../stacks/environment";

type PortfolioInput = NonNullable<EnvironmentSettings["portfolio"]>;
const environment = (name: string, portfolio: PortfolioInput): Environment =>
  defineEnvironment({ name, region: "eu-west-1", portfolio });

const DOMAIN = { name: "example.com", hostedZoneId: "Z0123456789EXAMPLE" };

/** Ways in which the portfolio is used that neither dev nor prod shows. */
export const portfolioConfigurations = {
  /** Below a domain. */
  staging: environment("staging", { domain: DOMAIN }),
};
