import type { CostEstimate } from "./estimate";

/** Monthly cost as short text, such as `$1,070.92`. */
export function formatCost({ total, currency }: Pick<CostEstimate, "total" | "currency">): string {
  return total.toLocaleString("en-US", { style: "currency", currency });
}

/** The estimate as a value for a Terraform output. */
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
