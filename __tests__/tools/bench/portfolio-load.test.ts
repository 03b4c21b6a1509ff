import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { compare } from "../../../tools/bench/portfolio-load";
import { stubAws } from "../portfolio/aws.fixture";

/** Compares an API of these answers with a table; gives the figures, and the cursors that each side was asked for. */
async function compared(requests: number, answer: (call: number) => [number, object]) {
  const cursors: { api: unknown[]; bare: unknown[] } = { api: [], bare: [] };
  const api = createServer((request, response) => {
    const query = new URL(request.url ?? "", "http://local").searchParams;
    const [status, body] = answer(cursors.api.push(JSON.parse(query.get("lastEvaluatedKey") ?? "null")));
    expect(query.get("limit")).toBe("20");
    response.writeHead(status).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
  const aws = await stubAws(({ body }) => {
    const { TableName, Limit, ExclusiveStartKey } = JSON.parse(body);
    expect([TableName, Limit]).toEqual(["things", 20]);
    cursors.bare.push(ExclusiveStartKey?.PK.S ?? null);
    return { Items: [], Count: 0 };
  });
  try {
    const apiUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
    return { ...(await compare({ apiUrl, endpoint: aws.url, table: "things", requests })), cursors };
  } finally {
    aws.stop();
    api.closeAllConnections();
    api.close();
  }
}

it("reads the same pages by both, from the first again after the last", async () => {
  const pages = [null, { PK: "a" }, { PK: "b" }];
  // the first call starts the function
  const { api, bare, cursors } = await compared(4, (call) => [200, { lastEvaluatedKey: pages[(call - 1) % 3] }]);
  expect([api.requests, bare.requests]).toEqual([4, 4]);
  expect(cursors.api).toEqual([null, null, { PK: "a" }, { PK: "b" }, null]);
  expect(cursors.bare).toEqual([null, null, "a", "b", null]);
  for (const { medianMs, p95Ms } of [api, bare]) {
    expect(medianMs).toBeGreaterThan(0);
    expect(p95Ms).toBeGreaterThanOrEqual(medianMs);
  }
});
it("counts no answer that is an error", async () => {
  await expect(compared(2, () => [503, { error: "busy" }])).rejects.toThrow('/receipts answered 503: {"error":"busy"}');
});
