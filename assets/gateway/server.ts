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
/** AWS calls time out after five seconds in total; a retry within them bridges short faults. */
const AWS = { maxAttempts: 2, requestHandler: { connectionTimeout: 2_000 } };

export interface Gateway {
  port: number;
  /** Waits for open requests for a while, then closes all connections. */
  close(): Promise<void>;
}

/** Starts the gateway; rejects if it cannot listen. `replaced` services are for tests. */
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
  // a plain HTTP/1 server
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: {
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      keepAliveTimeout: 75_000, // longer than the load balancer's 60 s, which must not reuse a closed connection
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
        // a keep-alive connection becomes idle once its request is answered
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
