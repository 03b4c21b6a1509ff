import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { SharedLoadBalancer } from "../../modules/aws/load-balancer/shared-load-balancer";
import { PrefectServer } from "../../modules/prefect/prefect-server";
import { containerOf, SERVER } from "../modules/prefect/prefect.fixture";
import { CertificateAuthority } from "../support/certificates";
import { ChildProgram } from "../support/child-program";
import { freePorts } from "../support/free-ports";
import { Postgres, postgresMissing } from "../support/postgresql";
import { Prefect } from "../support/prefect";
import { run } from "../support/process";
import { type Json, synth } from "../support/synth";

const missing = inject("missing") || postgresMissing();
const skipped = missing !== "" && !process.env.CI;
if (skipped) console.warn(`\nPREFECT'S SERVER IS NOT TRIED ON POSTGRESQL: ${missing}.\n`);

/** Of characters that RDS puts into passwords, and a URL does not take as they are. */
const PASSWORD = "a#b?c:d%e&f+g[h]i$j'k";
const NEXT_PASSWORD = "z=y;x,w.v!u~t^s*r(q)p";
const AUTH = "admin:0123456789abcdef";

describe.skipIf(skipped)("Prefect's server on PostgreSQL", () => {
  let scratch: string;
  let prefect: Prefect;
  let postgres: Postgres;
  let authority: CertificateAuthority;
  let container: Json;
  let server: ChildProgram;
  let port: number;

  beforeAll(async () => {
    scratch = mkdtempSync(join(inject("scratch"), "prefect-server-"));
    chmodSync(inject("scratch"), 0o755); // PostgreSQL, which runs as nobody, has a folder below
    chmodSync(scratch, 0o755);
    prefect = await Prefect.in(scratch);
    authority = await CertificateAuthority.make(join(scratch, "authority"));
    postgres = await Postgres.start(scratch, "prefect", PASSWORD, await authority.sign("localhost"));
    [port = 0] = await freePorts(1);
    container = containerOf(
      synth((stack) => {
        const network = { vpcId: "vpc-1", vpcCidrBlocks: ["10.0.0.0/16"], privateSubnetIds: ["subnet-a", "subnet-b"] };
        const loadBalancer = new SharedLoadBalancer(stack, "balancer", { name: "dev-dask", network });
        new PrefectServer(stack, "server", { ...SERVER, loadBalancer });
      }),
      "dev-prefect-server",
    );
    server = await start();
  });
  afterAll(async () => {
    await server?.kill();
    await postgres?.stop();
  });

  const api = (path: string) => `http://127.0.0.1:${port}/prefect/api${path}`;
  /** What stands in the container for this machine's own places. */
  const here = (text: string) =>
    text.replaceAll("/tmp/rds.pem", join(scratch, "rds.pem")).replaceAll(":4200/", `:${port}/`);
  const variables = (password: string, certificates = authority.file) => ({
    ...Object.fromEntries(container.environment.map(({ name, value }: Json) => [name, here(value)])),
    PREFECT_SERVER_DATABASE_HOST: "localhost",
    PREFECT_SERVER_DATABASE_PORT: String(postgres.port),
    PREFECT_SERVER_DATABASE_PASSWORD: password,
    PREFECT_SERVER_API_AUTH_STRING: AUTH,
    PREFECT_SERVER_API_HOST: "127.0.0.1",
    PREFECT_SERVER_API_PORT: String(port),
    DATABASE_CERTIFICATES: readFileSync(certificates, "utf8"),
  });
  /** Runs the container's command with its environment, as ECS would. */
  function launch(password: string, certificates?: string): ChildProgram {
    const bin = join(scratch, "bin");
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, "prefect"), `#!/bin/sh\nexec ${prefect.python} -m prefect "$@"\n`, { mode: 0o755 });
    const [program = "", ...args] = container.command.map(here);
    const env = prefect.environment(variables(password, certificates));
    return new ChildProgram("server", program, args, {
      env: { ...env, PATH: `${bin}:${env.PATH}` },
      cwd: scratch,
    });
  }
  async function start(password = PASSWORD): Promise<ChildProgram> {
    const program = launch(password);
    const answers = () =>
      fetch(api("/ready")).then(
        ({ ok }) => ok || undefined,
        () => undefined,
      );
    await program.until("answers", answers, 240_000); // cheaper to ask than its health check, which is a program
    expect(await healthy()).toBe(true);
    return program;
  }
  /** Whether the container's own health check is content. */
  async function healthy(): Promise<boolean> {
    const [, , ...args] = container.healthCheck.command.map(here);
    return (await run(prefect.python, args, { timeoutMs: 20_000 })).status === 0;
  }
  async function ask(path: string, body?: unknown): Promise<Json> {
    const headers = {
      Authorization: `Basic ${Buffer.from(AUTH).toString("base64")}`,
      "Content-Type": "application/json",
    };
    const response = await fetch(api(path), {
      headers,
      ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  it("makes its tables when it starts, over a connection that it has checked", async () => {
    expect(await postgres.sql("prefect", "SELECT count(*) FROM alembic_version")).toBe("1");
    const encrypted =
      "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE client_addr IS NOT NULL";
    expect(await postgres.sql("prefect", encrypted)).toBe("t");
  });
  it("answers the load balancer without a login, and nobody else", async () => {
    expect((await fetch(api("/health"))).status).toBe(200);
    expect((await fetch(api("/flows/count"), { method: "POST" })).status).toBe(401);
    expect(await ask("/flows/count", {})).toBe(0);
  });
  it("serves its page under its path, which finds the API", async () => {
    const page = await fetch(`http://127.0.0.1:${port}/prefect/`, { headers: { Accept: "text/html" } });
    expect(page.status).toBe(200);
    const { api_url, auth } = (await (await fetch(`http://127.0.0.1:${port}/prefect/ui-settings`)).json()) as Json;
    expect(api_url).toMatch(/\/prefect\/api$/);
    expect(auth).toBe("BASIC");
  });
  it("loses nothing of a run in whose middle its password ends, it turns unhealthy, and another takes its place", async () => {
    const signal = join(scratch, "go-on");
    const flow = join(scratch, "flow.py");
    writeFileSync(
      flow,
      `
import os, time
from prefect import flow, task

@task
def first():
    return 20

@task
def second(number):
    return number + 22

@flow(name="long")
def long():
    number = first()
    print("HALF", flush=True)
    while not os.path.exists(${JSON.stringify(signal)}):
        time.sleep(0.2)
    return second(number)

print("RESULT", long(), flush=True)
`,
    );
    const client = new ChildProgram("flow", prefect.python, [flow], {
      env: prefect.environment({ PREFECT_API_URL: api(""), PREFECT_API_AUTH_STRING: AUTH }),
      cwd: scratch,
    });
    await client.until("is half done", () => client.output.includes("HALF") || undefined);
    // what a task tells goes through the server's memory, the state of a run does not
    const finished = { task_runs: { state: { type: { any_: ["COMPLETED"] } } } };
    await server.until("knows of the first task", async () => (await ask("/task_runs/filter", finished))[0]);
    await postgres.sql("postgres", `ALTER ROLE prefect PASSWORD '${NEXT_PASSWORD}'`);
    expect(await healthy()).toBe(true); // connections that exist go on
    await postgres.sql(
      "postgres",
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE client_addr IS NOT NULL",
    );
    await server.until("is unhealthy", async () => ((await healthy()) ? undefined : true));
    await server.kill();
    server = await start(NEXT_PASSWORD);
    const [half] = await ask("/flow_runs/filter", {});
    expect(half.state.type).toBe("RUNNING");
    writeFileSync(signal, "");
    const { status } = await client.ended;
    expect([status, client.output.includes("RESULT 42")], client.output).toEqual([0, true]);
    const [whole] = await ask("/flow_runs/filter", {});
    expect([whole.id, whole.state.type]).toEqual([half.id, "COMPLETED"]);
    const tasks: Json[] = await ask("/task_runs/filter", {});
    expect(tasks.map(({ name }) => name.split("-")[0]).sort()).toEqual(["first", "second"]);
  });
  it("does not speak to a database that its certificates do not vouch for", async () => {
    await server.kill();
    const other = await CertificateAuthority.make(join(scratch, "other"));
    server = launch(NEXT_PASSWORD, other.file);
    const { status } = await server.ended;
    expect(status).not.toBe(0);
    expect(server.output).toMatch(/certificate verify failed/i);
  });
});
