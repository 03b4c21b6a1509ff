import "./stacks/plain-errors";
import { dev } from "./environments/dev";
import { prod } from "./environments/prod";
import { run } from "./stacks/app";

/** Every environment of this project; ENVIRONMENT=dev narrows a run to one. */
const environments = [dev, prod];

run(environments, { only: process.env.ENVIRONMENT, command: process.argv[2] });
