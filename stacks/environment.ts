import { z } from "zod";
import { refuse } from "../modules/common/settings/faults";
import { parseInput } from "../modules/common/settings/props";
import { isHiddenFromMetadata } from "../modules/common/settings/tags";
import { baseShape } from "./base-settings";
import { systemsShape } from "./systems";

/** Tags of the system `mlEc2`. */
const SYSTEM_TAGS = ["Project", "Owner", "CostCenter"];

const environmentSchema = z.strictObject({ ...baseShape, ...systemsShape }).superRefine(({ tags, mlEc2 }, ctx) => {
  if (!mlEc2) return;
  for (const key of Object.keys(tags)) {
    const own = SYSTEM_TAGS.find((name) => name !== key && name.toLowerCase() === key.toLowerCase());
    if (own) refuse(ctx, ["tags", key], `must be spelt ${own}, as the tag that mlEc2 sets, or be another key`);
    if (isHiddenFromMetadata(key)) {
      refuse(ctx, ["tags", key], "must have no blanks and slashes with mlEc2, whose machines read their own tags");
    }
  }
});

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
