import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { GatewayEnv } from "./env";
import type { Log } from "./log";

const LONGEST_PATH = 300;

/** Notes where a request comes from, and writes a line when it is answered: no query, header or body. */
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

/** A load balancer adds the address that it sees at the end of the list; what stands before it, a client can make up. */
function clientOf(c: Context<GatewayEnv>, behindLoadBalancer: boolean): string {
  const peer = c.env?.incoming?.socket.remoteAddress ?? "unknown";
  const forwarded = behindLoadBalancer ? c.req.header("X-Forwarded-For")?.split(",").at(-1)?.trim() : undefined;
  return forwarded || peer;
}
