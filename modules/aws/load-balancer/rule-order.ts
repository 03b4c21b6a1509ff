import type { RuleConditions } from "./rule-priority";

/**
 * What `later` is for and never gets, because the rule `first`, which is asked before, answers it: a host with a path. `own` is
 * the host by which callers find rules that name none, if it is known.
 */
export function takenBy(first: RuleConditions, later: RuleConditions, own: string | undefined): string | undefined {
  const hosts = later.hosts.length > 0 ? later.hosts : [own ?? "*"];
  const paths = later.paths.length > 0 ? later.paths : ["/*"];
  const host = hosts.find((value) => takes(first.hosts, value));
  const path = paths.find((value) => takes(first.paths, value));
  if (host === undefined || path === undefined) return undefined;
  return `${later.hosts.length > 0 ? host : ""}${later.paths.length > 0 ? path : ""}`;
}

/** Whether one of the patterns takes all that the pattern `value` takes; no pattern takes everything. */
const takes = (patterns: readonly string[], value: string): boolean =>
  patterns.length === 0 || patterns.some((pattern) => wildcard(pattern).test(value));

/** `*` is any text and `?` one character, which a `*` is not. */
const wildcard = (pattern: string): RegExp => {
  const parts = [...pattern].map((sign) => {
    if (sign === "*") return ".*";
    return sign === "?" ? "[^*]" : sign.replace(/[.$+(){}[\]|^\\/]/, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`);
};
