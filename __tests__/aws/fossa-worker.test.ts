import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { CertificateAuthority } from "../support/certificates";
import { FossaWorker, type NodeInfo, runInWorker } from "../support/fossa-worker";
import { freePorts } from "../support/free-ports";
import { Moto } from "../support/moto";
import { run } from "../support/process";
import { BROKER_PASSWORD, RabbitMq } from "../support/rabbitmq";
import { rabbitMqMissing } from "../support/rabbitmq-package";

const missing = inject("missing") || rabbitMqMissing();
const skipped = missing !== "" && !process.env.CI;
if (skipped) console.warn(`\nNO WORKER RUNS: ${missing}.\n`);

const DIGITS = [..."0123456789abcdef"];
const CLASS = "PartitionedExampleEtl";
const JOB = { model_class: CLASS, model_construction_kwargs: { complexity: 5 } };
/** One that is over before anybody looks, and one that nobody waits for. */
const QUICK = { model_class: CLASS, method: "solve", method_kwargs: { digit: "a", complexity: 1 } };
const ENDLESS = { ...QUICK, method_kwargs: { digit: "a", complexity: 8 } };
const SECONDS = 1000;

/** The outermost settings that are in order. */
const ACCEPTED: Record<string, string>[] = [
  { TASK_CPU_UNITS: "128", FOSSA_HTTP_PORT: "1", FOSSA_COMPLETED_TASKS: "1", FOSSA_STOP_SECONDS: "0" },
  { TASK_CPU_UNITS: "196608", FOSSA_HTTP_PORT: "65535", FOSSA_COMPLETED_TASKS: "100000", FOSSA_STOP_SECONDS: "115" },
  { TASK_CPU_UNITS: "", FOSSA_HTTP_PORT: "", FOSSA_LOG_GROUP: "", RABBITMQ_CA_FILE: "", AWS_REGION: "eu-west-2" },
  { FOSSA_LOG_GROUP: "logs", FOSSA_LOG_STREAM: "own", AWS_REGION: "eu-west-2" },
  { RABBITMQ_URL: "amqps://tester:secret%2Fword@broker:5671/%2F?heartbeat=30" },
];

const md5 = (text: string) => createHash("md5").update(text).digest("hex");
const completes = (id: string) => (info: NodeInfo) =>
  info.recent_completed_tasks.some(({ task_id, status }) => task_id === id && status === "complete");
/** Results of the example's sub-tasks. */
const solutions = (info: NodeInfo) =>
  info.recent_completed_tasks
    .filter(({ method, status }) => method === "solve" && status === "complete")
    .map(({ results }) => results.payload.return_value as [digit: string, length: number]);
/** What a worker says in place of an answer. */
const faultIn = ({ body }: { body: unknown }) => (body as { error?: { message: string } }).error?.message;

describe.skipIf(skipped)("a worker", { timeout: 240 * SECONDS }, () => {
  const scratch = join(inject("scratch"), "fossa-worker");
  const workers: FossaWorker[] = [];
  let broker: RabbitMq;
  let authority: CertificateAuthority;
  let plain: FossaWorker;
  let encrypted: FossaWorker;

  const start = async (env: Record<string, string>): Promise<FossaWorker> => {
    const [port = 0] = await freePorts(1);
    const worker = await FossaWorker.start({ scratch, port, env: { TASK_CPU_UNITS: "1024", ...env } });
    workers.push(worker);
    return worker;
  };
  const trusting = () => ({ RABBITMQ_CA_FILE: authority.file });

  beforeAll(async () => {
    mkdirSync(scratch, { recursive: true });
    authority = await CertificateAuthority.make(join(scratch, "certificates"));
    broker = await RabbitMq.start(scratch, await authority.sign("localhost"));
    [plain, encrypted] = await Promise.all([
      start({ RABBITMQ_URL: broker.url() }),
      start({ RABBITMQ_URL: broker.url({ scheme: "amqps", host: "localhost" }), ...trusting() }),
    ]);
  });
  // one that a failed test left would take the sub-tasks of the next
  afterEach(() =>
    Promise.all(
      workers.filter((worker) => worker !== plain && worker !== encrypted).map(({ program }) => program.kill()),
    ),
  );
  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.program.kill()));
    await broker?.stop();
  });

  it("answers as Fossa does, and says that it has its broker", async () => {
    const said = async (path: string, init?: RequestInit) => {
      const answer = await plain.ask(path, init);
      return [answer.status, await answer.json()];
    };
    const json = { "Content-Type": "application/json" };
    expect(await said("/api/0.01/")).toEqual([200, { hello: "world" }]);
    await plain.untilNode("is connected", ({ node_info }) => node_info.broker === "connected");
    expect(await said("/api/0.01/node_info")).toEqual([
      200,
      {
        node_info: {
          available_processing_capacity: 2,
          max_concurrent_tasks: 2,
          node_ident: expect.stringMatching(/^\d+:[a-z]{5}$/),
          broker: "connected",
        },
        recent_completed_tasks: [],
        running_tasks: [],
      },
    ]);
    expect(await said("/api/0.01/task", { method: "POST", headers: json, body: "{}" })).toEqual([
      400,
      { error: { message: "'model_class' is a mandatory field" } },
    ]);
    expect(await said("/api/0.01/task", { method: "POST", headers: json, body: "{" })).toEqual([
      400,
      { msg: "Bad Request" },
    ]);
    expect(await said("/api/0.01/task", { method: "POST", headers: {}, body: "{}" })).toEqual([
      415,
      { msg: "Unsupported Media Type" },
    ]);
    expect(await said("/api/0.01/task")).toEqual([405, { msg: "Method Not Allowed" }]);
    expect(await said("/api/0.01/task/nope")).toEqual([404, { message: "task unknown" }]);
    expect(await said("/nope")).toEqual([404, { msg: "Not Found" }]);
  });

  it("runs no class that the image does not name, and no work that makes no sense", async () => {
    const refused = await plain.post({ model_class: "Nope" });
    expect([refused.status, faultIn(refused)]).toEqual([
      412,
      "Model class 'Nope' is not in the list of accepted classes.",
    ]);
    await plain.accept({ model_class: CLASS, model_construction_kwargs: { complexity: 9 } });
    const info = await plain.untilNode("fails the task", (node) => node.recent_completed_tasks.length > 0);
    expect(info.recent_completed_tasks[0]).toMatchObject({
      status: "failed",
      results: {
        type: "TaskFailed",
        payload: {
          exception_class_name: "<class 'ValueError'>",
          traceback: expect.arrayContaining(["complexity must be a whole number from 1 to 8, got 9"]),
        },
      },
    });
  });

  it("shares the sub-tasks of the example with another worker, over TLS and without, and both get them right", async () => {
    const job = await encrypted.accept(JOB);
    await encrypted.untilNode("completes the job", completes(job), 120 * SECONDS);

    const infos = await Promise.all([plain, encrypted].map((worker) => worker.nodeInfo()));
    for (const info of infos) expect(solutions(info).length).toBeGreaterThan(0);
    const found = infos.flatMap(solutions);
    expect(found.map(([digit]) => digit).sort()).toEqual(DIGITS);
    for (const [digit, length] of found) expect(md5(digit.repeat(length)).slice(0, 5)).toBe(digit.repeat(5));
  });

  it("finds the shortest text of the example", async () => {
    const task = await plain.accept({ ...QUICK, method_kwargs: { digit: "a", complexity: 3 } });
    const info = await plain.untilNode("solves it", completes(task));
    let shortest = 1; // by the definition, one length after the other
    while (!md5("a".repeat(shortest)).startsWith("aaa")) shortest++;
    expect(solutions(info)[0]).toEqual(["a", shortest]); // newest first
  });

  it("finds its broker again when that was away", async () => {
    const connected = ({ node_info }: NodeInfo) => node_info.broker === "connected";
    await broker.stop();
    const { node_info } = await plain.untilNode("misses its broker", (info) => !connected(info));
    expect(node_info.broker).toBe(`RabbitMQ at 127.0.0.1:${broker.port} cannot be reached: Connection refused`);
    const job = await plain.accept({ ...JOB, model_construction_kwargs: { complexity: 3 } });
    await broker.resume();
    await Promise.all([plain, encrypted].map((worker) => worker.untilNode("is connected", connected)));
    await plain.untilNode("completes the job that waited", completes(job), 120 * SECONDS);
  });

  it.each([
    [
      "a wrong password",
      () => ({ RABBITMQ_URL: broker.url({ password: `${BROKER_PASSWORD}!` }) }),
      "refuses the user or the password",
    ],
    [
      "a certificate of an unknown authority",
      () => ({ RABBITMQ_URL: broker.url({ scheme: "amqps", host: "localhost" }) }),
      "has a certificate that is not trusted: unable to get local issuer certificate",
    ],
    [
      "a certificate for another host",
      () => ({ RABBITMQ_URL: broker.url({ scheme: "amqps" }), ...trusting() }),
      "has a certificate that is not trusted: IP address mismatch, certificate is not valid for '127.0.0.1'",
    ],
    [
      "a broker without TLS",
      () => ({ RABBITMQ_URL: broker.url().replace("amqp:", "amqps:") }),
      "does not agree on TLS: WRONG_VERSION_NUMBER",
    ],
    [
      "a host name that is not there yet",
      () => ({ RABBITMQ_URL: broker.url({ host: "rabbitmq.fossa.invalid" }) }),
      "has a host name that is not known",
    ],
  ])("stays up with %s, connects not, and says why", async (_, env, why) => {
    const worker = await start(env());
    const { node_info } = await worker.untilNode("tries", (info) => info.node_info.broker !== "not connected yet");
    expect(node_info.broker).toContain(why);
    expect(worker.output).toContain(why);
    expect(worker.output).not.toContain("connected\n");
    await worker.program.kill();
  });

  it("sends its log to a stream of CloudWatch too, and lives when that cannot be", async () => {
    const moto = await Moto.start();
    const aws = { ...moto.env, AWS_REGION: "eu-west-2", AWS_DEFAULT_REGION: "eu-west-2" };
    const logs = async (...args: string[]) => {
      const program = join(inject("motoEnvironment"), "bin", "aws");
      const { status, stdout, stderr } = await run(program, ["logs", ...args, "--log-group-name", "fossa"], {
        env: { ...process.env, ...aws },
      });
      expect(status, stderr).toBe(0);
      return stdout;
    };
    await logs("create-log-group");
    await logs("create-log-stream", "--log-stream-name", "own");
    const env = { ...aws, RABBITMQ_URL: broker.url(), FOSSA_LOG_GROUP: "fossa", FOSSA_LOG_STREAM: "own" };
    const worker = await start(env);
    await worker.untilNode("is connected", ({ node_info }) => node_info.broker === "connected");
    await worker.program.until("logs", async () =>
      (await logs("get-log-events", "--log-stream-name", "own")).includes("Connected to RabbitMQ"),
    );
    await logs("delete-log-group");
    await worker.untilNode("completes a task", completes(await worker.accept(QUICK)));
    expect(worker.output).toContain("External logger failed");
    await Promise.all([worker.program.kill(), moto.stop()]);
  });

  it("refuses what is beyond its slots, remembers as many tasks as it is told, and ends in time", async () => {
    const worker = await start({ RABBITMQ_URL: broker.url(), FOSSA_COMPLETED_TASKS: "3", FOSSA_STOP_SECONDS: "1" });
    const slots = (info: NodeInfo) => info.node_info.available_processing_capacity;
    for (let count = 1; count <= 5; count++) await worker.accept(QUICK);
    await worker.untilNode("trims", (info) => slots(info) === 2 && info.recent_completed_tasks.length === 3);
    for (const running of [1, 2]) {
      await worker.accept(ENDLESS);
      await worker.untilNode(
        "runs them",
        (info) => slots(info) === 2 - running && info.running_tasks.length === running,
      );
    }
    const refused = await worker.post(ENDLESS);
    expect([refused.status, faultIn(refused)]).toEqual([503, "Node at full capacity and can't accept new tasks"]);

    const asked = Date.now();
    worker.program.terminate();
    expect(await worker.program.ended).toEqual({ status: 0, signal: null });
    expect(Date.now() - asked).toBeLessThan(10 * SECONDS);
    expect(worker.output).toContain("2 tasks are cut off");
    expect(worker.output).not.toContain("Traceback");
  });

  it("lets its tasks finish when it is told to end", async () => {
    const worker = await start({ RABBITMQ_URL: broker.url() });
    const task = await worker.accept({ ...QUICK, method_kwargs: { digit: "f", complexity: 5 } });
    await worker.untilNode("runs it", (info) => info.running_tasks.length === 1);
    worker.program.terminate();
    expect(await worker.program.ended).toEqual({ status: 0, signal: null });
    expect(worker.output).toMatch(new RegExp(`completion for: ${task}`));
    expect(worker.output).not.toContain("cut off");
  });

  it.each([
    ["nothing", "", "RABBITMQ_URL is not set: it must be "],
    [
      "another scheme",
      "http://tester:secret-word@broker",
      "RABBITMQ_URL does not begin with amqp:// or amqps://: it must be ",
    ],
    [
      "a password that is not encoded",
      "amqp://tester:1/secret-word@broker",
      "RABBITMQ_URL has no user and password, or one that is not percent-encoded: it must be ",
    ],
  ])("ends at once with %s for a broker's URL, and does not say what it holds", async (_, url, why) => {
    const { status, stdout, stderr } = await runInWorker(scratch, { RABBITMQ_URL: url });
    expect(status).toBe(1);
    expect(stderr).toContain(`fossa_node: ${why}amqp://user:password@host:port or amqps://user:password@host:port`);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(stdout + stderr).not.toContain("secret-word");
  });

  it("names each wrong setting, its bound and its value", async () => {
    const file = join(scratch, "no-certificate.pem");
    writeFileSync(file, "no certificate");
    const url = "amqp://tester:secret-word@broker";
    const rows: [env: Record<string, string>, message: string][] = [
      [{ RABBITMQ_URL: "amqp://broker" }, "RABBITMQ_URL has no user and password"],
      [{ RABBITMQ_URL: "amqp://tester:@broker" }, "RABBITMQ_URL has no user and password"],
      [{ RABBITMQ_URL: "amqp://tester:secret-word@" }, "RABBITMQ_URL has no host"],
      [{ RABBITMQ_URL: `${url}:70000` }, "RABBITMQ_URL has a port that is no port"],
      [{ RABBITMQ_URL: "amqp://tester:secret-word/@broker:1" }, "RABBITMQ_URL has a port that is no port"],
      [{ RABBITMQ_URL: `${url}:0` }, "RABBITMQ_URL has port 0"],
      [{ RABBITMQ_URL: `${url}?heartbeat=often` }, "RABBITMQ_URL has options after the ?"],
      ...["TASK_CPU_UNITS", "FOSSA_HTTP_PORT", "FOSSA_COMPLETED_TASKS"].flatMap((name) =>
        ["0", "-1", "1.5", "many", "1000000", "٣"].map((text): [Record<string, string>, string] => [
          { [name]: text },
          `${name} must be a whole number from `,
        ]),
      ),
      [{ TASK_CPU_UNITS: "127" }, "TASK_CPU_UNITS must be a whole number from 128 to 196608, got '127'"],
      [{ FOSSA_HTTP_PORT: "65536" }, "FOSSA_HTTP_PORT must be a whole number from 1 to 65535, got '65536'"],
      [{ FOSSA_STOP_SECONDS: "116" }, "FOSSA_STOP_SECONDS must be a whole number from 0 to 115, got '116'"],
      [{ FOSSA_LOG_GROUP: "logs", AWS_REGION: "eu-west-2" }, "FOSSA_LOG_STREAM is not set: "],
      [{ FOSSA_LOG_STREAM: "own", AWS_REGION: "eu-west-2" }, "FOSSA_LOG_GROUP is not set: "],
      [{ FOSSA_LOG_GROUP: "logs", FOSSA_LOG_STREAM: "own" }, "AWS_REGION is not set: "],
      [
        { RABBITMQ_CA_FILE: "/nope.pem" },
        "RABBITMQ_CA_FILE must be a file of certificates in PEM, got '/nope.pem' (No such file",
      ],
      [
        { RABBITMQ_CA_FILE: file },
        `RABBITMQ_CA_FILE must be a file of certificates in PEM, got '${file}' (NO_CERTIFICATE`,
      ],
    ];
    rows.push(...ACCEPTED.map((env): [Record<string, string>, string] => [env, "nothing"]));
    const cases = rows.map(([env]) => ({ RABBITMQ_URL: url, ...env }));
    const { stdout, stderr } = await runInWorker(scratch, {}, ["-c", READ_SETTINGS, JSON.stringify(cases)]);
    expect(stderr).toBe("");
    const said = JSON.parse(stdout) as string[];
    expect(said.map((text, index) => text.slice(0, rows[index]?.[1].length))).toEqual(
      rows.map(([, message]) => message),
    );
    expect(stdout).not.toContain("secret-word");
  });

  it("runs two tasks at a time for each vCPU of its Fargate task, and at least two, whatever the host has", async () => {
    const units = { 256: 2, 512: 2, 1024: 2, 2048: 4, 4096: 8, 8192: 16, 16384: 32 };
    const { stdout, stderr } = await runInWorker(scratch, {}, ["-c", TASKS_AT_A_TIME, Object.keys(units).join()]);
    expect(stderr).toBe("");
    for (const [cpus, tasks] of Object.entries(JSON.parse(stdout)))
      expect({ cpus, tasks }).toEqual({ cpus, tasks: units });
    expect(Object.keys(JSON.parse(stdout))).toHaveLength(96);
  });

  it("ends when it cannot listen", async () => {
    const { status, stderr, timedOut } = await runInWorker(scratch, {
      RABBITMQ_URL: broker.url(),
      FOSSA_HTTP_HOST: "127.0.0.1",
      FOSSA_HTTP_PORT: new URL(plain.url).port,
    });
    expect([status, timedOut]).toEqual([1, false]);
    expect(stderr).toContain("Address already in use");
  });

  /** Puts sub-tasks into the queue; gives how many are there then. */
  const queue = async (count: number, subTask: object): Promise<number> => {
    const rest = { resolver_context: {}, model_construction_kwargs: {}, partition_initialise_kwargs: {} };
    const message = JSON.stringify({ ...subTask, ...rest });
    const args = ["-c", QUEUE, broker.url(), `${count}`, message];
    const { status, stdout, stderr } = await runInWorker(scratch, {}, args);
    expect(status, stderr).toBe(0);
    return Number(stdout);
  };

  it("ends when the process that runs its tasks has ended", async () => {
    // as a sub-task does to Fossa's governor whose class this image does not have
    await queue(1, { ...QUICK, model_class: "Newer" });
    const first = await Promise.race(
      [plain, encrypted].map(async (worker) => ({ worker, exit: await worker.program.ended })),
    );
    expect(first.exit).toEqual({ status: 0, signal: null });
    expect(first.worker.output).toContain("a process of the node has ended; the node ends too, to be started anew\n");
  });

  it("leaves in the queue what it has not begun when it is told to end, and drops nothing", async () => {
    await Promise.all([plain, encrypted].map((worker) => worker.program.kill()));
    await queue(30, { ...QUICK, method_kwargs: { digit: "d", complexity: 5 } });
    const worker = await start({ RABBITMQ_URL: broker.url(), FOSSA_STOP_SECONDS: "60" });
    await worker.untilNode("has begun", (info) => info.running_tasks.length > 0);
    worker.program.terminate();
    expect(await worker.program.ended).toEqual({ status: 0, signal: null });
    const taken = worker.output.match(/Exchange received subtask_id/g)?.length ?? 0;
    expect(taken).toBeGreaterThan(0);
    expect(worker.output.match(/reply complete for/g)).toHaveLength(taken);
    expect(await queue(0, QUICK)).toBe(30 - taken);
    expect(taken).toBeLessThan(30);
  });

  it("never says its password", () => {
    expect(workers.length).toBeGreaterThan(5);
    const said = workers.map(({ output }) => output).join("");
    expect(said).toContain("connected");
    expect(said).not.toContain(BROKER_PASSWORD);
    expect(said).not.toContain(encodeURIComponent(BROKER_PASSWORD));
  });
});

/** Publishes a message so many times, as Fossa does, and says how many the queue holds. */
const QUEUE = `
import pika, sys
url, count, body = sys.argv[1:]
with pika.BlockingConnection(pika.URLParameters(url)) as connection:
    channel = connection.channel()
    channel.confirm_delivery()
    for number in range(int(count)):
        properties = pika.BasicProperties(reply_to="nobody", correlation_id=f"abcde:{number}")
        channel.basic_publish("", "fossa_task_queue", body, properties)
    print(channel.queue_declare("fossa_task_queue", passive=True).method.message_count)
`;

/** What reading each of these environments says. */
const READ_SETTINGS = `
import json, sys
from settings import SettingError, read_settings
def said(environ):
    try:
        read_settings(environ)
    except SettingError as error:
        return str(error)
    return "nothing"
print(json.dumps([said(environ) for environ in json.loads(sys.argv[1])]))
`;

/** For hosts of 1 to 96 CPUs, how many tasks Fossa runs at a time at each size of a Fargate task. */
const TASKS_AT_A_TIME = `
import json, os, ssl, sys
from ayeaye.runtime.knowledge import RuntimeKnowledge
from settings import read_settings
ssl.create_default_context = lambda cafile: None  # reads the system's authorities, which takes its time
def tasks(cpus, units):
    os.cpu_count = lambda: cpus
    settings = read_settings({"RABBITMQ_URL": "amqp://u:p@h", "TASK_CPU_UNITS": units})
    runtime = RuntimeKnowledge()
    runtime.cpu_task_ratio = settings.cpu_task_ratio
    return runtime.max_concurrent_tasks
print(json.dumps({cpus: {units: tasks(cpus, units) for units in sys.argv[1].split(",")} for cpus in range(1, 97)}))
`;
