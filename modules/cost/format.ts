import type { CostEstimate } from "./estimate";

/** Monthly cost as text, such as `$1,070.92`. */
export function formatCost({ total, currency }: Pick<CostEstimate, "total" | "currency">): string {
  return total.toLocaleString("en-US", { style: "currency", currency });
}

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
