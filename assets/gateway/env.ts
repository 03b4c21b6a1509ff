import type { HttpBindings } from "@hono/node-server";
import type { Hono } from "hono";

/** Context of requests in the app. */
export interface GatewayEnv {
  /** Node's own request and response; absent in tests that call the app directly. */
  Bindings: Partial<HttpBindings>;
  Variables: {
    /** Client address. */
    client: string;
    /** Whether the client has signed in. */
    signedIn?: boolean;
  };
}

export type App = Hono<GatewayEnv>;
