import { z } from "zod";
import { refuse } from "../modules/common/settings/faults";
import { InputError, parseInput } from "../modules/common/settings/props";
import { commercialRegionSchema } from "../modules/common/settings/region";
import { checkArns } from "./arns";
import { baseShape } from "./base-settings";
import { systemKeys, systemsShape } from "./systems";

/** Tags of the system `mlEc2`. */
const SYSTEM_TAGS = ["Project", "Owner", "CostCenter"];

const environmentSchema = z.strictObject({ ...baseShape, ...systemsShape }).superRefine((settings, ctx) => {
  checkZones(settings, ctx);
  checkArns(settings, ctx);
  const { tags, mlEc2 } = settings;
  if (!mlEc2) return;
  for (const key of Object.keys(tags)) {
    const own = SYSTEM_TAGS.find((name) => name !== key && name.toLowerCase() === key.toLowerCase());
    if (own) refuse(ctx, ["tags", key], `must be spelt ${own}, as the tag that mlEc2 sets, or be another key`);
  }
});

/** Zones are of the environment's region: a system's networks are the objects in it that have `azs`. */
function checkZones(settings: { region: string }, ctx: z.RefinementCtx): void {
  const { region } = settings;
  if (!commercialRegionSchema.safeParse(region).success) return; // its own error says so
  for (const system of systemKeys) {
    const parts = (settings as unknown as Record<string, object | undefined>)[system] ?? {};
    for (const [part, value] of Object.entries(parts)) {
      const azs: unknown = typeof value === "object" && value !== null ? (value as { azs?: unknown }).azs : undefined;
      if (!Array.isArray(azs) || azs.every((az) => String(az).slice(0, -1) === region)) continue;
      refuse(ctx, [system, part, "azs"], `must be zones of the region (${region}), got ${azs.join(", ")}`);
    }
  }
}

/** Settings of an environment, as its file gives them. */
export type EnvironmentSettings = z.input<typeof environmentSchema>;
/** Settings of an environment, checked and with the defaults filled in. */
export type Environment = z.output<typeof environmentSchema>;

/** What is wrong with the settings of an environment, and the part of them that is right by itself. */
interface Review {
  readonly lines: readonly string[];
  readonly sound: Environment | undefined;
}
const reviews = new WeakMap<Environment, Review>();

/**
 * Checks the settings of one environment and fills in the defaults; each file in `environments/` is one call of it. Wrong
 * settings are kept for {@link reviewOf}, so that those of all environments are told at once.
 */
export function defineEnvironment(settings: EnvironmentSettings): Environment {
  const owner = settings?.name ?? "an environment without a name";
  try {
    return parseInput(owner, environmentSchema, settings);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const environment = { ...settings } as Environment;
    reviews.set(environment, { lines: error.lines, sound: soundPart(settings) });
    return environment;
  }
}

/** What was found when the environment was defined. */
export const reviewOf = (environment: Environment): Review =>
  reviews.get(environment) ?? { lines: [], sound: environment };

/** The environment with the systems that are right, if what all stacks need of it is. */
function soundPart(settings: EnvironmentSettings): Environment | undefined {
  const base = z.object(baseShape).safeParse(settings);
  if (!base.success) return undefined;
  const systems = systemKeys.flatMap((key) => {
    const system = systemsShape[key].safeParse(settings[key]);
    return system.success && system.data ? [[key, system.data]] : [];
  });
  return { ...base.data, ...Object.fromEntries(systems) };
}
