import type { Construct } from "constructs";
import { type InputError, wrongSetting } from "./props";

/** The part that an option of `owner` creates; if the option is off, throws an {@link InputError} that names it. */
export function present<T>(
  owner: Construct,
  option: string,
  part: T | undefined,
  fault = "must be on for this, got off",
): T {
  if (part !== undefined) return part;
  throw wrongSetting(owner, option, fault);
}
