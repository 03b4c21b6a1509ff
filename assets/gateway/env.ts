import type { HttpBindings } from "@hono/node-server";
import type { Hono } from "hono";

/** What requests carry through the app. */
export interface GatewayEnv {
  /** Node's own request and response; tests that hand requests to the app have none. */
  Bindings: Partial<HttpBindings>;
  Variables: {
    /** Address that the request comes from. */
    client: string;
    /** Whether user and password were right. */
    signedIn?: boolean;
  };
}

export type App = Hono<GatewayEnv>;
