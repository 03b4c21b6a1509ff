import { route } from "./http";
import { ofType, pages } from "./table";

/** Receipts per page. */
const PAGE = 1000;

export const handler = route("GET", async (_request, signal) => {
  const counts = new Map<string, number>();
  const names = { ...ofType("RECEIPT"), ProjectionExpression: "merchant_name" };
  for await (const { Items = [] } of pages(names, signal, PAGE)) {
    for (const { merchant_name: name } of Items) if (name) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([name, count]) => ({ [name]: count }));
});
