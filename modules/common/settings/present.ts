import type { Construct } from "constructs";
import { InputError } from "./props";

/** Part that an option of `owner` creates; throws an {@link InputError} with the option and `fault` if it is off. */
export function present<T>(owner: Construct, option: string, part: T | undefined, fault: string): T {
  if (part !== undefined) return part;
  throw new InputError(`${owner.node.path}: ${option}: ${fault}`);
}
