import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ChartKey } from "../../../modules/kube/charts";
import type { ChartFacts, Selector } from "../../../tools/charts/facts";

/** What `npm run record-charts` has read of every chart at its pin. */
export const CHART_FACTS: Readonly<Record<ChartKey, ChartFacts>> = JSON.parse(
  readFileSync(join(__dirname, "chart-facts.json"), "utf8"),
);

/** Whether labels can meet a selector; `labels` gives the values of a key that may occur, undefined for none. */
export function mayMatch(
  selector: Selector | undefined,
  labels: (key: string) => readonly string[] | undefined,
): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {};
  const equal = Object.entries(matchLabels).map(([key, value]) => ({ key, operator: "In", values: [value] }));
  return [...equal, ...matchExpressions].every(({ key, operator, values = [] }) => {
    const found = labels(key);
    if (operator === "Exists") return found !== undefined;
    if (operator === "In")
      return found !== undefined && (found.length === 0 || found.some((one) => values.includes(one)));
    if (operator === "NotIn")
      return found === undefined || found.length === 0 || found.some((one) => !values.includes(one));
    return true; // DoesNotExist: whether every object has the label is not known
  });
}
