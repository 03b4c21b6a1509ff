import { existsSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../modules/common/settings/props";
import { type PortfolioRoute, routesOf } from "../../modules/portfolio/routes";
import { type Environment, reviewOf } from "../../stacks/environment";

/** Routes of the portfolio in `environments/<name>.ts` of a project; fails where that has none, or is wrong. */
export async function environmentRoutes(project: string, name: string): Promise<Record<string, PortfolioRoute>> {
  const file = join(project, "environments", `${name}.ts`);
  if (!/^[a-z0-9-]+$/.test(name) || !existsSync(file)) {
    throw new InputError(`--environment must be the name of a file in environments/, such as dev, got ${name}`);
  }
  const exported: Record<string, Environment | undefined> = await import(file);
  const environment = Object.values(exported).find((one) => one?.name === name);
  if (!environment) throw new InputError(`environments/${name}.ts must export the environment ${name}`);
  const { lines } = reviewOf(environment);
  if (lines.length > 0) throw new InputError(lines.join("\n"));
  if (!environment.portfolio) throw new InputError(`environments/${name}.ts must have the key portfolio`);
  return routesOf(environment.portfolio.api);
}
