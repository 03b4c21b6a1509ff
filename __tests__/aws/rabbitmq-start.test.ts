import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, inject, it } from "vitest";
import { startIn } from "../modules/aws/rabbitmq/rabbitmq.fixture";
import { ChildProgram } from "../support/child-program";
import { freePorts, listens } from "../support/free-ports";
import { run } from "../support/process";
import { rabbitMqMissing, unpackRabbitMq } from "../support/rabbitmq-package";

const missing = inject("missing") || rabbitMqMissing();
const skipped = missing !== "" && !process.env.CI;
if (skipped) console.warn(`\nNO RABBITMQ IS STARTED: ${missing}.\n`);

const HOST = "127.0.0.1";
const FIRST = { RABBITMQ_DEFAULT_USER: "fossa", RABBITMQ_DEFAULT_PASS: "First123" };
const SECOND = { RABBITMQ_DEFAULT_USER: "fossa", RABBITMQ_DEFAULT_PASS: "Second45" };

describe.skipIf(skipped)("the start of a broker", { timeout: 240_000 }, () => {
  const programs: ChildProgram[] = [];
  afterEach(async () => {
    await Promise.all(programs.splice(0).map((program) => program.kill()));
  });

  /** Files of a broker that outlive its tasks, and what is the same for each of them. */
  async function files() {
    const { erlang, programs: folder } = await unpackRabbitMq();
    const data = mkdtempSync(join(inject("scratch"), "rabbitmq-start-"));
    const { script, path, configurations } = startIn(data, 2048, 'exec "$@"');
    const [port, namesPort = 0, nodePort] = await freePorts(3);
    writeFileSync(join(data, "rabbitmq.conf"), `listeners.tcp.1 = ${HOST}:${port}\n`);
    const env = {
      PATH: `${path}:${folder}:${join(erlang, "bin")}`,
      HOME: data,
      ERL_EPMD_ADDRESS: HOST,
      ERL_EPMD_PORT: `${namesPort}`,
      RABBITMQ_NODENAME: "rabbit@localhost",
      RABBITMQ_USE_LONGNAME: "false",
      RABBITMQ_DIST_PORT: `${nodePort}`,
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: "-kernel inet_dist_use_interface {127,0,0,1}",
      RABBITMQ_CONFIG_FILE: join(data, "rabbitmq.conf"),
      RABBITMQ_CONFIG_FILES: configurations,
      RABBITMQ_CONF_ENV_FILE: join(data, "none"),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(data, "plugins"),
      RABBITMQ_MNESIA_BASE: join(data, "data"),
      RABBITMQ_LOG_BASE: data,
      RABBITMQ_LOGS: "-",
    };
    const child = (name: string, program: string, args: string[], more: object = {}) => {
      const started = new ChildProgram(name, program, args, { env: { ...env, ...more }, cwd: data });
      programs.push(started);
      return started;
    };
    await child("epmd", join(erlang, "bin", "epmd"), []).until("listens", () => listens(namesPort));
    return {
      /** A task of the service, once its check passes. */
      async task(secrets: Record<string, string>) {
        const broker = child("rabbitmq", "sh", ["-c", script], secrets);
        await broker.until("starts", () => broker.output.includes("Server startup complete"));
        expect((await run("rabbitmq-diagnostics", ["-q", "ping"], { env })).status).toBe(0);
        return broker;
      },
      /** What RabbitMQ's own tool answers. */
      async ask(...question: string[]): Promise<string> {
        const { status, stdout, stderr } = await run("rabbitmqctl", ["-q", ...question], { env });
        return status === 0 ? stdout.trim() : `fails: ${stderr.trim()}`;
      },
    };
  }
  const signsIn = ({ RABBITMQ_DEFAULT_USER: user, RABBITMQ_DEFAULT_PASS: password }: typeof FIRST) =>
    ["authenticate_user", user, password] as const;

  it("makes the one user, within its share of the memory, and ends when it is told to", async () => {
    const { task, ask } = await files();
    const broker = await task(FIRST);
    expect(await ask("list_users")).toBe("user\ttags\nfossa\t[]");
    expect(await ask("list_permissions")).toBe("user\tconfigure\twrite\tread\nfossa\t.*\t.*\t.*");
    expect(await ask(...signsIn(FIRST))).toContain("Success");
    expect(await ask("environment")).toContain('{vm_memory_high_watermark,{absolute,"1228MiB"}}');
    broker.terminate();
    expect(await broker.ended).toEqual({ status: 0, signal: null });
  });

  it("takes on another password with the files of the task before, and keeps what is in them", async () => {
    const { task, ask } = await files();
    const before = await task(FIRST);
    const queue =
      'rabbit_amqqueue:declare(rabbit_misc:r(<<"/">>, queue, <<"work">>), true, false, [], none, <<"test">>).';
    expect(await ask("eval", queue)).toContain("new");
    before.terminate();
    await before.ended;

    await task(SECOND);
    expect(await ask("list_queues", "name", "durable")).toBe("name\tdurable\nwork\ttrue");
    expect(await ask(...signsIn(SECOND))).toContain("Success");
    expect(await ask(...signsIn(FIRST))).toContain("failed to authenticate");
    expect(await ask("list_users")).toBe("user\ttags\nfossa\t[]");
  });
});
