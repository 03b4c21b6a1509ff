import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { GatewayEnv } from "./env";
import type { Log } from "./log";

const LONGEST_PATH = 300;

/** Sets the client address and logs a line per answered request, without query, headers or body. */
export const requestLog = (log: Log, now: () => number, behindLoadBalancer: boolean) =>
  createMiddleware<GatewayEnv>(async (c, next) => {
    const began = now();
    c.set("client", clientOf(c, behindLoadBalancer));
    await next();
    log.info("request", {
      method: c.req.method,
      path: c.req.path.slice(0, LONGEST_PATH),
      status: c.res.status,
      ms: now() - began,
      client: c.get("client"),
    });
  });

/** A load balancer appends the address that it sees; a client can forge the addresses before it. */
function clientOf(c: Context<GatewayEnv>, behindLoadBalancer: boolean): string {
  const peer = c.env?.incoming?.socket.remoteAddress ?? "unknown";
  const forwarded = behindLoadBalancer ? c.req.header("X-Forwarded-For")?.split(",").at(-1)?.trim() : undefined;
  return forwarded || peer;
}
