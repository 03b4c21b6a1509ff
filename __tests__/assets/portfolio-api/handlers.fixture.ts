import { vi } from "vitest";
import { type Call, stubAws } from "../../tools/portfolio/aws.fixture";

export interface Query {
  readonly IndexName?: string;
  readonly Limit?: number;
  readonly Select?: string;
  readonly ExclusiveStartKey?: unknown;
  readonly ProjectionExpression?: string;
  readonly ExpressionAttributeValues: Record<string, { S: string }>;
}
interface Page {
  readonly items?: readonly object[];
  readonly count?: number;
  /** Key after which the next page begins. */
  readonly next?: object;
}

/** An item of texts and numbers as DynamoDB writes it. */
const marshall = (item: object): object =>
  Object.fromEntries(
    Object.entries(item).map(([key, value]) => [key, typeof value === "number" ? { N: String(value) } : { S: value }]),
  );

/** Calls a handler in front of a table that answers each query by `pageOf`; gives its answer and the queries. */
export async function ask(name: string, pageOf: (query: Query) => Page, query: Record<string, string> = {}) {
  const aws = await stubAws(({ body }: Call) => {
    const { items = [], count = items.length, next } = pageOf(JSON.parse(body));
    return {
      Items: items.map((item) => marshall(item)),
      Count: count,
      ...(next && { LastEvaluatedKey: marshall(next) }),
    };
  });
  const env = {
    AWS_ENDPOINT_URL: aws.url,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "a",
    AWS_SECRET_ACCESS_KEY: "b",
  };
  for (const [key, value] of Object.entries({ ...env, TABLE_NAME: "things" })) vi.stubEnv(key, value);
  vi.resetModules(); // its client keeps the address of the AWS that it met first
  try {
    const { handler } = await import(`../../../assets/portfolio-api/${name}.ts`);
    const request = { requestContext: { http: { method: "GET" } }, queryStringParameters: query };
    const { statusCode, body } = await handler(request, { getRemainingTimeInMillis: () => 20_000 });
    const queries = aws.of("DynamoDB_20120810.Query").map((call) => JSON.parse(call.body) as Query);
    return { statusCode, body: JSON.parse(body), queries };
  } finally {
    vi.unstubAllEnvs();
    aws.stop();
  }
}
