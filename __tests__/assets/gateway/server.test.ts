import { createServer } from "node:http";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Config } from "../../../assets/gateway/config";
import { Fault } from "../../../assets/gateway/fault";
import { type Gateway, startGateway } from "../../../assets/gateway/server";
import { GatewayOnStubs, PASSWORD, SIGNED_IN } from "./gateway.fixture";

const CONFIG: Config = {
  region: "eu-west-2",
  passwordSecretArn: "arn:aws:secretsmanager:eu-west-2:123456789012:secret:p",
  host: "127.0.0.1",
  port: 0,
  workerPort: 2345,
  workerGroup: "service:fossa",
  postEnabled: false,
  tls: false,
};

describe("the server", () => {
  let stubs: GatewayOnStubs;
  let gateway: Gateway;
  const password = { current: async () => PASSWORD, latest: async () => PASSWORD };
  const start = async (given = password) => {
    stubs = await GatewayOnStubs.start();
    gateway = await startGateway(CONFIG, { ecs: stubs.ecs.client(), password: given, log: stubs.log });
  };
  const get = (path: string, headers = {}) => fetch(`http://127.0.0.1:${gateway.port}${path}`, { headers });
  afterEach(async () => {
    await gateway.close();
    await stubs.stop();
  });

  it("answers, and knows where a request comes from", async () => {
    await start();
    expect(await (await get("/healthz")).text()).toBe("ok");
    expect((await get("/")).status).toBe(401);
    expect((await get("/", { Authorization: SIGNED_IN })).status).toBe(200);
    expect(stubs.lines).toMatchObject([
      { event: "listening", port: gateway.port, region: "eu-west-2", posting: false },
      { event: "request", status: 401, client: "127.0.0.1" },
      { event: "request", status: 200, client: "127.0.0.1" },
    ]);
  });
  it("lets what has begun come to its end when it closes, and takes nothing new", async () => {
    await start();
    stubs.ecs.delayMs = 50;
    const open = get("/", { Authorization: SIGNED_IN });
    await vi.waitFor(() => expect(stubs.ecs.calls).toHaveLength(1));
    const began = performance.now();
    const closing = gateway.close();
    expect((await open).status).toBe(200);
    await closing;
    expect(performance.now() - began).toBeLessThan(9_000); // not by cutting it off, though the connection is kept alive
    await expect(get("/healthz")).rejects.toThrow();
  });
  it("says at once in its log that there is no password", async () => {
    const none = async () => {
      throw new Fault({ status: 503, title: "Closed", what: "", remedy: "" }, { cause: new Error("no secret") });
    };
    await start({ current: none, latest: none });
    const line = { level: "error", event: "fault", title: "Closed", cause: "no secret" };
    await vi.waitFor(() => expect(stubs.lines).toContainEqual(line));
    expect((await get("/healthz")).status).toBe(200);
  });
  it("does not start on a port that is taken", async () => {
    await start();
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const { port } = taken.address() as { port: number };
    await expect(startGateway({ ...CONFIG, port }, { password, log: stubs.log })).rejects.toThrow("EADDRINUSE");
    taken.close();
  });
});
