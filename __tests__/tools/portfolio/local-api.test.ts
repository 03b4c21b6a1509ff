import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it, vi } from "vitest";
import { CallFailed } from "../../../tools/portfolio/function-host";
import { type LocalCors, localApi } from "../../../tools/portfolio/local-api";
import type { PayloadAnswer, PayloadEvent } from "../../../tools/portfolio/payload";

const SITE = "http://127.0.0.1:8080";
const CORS: LocalCors = {
  origins: [SITE],
  methods: ["GET", "POST"],
  headers: ["content-type"],
  credentials: true,
  maxAgeSeconds: 60,
};
let server: Server | undefined;
afterEach(() => {
  vi.restoreAllMocks();
  server?.closeAllConnections();
  server?.close();
});

type Routes = Record<string, (event: PayloadEvent) => PayloadAnswer | Promise<PayloadAnswer>>;
/** Starts an API of these routes, such as `GET /things`; gives what asks it. */
async function api(routes: Routes, cors: Partial<LocalCors> = {}) {
  const made = Object.entries(routes).map(([key, call]) => {
    const [method = "", path = ""] = key.split(" ");
    return { method, path, call: async (event: PayloadEvent) => call(event) };
  });
  server = localApi(made, () => ({ ...CORS, ...cors }));
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${port}${path}`, init);
}
const tell = (name: string) => (event: PayloadEvent) => ({
  body: JSON.stringify([name, event.routeKey, event.pathParameters ?? {}]),
});

it("prefers whole paths to variables, those to what is left, and a method to ANY", async () => {
  const routes = ["ANY /{all+}", "GET /{all+}", "GET /a/{id}", "GET /a/b", "ANY /a/b"];
  const ask = await api(Object.fromEntries(routes.map((key) => [key, tell(key)])));
  for (const [path, method, key, variables] of [
    ["/a/b", "GET", "GET /a/b", {}],
    ["/a/b", "PUT", "ANY /a/b", {}],
    ["/a/c%20d", "GET", "GET /a/{id}", { id: "c d" }],
    ["/a/b/c", "GET", "GET /{all+}", { all: "a/b/c" }],
    ["/a/b/c", "PUT", "ANY /{all+}", { all: "a/b/c" }],
  ] as const) {
    expect(await (await ask(path, { method })).json()).toEqual([key, key, variables]);
  }
});
it("takes the dots of a path for dots", async () => {
  const ask = await api({ "GET /a.json": tell("a") });
  expect([(await ask("/a.json")).status, (await ask("/axjson")).status]).toEqual([200, 404]);
});
it.each(["/nothing", "/things/", "/Things", "/things/1"])("has no %s", async (path) => {
  const ask = await api({ "GET /things": tell("things") });
  const response = await ask(path);
  expect([response.status, await response.json()]).toEqual([404, { message: "Not Found" }]);
});
it("writes status, headers, cookies and bytes as the function gave them", async () => {
  const ask = await api({
    "GET /text": () => ({ body: "well" }),
    "GET /bytes": () => ({
      statusCode: 201,
      headers: { "Content-Type": "image/png", "x-count": 2 },
      cookies: ["a=1", "b=2"],
      body: "AP8=",
      isBase64Encoded: true,
    }),
  });
  const text = await ask("/text");
  expect([text.status, text.headers.get("content-type"), await text.text()]).toEqual([200, "text/plain", "well"]);
  const bytes = await ask("/bytes");
  expect([bytes.status, bytes.headers.get("content-type"), bytes.headers.get("x-count")]).toEqual([
    201,
    "image/png",
    "2",
  ]);
  expect(bytes.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
  expect([...new Uint8Array(await bytes.arrayBuffer())]).toEqual([0, 255]);
});
it.each<[string, number, string, () => PayloadAnswer]>([
  [
    "raises an error",
    500,
    "Internal Server Error",
    () => {
      throw new CallFailed("Error: secret");
    },
  ],
  [
    "takes too long",
    503,
    "Service Unavailable",
    () => {
      throw new CallFailed("it took longer than 1 s");
    },
  ],
  ["gives no text", 500, "Internal Server Error", () => ({ body: 5 }) as unknown as PayloadAnswer],
  ["gives no number", 500, "Internal Server Error", () => ({ statusCode: "200" }) as unknown as PayloadAnswer],
  ["gives too much", 500, "Internal Server Error", () => ({ body: "x".repeat(6 * 1024 * 1024 + 1) })],
])("tells the caller no more where a function %s", async (_, status, message, call) => {
  const log = vi.spyOn(console, "error").mockImplementation(() => {});
  const response = await (await api({ "GET /": call }))("/");
  expect([response.status, await response.json()]).toEqual([status, { message }]);
  expect(log).toHaveBeenCalledOnce();
});
it("takes a body of 10 MB, and no larger one", async () => {
  const ask = await api({ "POST /": ({ body = "" }) => ({ body: String(body.length) }) });
  const post = (length: number) =>
    ask("/", { method: "POST", headers: { "content-type": "text/plain" }, body: "x".repeat(length) });
  expect(await (await post(10 * 1024 * 1024)).text()).toBe("10485760");
  const large = await post(10 * 1024 * 1024 + 1);
  expect([large.status, await large.json()]).toEqual([413, { message: "Request Entity Too Large" }]);
});
it("answers a browser's question itself, and names the methods and headers", async () => {
  const call = vi.fn(tell("things"));
  const ask = await api({ "ANY /things": call });
  const { status, headers } = await ask("/things", { method: "OPTIONS", headers: { origin: SITE } });
  expect(status).toBe(204);
  expect(Object.fromEntries(headers)).toMatchObject({
    "access-control-allow-origin": SITE,
    "access-control-allow-credentials": "true",
    "access-control-allow-methods": "GET,POST",
    "access-control-allow-headers": "content-type",
    "access-control-max-age": "60",
    vary: "origin",
  });
  expect(call).not.toHaveBeenCalled();
});
it("lets the named origins read answers and errors, and all by a star", async () => {
  const allowed = async (origin: string, cors: Partial<LocalCors>, path: string) => {
    const ask = await api({ "GET /things": tell("things") }, cors);
    const { headers } = await ask(path, { headers: { origin } });
    server?.close();
    return headers.get("access-control-allow-origin");
  };
  expect(await allowed(SITE, {}, "/things")).toBe(SITE);
  expect(await allowed(SITE, {}, "/nothing")).toBe(SITE);
  expect(await allowed("https://elsewhere.example", {}, "/things")).toBeNull();
  expect(await allowed("https://elsewhere.example", { origins: ["*"], credentials: false }, "/things")).toBe("*");
});
