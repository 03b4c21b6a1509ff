import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, paginateQuery, QueryCommand, type QueryCommandInput } from "@aws-sdk/lib-dynamodb";

/** Item of the table, or the attributes of it that were asked for. */
export type Item = Record<string, unknown>;
type Query = Omit<QueryCommandInput, "TableName">;

/** Times of one call of DynamoDB; a route has seconds for all of its own. */
const TIMES = { connectionTimeout: 1000, requestTimeout: 5000, throwOnRequestTimeout: true };

const client = DynamoDBDocumentClient.from(new DynamoDBClient({ maxAttempts: 3, requestHandler: TIMES }), {
  unmarshallOptions: { wrapNumbers: Number }, // else a large one becomes a BigInt, which JSON does not take
});

function tableName(): string {
  const name = process.env.TABLE_NAME;
  if (!name) throw new Error("TABLE_NAME must be set");
  return name;
}

/** One page of a query. */
export const page = (query: Query, abortSignal: AbortSignal) =>
  client.send(new QueryCommand({ TableName: tableName(), ...query }), { abortSignal });

/** Pages of a query to its end, each of at most `pageSize` items and 1 MB. */
export function pages(query: Query, abortSignal: AbortSignal, pageSize?: number) {
  return paginateQuery({ client, pageSize }, { TableName: tableName(), ...query }, { abortSignal });
}

/** All items of a type. */
export const ofType = (type: string): Query => ({
  IndexName: "GSITYPE",
  KeyConditionExpression: "#type = :type",
  ExpressionAttributeNames: { "#type": "TYPE" },
  ExpressionAttributeValues: { ":type": type },
});

/** Number of items of a type. */
export async function countOf(type: string, signal: AbortSignal): Promise<number> {
  let count = 0;
  for await (const { Count = 0 } of pages({ ...ofType(type), Select: "COUNT" }, signal)) count += Count;
  return count;
}
