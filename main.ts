import "./stacks/plain-errors";
import { dev } from "./environments/dev";
import { prod } from "./environments/prod";
import { buildApp, selectEnvironments, synthesize } from "./stacks/app";

/** Every environment of this project; ENVIRONMENT=dev narrows a run to one. */
const environments = [dev, prod];

synthesize(buildApp(selectEnvironments(environments, process.env.ENVIRONMENT)));
