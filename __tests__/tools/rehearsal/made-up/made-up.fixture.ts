import { factsOf } from "../../../../tools/rehearsal/made-up/facts";
import { MadeUp } from "../../../../tools/rehearsal/made-up/made-up";
import type { Value } from "../../../../tools/rehearsal/msgpack-cty";
import type { Attribute, CtyType } from "../../../../tools/rehearsal/schema";

const FACTS = factsOf({
  region: "eu-west-1",
  allowed_account_ids: ["111122223333"],
  default_tags: [],
  assume_role: [],
});

/** Values for a resource of `type` that has these settings, and attributes of these types that only AWS sets. */
export function madeUp(
  type: string,
  types: Record<string, CtyType>,
  values: Record<string, Value> = {},
  seed = "seed",
) {
  const attributes = Object.fromEntries(
    Object.entries(types).map(([name, own]): [string, Attribute] => [name, { type: own, computed: true }]),
  );
  return new MadeUp({ type, block: { attributes, blocks: {} }, facts: FACTS, seed, values });
}
/** Text for one attribute. */
export const text = (type: string, attribute: string, values?: Record<string, Value>, seed?: string) =>
  madeUp(type, { [attribute]: "string" }, values, seed).get(attribute);
