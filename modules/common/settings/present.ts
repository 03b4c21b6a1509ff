import type { Construct } from "constructs";
import { InputError } from "./props";

/** The part that an option of `owner` makes; where it is off, an {@link InputError} that names the option and says `fault`. */
export function present<T>(owner: Construct, option: string, part: T | undefined, fault: string): T {
  if (part !== undefined) return part;
  throw new InputError(`${owner.node.path}: ${option}: ${fault}`);
}
