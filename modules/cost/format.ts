import type { CostEstimate } from "./estimate";

/** Monthly cost as text, such as `$1,070.92`, or `$12.00 + 3 unpriced`; never a price where nothing has one. */
export function formatCost({
  total,
  currency,
  unpriced,
}: Pick<CostEstimate, "total" | "currency" | "unpriced">): string {
  const sum = total.toLocaleString("en-US", { style: "currency", currency });
  if (unpriced.length === 0) return sum;
  return total === 0 ? `unknown (${unpriced.length} unpriced)` : `${sum} + ${unpriced.length} unpriced`;
}

/** Sum of several estimates. */
export const totalOf = (estimates: readonly Pick<CostEstimate, "total" | "currency" | "unpriced">[]) => ({
  total: estimates.reduce((sum, { total }) => sum + total, 0),
  currency: "USD" as const,
  unpriced: estimates.flatMap(({ unpriced }) => unpriced),
});

/** Estimate as the value of a Terraform output. */
export function costOutput({ total, currency, hours, pricesOf, region, items, notPriced }: CostEstimate) {
  return {
    total,
    currency,
    hours,
    region,
    prices_of: pricesOf,
    items: items.map(({ item, address, monthly }) => ({ item, address, monthly })),
    not_priced: notPriced,
  };
}
