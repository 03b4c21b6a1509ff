import type { Value } from "../../src/msgpack-cty";
import type { Attribute, CtyType } from "../../src/schema";
import { factsOf } from "../../src/simulated/facts";
import { SimulatedValues } from "../../src/simulated/simulated-values";

const FACTS = factsOf({
  region: "eu-west-1",
  allowed_account_ids: ["111122223333"],
  default_tags: [],
  assume_role: [],
});

/** Values for a resource of `type` that has these settings, and attributes of these types that only AWS sets. */
export function simulated(
  type: string,
  types: Record<string, CtyType>,
  values: Record<string, Value> = {},
  seed = "seed",
) {
  const attributes = Object.fromEntries(
    Object.entries(types).map(([name, own]): [string, Attribute] => [name, { type: own, computed: true }]),
  );
  return new SimulatedValues({ type, block: { attributes, blocks: {} }, facts: FACTS, seed, values });
}
/** Text for one attribute. */
export const text = (type: string, attribute: string, values?: Record<string, Value>, seed?: string) =>
  simulated(type, { [attribute]: "string" }, values, seed).get(attribute);
