import type { ECSClient } from "@aws-sdk/client-ecs";
import type { AppSettings, Services } from "../../../assets/gateway/app";
import { createApp } from "../../../assets/gateway/app";
import type { App } from "../../../assets/gateway/env";
import type { Log } from "../../../assets/gateway/log";
import { WorkerClient } from "../../../assets/gateway/worker-client";
import { EcsStub } from "../../support/ecs-stub";
import { FakeWorker } from "../../support/fake-worker";

export const PASSWORD = "a long pass phrase";
export const basic = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
export const SIGNED_IN = basic("fossa", PASSWORD);

/** The app over an ECS and a worker of our own, with a clock that stands still. */
export class GatewayOnStubs {
  now = Date.parse("2026-11-21T12:12:00Z");
  password = PASSWORD;
  /** How long the app waits for a worker: less where one hangs, and else long enough for a busy machine. */
  patienceMs = 10_000;
  readonly #client: ECSClient;
  readonly lines: ({ level: "info" | "error"; event: string } & Record<string, unknown>)[] = [];
  readonly log: Log = {
    info: (event, fields) => this.lines.push({ level: "info", event, ...fields }),
    error: (event, fields) => this.lines.push({ level: "error", event, ...fields }),
  };

  private constructor(
    readonly ecs: EcsStub,
    readonly worker: FakeWorker,
  ) {
    this.#client = ecs.client();
  }

  static async start(): Promise<GatewayOnStubs> {
    return new GatewayOnStubs(await EcsStub.start(), await FakeWorker.start());
  }

  async stop(): Promise<void> {
    await Promise.all([this.ecs.stop(), this.worker.stop()]);
  }

  app(settings: Partial<AppSettings> = {}, services: Partial<Services> = {}): App {
    const password = async () => this.password;
    return createApp(
      { region: "eu-west-2", workerGroup: "service:fossa", postEnabled: false, tls: false, ...settings },
      {
        ecs: this.#client,
        password: { current: password, latest: password },
        worker: new WorkerClient({ port: this.worker.port, timeoutMs: this.patienceMs }),
        log: this.log,
        now: () => this.now,
        ...services,
      },
    );
  }
}

/** Asks as somebody who has signed in, unless told otherwise. */
export async function ask(app: App, path: string, headers: Record<string, string> = {}, init: RequestInit = {}) {
  const response = await app.request(path, { headers: { Authorization: SIGNED_IN, ...headers }, ...init });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, heading: headingOf(text) };
}

export const headingOf = (text: string) => /<h1>(.*?)<\/h1>/s.exec(text)?.[1];
