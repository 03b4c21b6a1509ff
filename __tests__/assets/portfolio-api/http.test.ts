import { afterEach, expect, it, vi } from "vitest";
import { answer, BadRequest, NotFound, route } from "../../../assets/portfolio-api/http";

const request = (method: string) => ({ requestContext: { http: { method } } });
const call = (ms = 10_000) => ({ getRemainingTimeInMillis: () => ms });
const ask = (work: () => unknown, method = "GET") => route("GET", work)(request(method), call());
const named = (name: string) => Object.assign(new Error("table dev-portfolio at 10.0.0.1"), { name });
afterEach(() => vi.restoreAllMocks());

it.each([
  ["a text", "well", "text/plain; charset=utf-8", "well"],
  ["a number", 7, "application/json", "7"],
  ["a list", [{ A: 1 }], "application/json", '[{"A":1}]'],
  ["sets and bytes", { a: new Set([1, 2]), b: Uint8Array.of(1, 2) }, "application/json", '{"a":[1,2],"b":"AQI="}'],
])("answers with %s as text", async (_, content, type, body) => {
  expect(await ask(() => content)).toEqual({
    statusCode: 200,
    headers: { "content-type": type, "cache-control": "no-store" },
    body,
  });
});
it.each(["POST", "PUT", "DELETE", "HEAD"])("refuses %s", async (method) => {
  const work = vi.fn();
  const given = await ask(work, method);
  expect(given).toMatchObject({ statusCode: 405, headers: { allow: "GET" } });
  expect(JSON.parse(given.body)).toEqual({ error: "the method must be GET" });
  expect(work).not.toHaveBeenCalled();
});
it.each([
  [400, new BadRequest("limit must be 1"), "limit must be 1", undefined],
  [404, new NotFound("there is none"), "there is none", undefined],
  [503, named("ThrottlingException"), "too many requests at once: try again in a moment", "1"],
  [503, named("ProvisionedThroughputExceededException"), "too many requests at once: try again in a moment", "1"],
  [503, named("TimeoutError"), "the data did not come in time: try again in a moment", "1"],
  [500, named("AccessDeniedException"), "the request failed: its log tells why", undefined],
  [500, named("ResourceNotFoundException"), "the request failed: its log tells why", undefined],
])("answers %i to an error, and leaks nothing of it", async (statusCode, error, text, retry) => {
  const log = vi.spyOn(console, "error").mockImplementation(() => {});
  const given = await ask(() => {
    throw error;
  });
  expect(given.statusCode).toBe(statusCode);
  expect(JSON.parse(given.body)).toEqual({ error: text });
  expect(given.headers["retry-after"]).toBe(retry);
  expect(log).toHaveBeenCalledTimes(statusCode >= 500 ? 1 : 0);
});
it("stops what takes too long before Lambda does, and says so", async () => {
  const work = (_: unknown, signal: AbortSignal) =>
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));
  const given = await route("GET", work)(request("GET"), call(2020));
  expect(given.statusCode).toBe(504);
  expect(JSON.parse(given.body).error).toContain("more to read than one request has time for");
});
it("stops what still reads when it has answered", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const signals: AbortSignal[] = [];
  const work = (_: unknown, signal: AbortSignal) => {
    signals.push(signal);
    throw named("ThrottlingException");
  };
  await route("GET", work)(request("GET"), call());
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
});
it("says that an answer is too large, which Lambda would not", async () => {
  expect((await ask(() => "x".repeat(4_500_000))).statusCode).toBe(200);
  const given = await ask(() => "x".repeat(4_500_001));
  expect([given.statusCode, JSON.parse(given.body).error]).toEqual([
    500,
    "the answer has more than the 4500000 bytes that Lambda hands over",
  ]);
});
it("lets headers be added", () => {
  expect(answer(200, {}, { "x-a": "1" }).headers).toMatchObject({ "x-a": "1", "cache-control": "no-store" });
});
