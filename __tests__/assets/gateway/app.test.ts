import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { App } from "../../../assets/gateway/env";
import { Fault } from "../../../assets/gateway/fault";
import { answer, COMPLETE, IDLE, RUNNING } from "../../support/fake-worker";
import { ask, basic, GatewayOnStubs, headingOf, PASSWORD } from "./gateway.fixture";

let stubs: GatewayOnStubs;
let app: App;
beforeAll(async () => {
  stubs = await GatewayOnStubs.start();
});
afterAll(() => stubs.stop());
beforeEach(() => {
  stubs.ecs.reset();
  stubs.lines.length = 0;
  stubs.password = PASSWORD;
  stubs.worker.handle = answer(200, IDLE);
  app = stubs.app();
});
const from = (address: string) => ({ incoming: { socket: { remoteAddress: address } } }) as object;

describe("sign-in", () => {
  it.each<[string, string | undefined]>([
    ["nothing", undefined],
    ["a wrong password", basic("fossa", "wrong password")],
    ["no password", basic("fossa", "")],
    ["a wrong user", basic("admin", PASSWORD)],
    ["no user", basic("", PASSWORD)],
    ["the beginning of the password", basic("fossa", PASSWORD.slice(0, -1))],
    ["more than the password", basic("fossa", `${PASSWORD}x`)],
    ["another scheme", `Bearer ${PASSWORD}`],
    ["no base64", "Basic ***"],
    ["no colon", `Basic ${Buffer.from("fossa").toString("base64")}`],
  ])("refuses %s", async (_, given) => {
    stubs.ecs.clusters.set("dev-fossa", []);
    const response = await app.request("/", { headers: given ? { Authorization: given } : {} });
    expect(response.status).toBe(401);
    expect(response.headers.get("WWW-Authenticate")).toBe('Basic realm="Fossa gateway", charset="UTF-8"');
    const text = await response.text();
    expect(headingOf(text)).toBe("Please sign in");
    expect(text).not.toContain("dev-fossa");
    expect(stubs.ecs.calls).toEqual([]);
  });
  it.each(["/", "/clusters/a", "/clusters/a/nodes/10.0.0.1", "/nope"])("is asked for at %s", async (path) => {
    expect((await app.request(path)).status).toBe(401);
  });
  it.each(["simple password", "a:b:c with colons", "pässwörd ✓ long"])("lets fossa in by %o", async (password) => {
    stubs.password = password;
    expect((await ask(app, "/", { Authorization: basic("fossa", password) })).status).toBe(200);
  });
  it("looks again when a password does not match, so that a changed one works at once", async () => {
    const password = { current: async () => PASSWORD, latest: async () => "the next password" };
    app = stubs.app({}, { password });
    expect((await ask(app, "/", { Authorization: basic("fossa", "the next password") })).status).toBe(200);
  });
  it("makes a client wait after ten failures, and nobody else", async () => {
    const attempt = (address: string, password: string) =>
      app.request("/", { headers: { Authorization: basic("fossa", password) } }, from(address));
    for (let n = 0; n < 10; n++) expect((await attempt("1.2.3.4", "guess")).status).toBe(401);
    const stopped = await attempt("1.2.3.4", PASSWORD);
    expect(stopped.status).toBe(429);
    expect(stopped.headers.get("Retry-After")).toBe("60");
    expect(headingOf(await stopped.text())).toBe("Too many failed attempts to sign in");
    expect((await attempt("1.2.3.5", PASSWORD)).status).toBe(200);
    stubs.now += 60_000;
    expect((await attempt("1.2.3.4", PASSWORD)).status).toBe(200);
  });
  it("does not count those who have not tried", async () => {
    for (let n = 0; n < 11; n++) expect((await app.request("/", {}, from("1.2.3.6"))).status).toBe(401);
  });
  it.each([
    [true, "9.9.9.9, 1.2.3.4", "1.2.3.4"],
    [true, "", "10.0.0.9"],
    [false, "9.9.9.9, 1.2.3.4", "10.0.0.9"],
  ])("with a load balancer %s, takes %o to come from %s", async (tls, forwarded, client) => {
    const headers = { "X-Forwarded-For": forwarded };
    await stubs.app({ tls }).request("/", { headers }, from("10.0.0.9"));
    expect(stubs.lines).toMatchObject([{ event: "request", client }]);
  });
  it("is closed to everybody without a password, and the log says why", async () => {
    const page = {
      status: 503,
      title: "Closed",
      what: "No password.",
      remedy: "Set one.",
      detail: "secret detail",
      retryAfter: 5,
    } as const;
    const none = async () => {
      throw new Fault(page, { cause: new Error("the secret does not exist") });
    };
    app = stubs.app({}, { password: { current: none, latest: none } });
    for (const given of [basic("fossa", ""), basic("fossa", PASSWORD), ""]) {
      const response = await app.request("/", { headers: { Authorization: given } });
      expect(response.status).toBe(503);
      expect(response.headers.get("Retry-After")).toBe("5");
      expect(response.headers.has("WWW-Authenticate")).toBe(false);
      const text = await response.text();
      expect(headingOf(text)).toBe("Closed");
      expect(text).not.toContain("secret detail");
    }
    expect(stubs.lines.filter(({ level }) => level === "error")[0]).toMatchObject({
      cause: "the secret does not exist",
    });
  });
});

describe("every answer", () => {
  it.each(["/", "/nope", "/clusters/nope"])("keeps the page at %s to this site", async (path) => {
    const { headers } = await ask(app, path);
    const policy = headers.get("Content-Security-Policy");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("form-action 'self'");
    expect(policy).not.toContain("unsafe");
    expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(headers.get("Referrer-Policy")).toBe("same-origin");
    expect(headers.get("Cache-Control")).toBe("no-store");
    expect(headers.get("Content-Type")?.toLowerCase()).toBe("text/html; charset=utf-8");
  });
  it.each([
    [true, "max-age=31536000"],
    [false, null],
  ])("with TLS %s has Strict-Transport-Security %s", async (tls, value) => {
    expect((await ask(stubs.app({ tls }), "/")).headers.get("Strict-Transport-Security")).toBe(value);
  });
  it("is a line in the log, without query, header or password", async () => {
    await ask(app, `/clusters/nope?page=${PASSWORD}`, {}, {});
    expect(stubs.lines).toEqual([
      { level: "info", event: "request", method: "GET", path: "/clusters/nope", status: 404, ms: 0, client: "unknown" },
    ]);
  });
  it("of the health check is ok without sign-in, AWS or a line in the log", async () => {
    const response = await app.request("/healthz");
    expect([response.status, await response.text()]).toEqual([200, "ok"]);
    expect([stubs.ecs.calls, stubs.lines]).toEqual([[], []]);
  });
  it("names files that browsers may keep, and gives them to everybody", async () => {
    const { text } = await ask(app, "/");
    const files = [...text.matchAll(/(?:src|href)="(\/[a-z]+-[0-9a-f]{12}\.\w+)"/g)].map((match) => match[1] ?? "");
    expect(new Set(files.map((file) => file.split(".")[1]))).toEqual(new Set(["css", "js", "svg"]));
    for (const file of files) {
      const response = await app.request(file);
      expect(response.status).toBe(200);
      expect(response.headers.get("Cache-Control")).toBe("public, max-age=31536000, immutable");
    }
    expect(text).not.toMatch(/https?:\/\/|style="|<script>|onclick/);
  });
});

describe("the clusters", () => {
  it("are links by their names", async () => {
    stubs.ecs.clusters.set("prod-fossa", []).set("dev-fossa", []);
    const { status, heading, text } = await ask(app, "/");
    expect([status, heading]).toEqual([200, "Available clusters"]);
    expect(text.match(/href="\/clusters\/[^"]+"/g)).toEqual([
      'href="/clusters/dev-fossa"',
      'href="/clusters/prod-fossa"',
    ]);
  });
  it("are said to be none", async () => {
    expect((await ask(app, "/")).text).toContain("There are no ECS clusters in eu-west-2 yet.");
  });
  it("are not shown when AWS denies them, which is a page and a line in the log", async () => {
    stubs.ecs.failing.set("ListClusters", [400, "AccessDeniedException", "User <x> is not authorized"]);
    const { status, heading, text } = await ask(app, "/");
    expect([status, heading]).toEqual([502, "AWS denies access"]);
    expect(text).toContain("User &lt;x&gt; is not authorized");
    expect(stubs.lines.find(({ level }) => level === "error")).toMatchObject({
      event: "fault",
      path: "/",
      title: "AWS denies access",
      detail: "AccessDeniedException: User <x> is not authorized",
    });
  });
});

describe("the tasks of a cluster", () => {
  it("are a table with links to workers that run", async () => {
    stubs.ecs.clusters.set("c", [
      { id: "w1", startedAt: 1_763_726_400, address: "10.0.0.1", group: "service:fossa-workers" },
      { id: "w2", lastStatus: "PENDING", group: "service:fossa-workers" },
      { id: "w3", lastStatus: "DEACTIVATING", address: "10.0.0.3", group: "service:fossa-workers" },
      { id: "b1", address: "10.0.0.2", group: "service:rabbit<mq>" },
    ]);
    const { status, heading, text } = await ask(app, "/clusters/c");
    expect([status, heading]).toEqual([200, "c"]);
    const headings = [...text.matchAll(/<th scope="col" role="columnheader">(.*?)<\/th>/g)].map((match) => match[1]);
    expect(headings).toEqual(["Started (UTC)", "Group", "Status", "Task id", "Private IPv4"]);
    expect(text.match(/href="\/clusters\/c\/nodes[^"]*"/g)).toEqual(['href="/clusters/c/nodes/10.0.0.1"']);
    expect(text).toContain('<time datetime="2025-11-21T12:00:00.000Z"><span>2025-11-21</span> 12:00:00</time>');
    expect(text).toContain("service:rabbit&lt;mq&gt;");
    expect(text).toContain("1 of 3");
    for (const part of ["Not yet", "None yet", "10.0.0.2", "Deactivating"]) expect(text).toContain(part);
  });
  it("are said to be none", async () => {
    stubs.ecs.clusters.set("c", []);
    expect((await ask(app, "/clusters/c")).text).toContain("There are no tasks in the cluster.");
  });
  it("are those of a cluster by its name, whatever it is", async () => {
    stubs.ecs.clusters.set("a b", []);
    const { status, heading } = await ask(app, "/clusters/a%20b");
    expect([status, heading]).toEqual([200, "a b"]);
  });
  it("of an unknown cluster are a page of those that there are", async () => {
    stubs.ecs.clusters.set("dev-fossa", []);
    const { status, heading, text } = await ask(app, "/clusters/%3Cb%3Enope");
    expect([status, heading]).toEqual([404, "Cluster not found"]);
    expect(text).toContain("&lt;b&gt;nope");
    expect(text).toContain('href="/clusters/dev-fossa"');
  });
  it("come a hundred to a page", async () => {
    stubs.ecs.clusters.set(
      "c",
      Array.from({ length: 250 }, (_, n) => ({ id: `t${n}`, startedAt: 1_000_000 - n, address: `10.0.0.${n}` })),
    );
    const rows = async (query: string) => {
      const { text } = await ask(app, `/clusters/c${query}`);
      const ids = [...text.matchAll(/<code>(t\d+)<\/code>/g)].map((match) => match[1]);
      return [ids.length, ids[0], /\d+ to \d+ of \d+/.exec(text)?.[0], text.match(/href="\?[^"]*page=\d+"/g)];
    };
    expect(await rows("")).toEqual([100, "t0", "1 to 100 of 250", ['href="?page=2"', 'href="?page=3"']]);
    expect(await rows("?page=2")).toEqual([100, "t100", "101 to 200 of 250", ['href="?page=1"', 'href="?page=3"']]);
    expect(await rows("?page=3")).toEqual([50, "t200", "201 to 250 of 250", ['href="?page=1"', 'href="?page=2"']]);
    for (const [wild, first] of [
      ["99", "t200"],
      ["-1", "t0"],
      ["x", "t0"],
      ["1e999", "t200"],
    ])
      expect((await rows(`?page=${wild}`))[1]).toBe(first);
  });
  it("show what workers do when they are asked to, and no worker is asked else", async () => {
    stubs.ecs.clusters.set("c", [
      { id: "w", address: "127.0.0.1" },
      { id: "p", address: "127.0.0.2", lastStatus: "PENDING" },
      { id: "b", address: "127.0.0.3", group: "service:rabbitmq" },
    ]);
    stubs.worker.handle = answer(200, {
      ...IDLE,
      running_tasks: [RUNNING],
      recent_completed_tasks: [COMPLETE, COMPLETE],
    });
    stubs.worker.requests.length = 0;
    expect((await ask(app, "/clusters/c")).text).toContain('href="?work=1"');
    expect(stubs.worker.requests).toEqual([]);
    const { text } = await ask(app, "/clusters/c?work=1");
    expect(text).toContain("1 running, 2 completed, 4 free slots");
    expect(stubs.worker.requests).toHaveLength(1);
    expect(text).not.toContain("No connection");
  });
  it("of a thousand are a page within a second of the calls", async () => {
    const tasks = Array.from({ length: 1_000 }, (_, n) => ({
      id: `task-${n}`,
      startedAt: n,
      address: `10.0.${n >> 8}.${n & 255}`,
    }));
    stubs.ecs.clusters.set("c", tasks);
    expect((await ask(app, "/clusters/c")).status).toBe(200); // compiles what runs
    const calls = stubs.ecs.calls.length;
    const began = performance.now();
    const { text } = await ask(app, "/clusters/c?page=2"); // the calls have been answered
    const took = performance.now() - began;
    expect(text).toContain("101 to 200 of 1,000");
    expect(stubs.ecs.calls).toHaveLength(calls);
    expect(took).toBeLessThan(1_000);
    expect(stubs.ecs.most.get("DescribeTasks")).toBeLessThanOrEqual(4);
  });
});

describe("what nobody foresaw", () => {
  afterEach(() => {
    stubs.lines.length = 0;
  });
  it("is a page without the error, which is in the log", async () => {
    stubs.ecs.clusters.set("c", [{ id: "w", address: "127.0.0.1" }]);
    const broken = async () => Promise.reject(new TypeError("x is undefined"));
    app = stubs.app({}, { worker: { nodeInfo: broken, post: broken } });
    const { status, heading, text } = await ask(app, "/clusters/c/nodes/127.0.0.1");
    expect([status, heading]).toEqual([500, "Something went wrong in the gateway"]);
    expect(text).not.toContain("x is undefined");
    expect(stubs.lines.find(({ level }) => level === "error")?.error).toContain("TypeError: x is undefined");
  });
});
