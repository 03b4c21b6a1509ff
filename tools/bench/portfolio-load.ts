import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";

export interface LoadSettings {
  readonly apiUrl: string;
  /** AWS that holds the table. */
  readonly endpoint: string;
  readonly table: string;
  /** Pages that each side reads. */
  readonly requests: number;
}

export interface Load {
  readonly requests: number;
  readonly medianMs: number;
  readonly p95Ms: number;
}

/** Receipts per page. */
const PAGE = 20;
type Cursor = Record<string, string> | undefined;

/** Reads the same pages of receipts by the API and by the SDK alone, in turns, so that both meet the same machine. */
export async function compare({ apiUrl, endpoint, table, requests }: LoadSettings): Promise<{ api: Load; bare: Load }> {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint, region: "us-east-1", credentials }));
  const byApi = async (cursor: Cursor): Promise<Cursor> => {
    const query = new URLSearchParams({ limit: String(PAGE) });
    if (cursor) query.set("lastEvaluatedKey", JSON.stringify(cursor));
    const response = await fetch(`${apiUrl}/receipts?${query}`);
    if (!response.ok) throw new Error(`/receipts answered ${response.status}: ${await response.text()}`);
    const { lastEvaluatedKey } = (await response.json()) as { lastEvaluatedKey: Cursor | null };
    return lastEvaluatedKey ?? undefined;
  };
  const bySdk = async (cursor: Cursor): Promise<Cursor> => {
    const { LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: "GSITYPE",
        KeyConditionExpression: "#type = :type",
        ExpressionAttributeNames: { "#type": "TYPE" },
        ExpressionAttributeValues: { ":type": "RECEIPT" },
        Limit: PAGE,
        ExclusiveStartKey: cursor,
      }),
    );
    return LastEvaluatedKey;
  };
  const timed = async (read: typeof byApi, cursor: Cursor, times: number[]) => {
    const start = performance.now();
    const next = await read(cursor);
    times.push(performance.now() - start);
    return next;
  };
  await byApi(undefined); // the function's start is no page
  await bySdk(undefined);
  const times: { api: number[]; bare: number[] } = { api: [], bare: [] };
  let cursor: Cursor;
  for (let i = 0; i < requests; i++) {
    const next = await timed(byApi, cursor, times.api);
    await timed(bySdk, cursor, times.bare);
    cursor = next;
  }
  client.destroy();
  return { api: loadOf(times.api), bare: loadOf(times.bare) };
}

function loadOf(times: readonly number[]): Load {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => Math.round(10 * (sorted[Math.ceil(share * sorted.length) - 1] ?? 0)) / 10;
  return { requests: sorted.length, medianMs: at(0.5), p95Ms: at(0.95) };
}
