import { z } from "zod";
import { parseInput } from "../modules/common/settings/props";
import { baseShape } from "./base-settings";
import { systemsShape } from "./systems";

const environmentSchema = z.strictObject({ ...baseShape, ...systemsShape });

/** Settings of an environment, as its file gives them. */
export type EnvironmentSettings = z.input<typeof environmentSchema>;
/** Settings of an environment, checked and with the defaults filled in. */
export type Environment = z.output<typeof environmentSchema>;

/**
 * Checks the settings of one environment; each file in `environments/` is one call of it.
 *
 * @throws InputError that names the environment, every bad key, its bound and its value. Settings below a construct's
 * key (such as `exadeploy.cluster`) are checked by that construct when its stack is built.
 */
export const defineEnvironment = (settings: EnvironmentSettings): Environment =>
  parseInput(`environment ${settings?.name ?? "without a name"}`, environmentSchema, settings);
