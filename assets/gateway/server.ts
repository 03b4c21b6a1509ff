import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ECSClient } from "@aws-sdk/client-ecs";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { createAdaptorServer } from "@hono/node-server";
import { createApp, type Services } from "./app";
import type { Config } from "./config";
import { jsonLog } from "./log";
import { SecretPassword } from "./password";
import { WorkerClient } from "./worker-client";

const STOP_MS = 10_000;
/** Calls are given up after five seconds in all; a second try within them bridges a short fault. */
const AWS = { maxAttempts: 2, requestHandler: { connectionTimeout: 2_000 } };

export interface Gateway {
  port: number;
  /** Ends open requests in good order, for a while, and then all of them. */
  close(): Promise<void>;
}

/** Starts the gateway; fails when it cannot listen. `replaced` services are for tests. */
export async function startGateway(config: Config, replaced: Partial<Services> = {}): Promise<Gateway> {
  const { now = Date.now, log = jsonLog(now, (line) => console.log(line)) } = replaced;
  const { region, passwordSecretArn, workerPort } = config;
  const services: Services = {
    ecs: new ECSClient({ region, ...AWS }),
    password: new SecretPassword(new SecretsManagerClient({ region, ...AWS }), passwordSecretArn, now),
    worker: new WorkerClient({ port: workerPort }),
    ...replaced,
    now,
    log,
  };
  const app = createApp(config, services);
  // without TLS or HTTP/2 of its own it is this class
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: {
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      keepAliveTimeout: 75_000, // longer than a load balancer's 60 s, which must not meet a closed connection
    },
  }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(config.port, config.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  log.info("listening", { host: config.host, port, region, posting: config.postEnabled });
  services.password.current().catch((error: Error) => {
    log.error("fault", { title: error.message, cause: (error.cause as Error | undefined)?.message });
  });

  return {
    port,
    close: () =>
      new Promise((resolve) => {
        // a connection that a browser keeps open becomes idle when its request has been answered
        const idle = setInterval(() => server.closeIdleConnections(), 50);
        const cut = setTimeout(() => server.closeAllConnections(), STOP_MS);
        server.close(() => {
          clearInterval(idle);
          clearTimeout(cut);
          resolve();
        });
      }),
  };
}
