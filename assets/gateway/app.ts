import { randomBytes } from "node:crypto";
import type { ECSClient } from "@aws-sdk/client-ecs";
import { type Context, Hono } from "hono";
import type { Config } from "./config";
import { EcsReader } from "./ecs-reader";
import type { App, GatewayEnv } from "./env";
import { Fault, type FaultPage } from "./fault";
import { FormTokens } from "./form-guard";
import type { Log } from "./log";
import { nodeRoutes } from "./node-routes";
import { clustersPage } from "./pages/clusters-page";
import { faultPage, signInPage } from "./pages/fault-page";
import { slice } from "./pages/pager";
import { STATIC } from "./pages/static-files";
import { tasksPage } from "./pages/tasks-page";
import type { PasswordSource } from "./password";
import { requestLog } from "./request-log";
import { securityHeaders } from "./security-headers";
import { signIn } from "./sign-in";
import { Throttle } from "./throttle";
import { workOf } from "./work";
import type { WorkerClient } from "./worker-client";

export type AppSettings = Pick<Config, "region" | "workerGroup" | "postEnabled" | "tls">;

/** Services that the app uses. */
export interface Services {
  ecs: ECSClient;
  password: PasswordSource;
  worker: Pick<WorkerClient, "nodeInfo" | "post">;
  log: Log;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** The whole gateway but its port. */
export function createApp(settings: AppSettings, services: Services): App {
  const { region, workerGroup, postEnabled, tls } = settings;
  const { ecs, password, worker, log, now } = services;
  const reader = new EcsReader(ecs, { workerGroup, now });
  const app: App = new Hono();

  app.get("/healthz", (c) => c.text("ok", 200, { "Cache-Control": "no-store" })); // before the log: health checks come every few seconds
  app.use(requestLog(log, now, tls), securityHeaders(tls));
  for (const { path, type, text } of Object.values(STATIC))
    app.get(path, (c) =>
      c.body(text, 200, { "Content-Type": type, "Cache-Control": "public, max-age=31536000, immutable" }),
    );
  app.use(signIn(password, new Throttle({ now }), async () => htmlResponse(await signInPage(region), 401)));

  app.get("/", async (c) => c.html(clustersPage(region, await reader.clusters())));
  app.get("/clusters/:name", async (c) => {
    const cluster = await reader.cluster(c.req.param("name"));
    const tasks = await reader.tasks(cluster);
    const shown = slice(tasks, c.req.query("page"));
    const asked = c.req.query("work") !== undefined;
    const workers = shown.rows.filter((task) => task.worker && task.status === "RUNNING");
    const work = asked
      ? await workOf(
          worker,
          workers.flatMap(({ address = [] }) => address),
        )
      : undefined;
    return c.html(tasksPage({ region, cluster, tasks, shown, work }));
  });
  nodeRoutes(app, { region, reader, worker, log, now, tokens: postEnabled && new FormTokens(randomBytes(32), now) });

  app.notFound((c) => faultResponse(c, NOT_FOUND));
  app.onError((error, c) => {
    const page = error instanceof Fault ? error.page : UNFORESEEN;
    if (page.status >= 500) log.error("fault", { path: c.req.path, title: page.title, ...causes(error, page) });
    return faultResponse(c, page);
  });

  async function faultResponse(c: Context<GatewayEnv>, page: FaultPage): Promise<Response> {
    const response = htmlResponse(await faultPage(region, page, c.get("signedIn") ?? false), page.status);
    if (page.retryAfter !== undefined) response.headers.set("Retry-After", String(page.retryAfter));
    return response;
  }
  return app;
}

const htmlResponse = (html: unknown, status: number) =>
  new Response(String(html), { status, headers: { "Content-Type": "text/html; charset=UTF-8" } });

/** Causes of an error for the log, never a request or a secret. */
function causes(error: Error, { detail }: FaultPage): object {
  if (!(error instanceof Fault)) return { error: error.stack };
  return { detail, cause: error.cause instanceof Error ? error.cause.message : undefined };
}

const NOT_FOUND: FaultPage = {
  status: 404,
  title: "Page not found",
  what: "The gateway has no page at this address.",
  remedy: "Start from the list of clusters.",
};
const UNFORESEEN: FaultPage = {
  status: 500,
  title: "Something went wrong in the gateway",
  what: "An unexpected error occurred.",
  remedy: "Reload the page. If the error persists, see the gateway's log.",
};
