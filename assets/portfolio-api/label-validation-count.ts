import { route } from "./http";
import { CORE_LABELS } from "./labels";
import { pages } from "./table";

/** Labels that are counted at once. */
const CONCURRENCY = 5;

export const handler = route("GET", async (_request, signal) => {
  const left = [...CORE_LABELS];
  const counts: Record<string, Record<string, number>> = {};
  const worker = async () => {
    for (let label = left.shift(); label; label = left.shift()) counts[label] = await statusesOf(label, signal);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return sorted(counts);
});

/** Number of words with the label, by what is known of it. */
async function statusesOf(label: string, signal: AbortSignal): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const query = {
    IndexName: "GSI1",
    KeyConditionExpression: "GSI1PK = :label",
    ProjectionExpression: "validation_status",
    ExpressionAttributeValues: { ":label": `LABEL#${label}` },
  };
  for await (const { Items = [] } of pages(query, signal)) {
    for (const { validation_status: status = "NONE" } of Items) counts[status] = (counts[status] ?? 0) + 1;
  }
  return sorted(counts);
}

const sorted = <T>(map: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
