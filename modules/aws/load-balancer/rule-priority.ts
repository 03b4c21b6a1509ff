import { createHash } from "node:crypto";

/** What a rule asks of a request. */
export interface RuleConditions {
  readonly hosts: readonly string[];
  readonly paths: readonly string[];
}

/** Priorities of a kind of rules that `priorityOf` derives; those below the first and above the last band are free. */
const BAND = 16_000;
const BANDS = { both: 1_001, hosts: 17_001, paths: 33_001 };

/** Lowest and highest priority. Source: Elastic Load Balancing API reference, CreateRule. */
export const PRIORITIES = { min: 1, max: 50_000 };

/**
 * Priority of a rule, derived from its key: it neither depends on the other rules nor on their order, and is the same in
 * every environment. What asks more of a request comes first: host and path, then host, then path. One left to the provider
 * would be the next free number at the time of the first apply, so that the order of deployments decided between rules.
 */
export function priorityOf(key: string, { hosts, paths }: RuleConditions): number {
  const kind = hosts.length > 0 ? (paths.length > 0 ? "both" : "hosts") : "paths";
  return BANDS[kind] + (createHash("sha256").update(key).digest().readUInt32BE(0) % BAND);
}
