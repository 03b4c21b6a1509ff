import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Fault } from "../../../assets/gateway/fault";
import { WorkerClient } from "../../../assets/gateway/worker-client";
import { type NewTask, WorkerRefusal } from "../../../assets/gateway/worker-fault";
import { answer, dribble, FakeWorker, hang, IDLE, RUNNING } from "../../support/fake-worker";

const HERE = "127.0.0.1";
const TASK: NewTask = {
  model_class: "Good",
  method: "go",
  method_kwargs: { n: 3 },
  model_construction_kwargs: {},
  resolver_context: { mood: "calm" },
};

describe("the worker client", () => {
  let worker: FakeWorker;
  let client: WorkerClient;
  beforeAll(async () => {
    worker = await FakeWorker.start();
  });
  afterAll(() => worker.stop());
  beforeEach(() => {
    worker.requests.length = 0;
    client = new WorkerClient({ port: worker.port, timeoutMs: 10_000, maxBytes: 10_000 });
  });
  const page = async (call: Promise<unknown>) => {
    const error = await call.then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(error).toBeInstanceOf(Fault);
    return (error as Fault).page;
  };

  it("reads what a node says", async () => {
    worker.handle = answer(200, { ...IDLE, running_tasks: [RUNNING] });
    const info = await client.nodeInfo(HERE);
    expect(info.node_info.node_ident).toBe("9585:jbpyf");
    expect(info.running_tasks[0]?.task_id).toBe("kbeok");
    expect(worker.requests).toMatchObject([{ method: "GET", url: "/api/0.01/node_info" }]);
  });
  it("reads numbers that are none", async () => {
    const text = JSON.stringify({ ...IDLE, recent_completed_tasks: [RUNNING] }).replace(
      '"method_kwargs":{}',
      '"method_kwargs":NaN',
    );
    worker.handle = answer(200, text);
    expect((await client.nodeInfo(HERE)).recent_completed_tasks[0]?.method_kwargs).toBe("NaN");
  });
  it("posts a task as JSON and gives its id", async () => {
    worker.handle = answer(200, { task_id: "mafxo", governor_accepted_ident: "1:a" });
    expect(await client.post(HERE, TASK)).toBe("mafxo");
    expect(worker.requests).toEqual([
      { method: "POST", url: "/api/0.01/task", type: "application/json", body: JSON.stringify(TASK) },
    ]);
  });

  it.each<[string, Parameters<typeof answer>, number, string, string]>([
    ["no JSON", [200, "<html>It works!</html>"], 502, "The worker's answer is invalid", "is not JSON"],
    [
      "other JSON",
      [200, { hello: "world" }],
      502,
      "The worker's answer is invalid",
      "not of the form that Fossa returns",
    ],
    ["an empty answer", [200, ""], 502, "The worker's answer is invalid", "is not JSON"],
    ["too much", [200, `"${"x".repeat(10_000)}"`], 502, "The worker's answer is too large", "more than"],
    ["an error", [500, { msg: "Internal Server Error" }], 502, "The worker returned an error", "status 500"],
    ["not found", [404, { msg: "Not Found" }], 502, "The worker returned an error", "status 404"],
  ])("says that a worker answers with %s", async (_, [status, body], code, title, what) => {
    worker.handle = answer(status, body);
    const fault = await page(client.nodeInfo(HERE));
    expect(fault).toMatchObject({ status: code, title, what: expect.stringContaining(what) });
    expect(fault.what).toContain(HERE);
    expect(fault.remedy).not.toBe("");
  });
  it("takes an answer of just the size that it may have", async () => {
    const room = 10_000 - JSON.stringify({ ...IDLE, pad: "" }).length;
    worker.handle = answer(200, { ...IDLE, pad: "x".repeat(room) });
    expect((await client.nodeInfo(HERE)).running_tasks).toEqual([]);
    worker.handle = answer(200, { ...IDLE, pad: "x".repeat(room + 1) });
    expect((await page(client.nodeInfo(HERE))).title).toBe("The worker's answer is too large");
  });
  it("follows no redirect", async () => {
    worker.handle = answer(302, "", { Location: `http://127.0.0.1:${worker.port}/latest/meta-data/` });
    expect(await page(client.nodeInfo(HERE))).toMatchObject({
      status: 502,
      what: expect.stringContaining("status 302"),
    });
    expect(worker.requests.map(({ url }) => url)).toEqual(["/api/0.01/node_info"]);
  });
  it.each([
    ["nothing", hang],
    ["a part", dribble],
  ])("gives up a worker that says %s", async (_, handle) => {
    worker.handle = handle;
    client = new WorkerClient({ port: worker.port, timeoutMs: 100 });
    const began = Date.now();
    expect(await page(client.nodeInfo(HERE))).toMatchObject({
      status: 504,
      title: "The worker does not answer",
      what: expect.stringContaining("within 0.1 seconds"),
      remedy: expect.stringContaining(`port ${worker.port}`),
    });
    expect(Date.now() - began).toBeLessThan(2_000);
  });
  it("says that a task may have been accepted when the worker hangs over it", async () => {
    worker.handle = hang;
    const fault = await page(new WorkerClient({ port: worker.port, timeoutMs: 60 }).post(HERE, TASK));
    expect(fault.what).toContain("may still have accepted the task");
  });
  it("ends a call that others have no time for", async () => {
    worker.handle = hang;
    const call = client.nodeInfo(HERE, { timeoutMs: 5_000, signal: AbortSignal.timeout(20) });
    expect((await page(call)).status).toBe(504);
  });
  it("says that nobody listens", async () => {
    const gone = await FakeWorker.start();
    const { port } = gone;
    await gone.stop();
    expect(await page(new WorkerClient({ port }).nodeInfo(HERE))).toMatchObject({
      status: 502,
      title: "The worker refuses connections",
      what: `Nothing listens on port ${port} of ${HERE}.`,
    });
  });
  it("says that the connection broke", async () => {
    worker.handle = (_, response) => response.destroy();
    expect(await page(client.nodeInfo(HERE))).toMatchObject({
      status: 502,
      title: "The connection to the worker broke",
    });
  });
  it("says that an answer broke off", async () => {
    worker.handle = (_, response) => {
      response.writeHead(200, { "Content-Length": "1000" }).write("{");
      setTimeout(() => response.destroy(), 10);
    };
    expect((await page(client.nodeInfo(HERE))).title).toBe("The connection to the worker broke");
  });

  it.each<[number, object, string]>([
    [
      412,
      { error: { message: "Model class 'Nope' is not in the list of accepted classes." } },
      "Model class 'Nope' is not",
    ],
    [400, { error: { message: "'model_class' is a mandatory field" } }, "'model_class' is a mandatory field"],
    [503, { error: { message: "Node at full capacity and can't accept new tasks" } }, "Node at full capacity"],
    [415, { msg: "Unsupported Media Type" }, "Unsupported Media Type"],
  ])("keeps the words of a worker that refuses a task with %i", async (status, body, words) => {
    worker.handle = answer(status, body);
    const error = await client.post(HERE, TASK).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(WorkerRefusal);
    expect(error).toMatchObject({ status, message: expect.stringContaining(words) });
  });
  it.each<[number, object | string]>([
    [500, "<h1>Internal Server Error</h1>"],
    [200, { task: 1 }],
    [200, { task_id: "" }],
  ])("does not take %i with %o for a task", async (status, body) => {
    worker.handle = answer(status, body);
    expect((await page(client.post(HERE, TASK))).status).toBe(502);
  });
  it.each(["localhost", "169.254.169.254.", "::1", "2130706433", ""])("asks no %o", async (address) => {
    await expect(client.nodeInfo(address)).rejects.toThrow("not an IPv4 address");
  });
});
