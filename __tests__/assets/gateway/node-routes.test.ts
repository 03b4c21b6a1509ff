import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { App } from "../../../assets/gateway/env";
import { WorkerClient } from "../../../assets/gateway/worker-client";
import {
  answer,
  COMPLETE,
  dribble,
  FAILED,
  hang,
  IDLE,
  RUNNING,
  worker as workerThat,
} from "../../support/fake-worker";
import { ask, GatewayOnStubs } from "./gateway.fixture";

const NODE = "/clusters/dev-fossa/nodes/127.0.0.1";
const OWN = { "Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded" };

/** Waits as usual for what a node says of itself, and not for what it says to a task. */
const impatient = () => {
  const { port } = stubs.worker;
  const [usual, short] = [new WorkerClient({ port }), new WorkerClient({ port, timeoutMs: 60 })];
  return { nodeInfo: (address: string) => usual.nodeInfo(address), post: short.post.bind(short) };
};
const NOW = Date.parse("2026-11-21T12:12:00Z");

let stubs: GatewayOnStubs;
let app: App;
beforeAll(async () => {
  stubs = await GatewayOnStubs.start();
});
afterAll(() => stubs.stop());
beforeEach(() => {
  stubs.now = NOW;
  stubs.lines.length = 0;
  stubs.patienceMs = 10_000;
  stubs.ecs.reset();
  stubs.ecs.clusters.set("dev-fossa", [
    { id: "none-yet", lastStatus: "PENDING" },
    { id: "starting", lastStatus: "PENDING", address: "127.0.0.7" },
    { id: "broker", group: "service:rabbitmq", address: "127.0.0.8" },
    { id: "w1", address: "127.0.0.1", startedAt: 1_763_726_400 },
  ]);
  stubs.ecs.clusters.set("other", [{ id: "w2", address: "127.0.0.9" }]);
  stubs.worker.handle = answer(200, IDLE);
  stubs.worker.requests.length = 0;
  app = stubs.app({ postEnabled: true, tls: true });
});

describe("a node", () => {
  it("shows its capacity, and says that it has done nothing yet", async () => {
    const { status, heading, text } = await ask(app, NODE);
    expect([status, heading]).toEqual([200, "Node 127.0.0.1"]);
    expect(text).toContain("4 of 4");
    expect(text).toContain("9585:jbpyf");
    expect(text).toContain("The node has no running tasks.");
    expect(text).toContain("The node hasn&#39;t completed any tasks since it started.");
    expect(text).toContain('href="/clusters/dev-fossa"');
  });
  it("shows tasks that run, that are complete and that failed, with all that they said", async () => {
    stubs.worker.handle = answer(200, {
      ...IDLE,
      running_tasks: [RUNNING],
      recent_completed_tasks: [COMPLETE, FAILED],
    });
    const { text } = await ask(app, NODE);
    const columns = [...text.matchAll(/<thead.*?<\/thead>/gs)].map(([head]) =>
      [...head.matchAll(/columnheader">(.*?)</g)].map((match) => match[1]),
    );
    const what = ["Model class", "Method", "Method kwargs", "Resolver context", "Started (UTC)"];
    expect(columns).toEqual([
      [...what, "For", "Status", "Task id"],
      [...what, "Finished (UTC)", "Status", "Results", "Task id"],
    ]);
    for (const part of [
      "Slow",
      "Running",
      "kbeok",
      "Good",
      "Complete",
      "{&quot;n&quot;:3}",
      "{&quot;mood&quot;:&quot;calm&quot;}",
    ])
      expect(text).toContain(part);
    expect(text).toContain("{&quot;html&quot;:&quot;&lt;b&gt;bold&lt;/b&gt;&quot;,&quot;n&quot;:3}");
    expect(text).toContain("<strong>ValueError</strong>: no &lt;such&gt; thing");
    expect(text).toMatch(/<details data-key="iyvqu:14::amq.gen-Zx1 traceback"><summary>Traceback<\/summary>/);
    expect(text).toContain("File &quot;/app/node.py&quot;, line 14\n    raise ValueError(");
    expect(text).toContain('<code title="iyvqu:14::amq.gen-Zx1">iyvqu:14</code>');
  });
  it("shows completed tasks by the hundred", async () => {
    stubs.worker.handle = answer(200, {
      ...IDLE,
      recent_completed_tasks: Array.from({ length: 101 }, (_, n) => ({ ...COMPLETE, task_id: `t${n}` })),
    });
    expect((await ask(app, NODE)).text).toContain("1 to 100 of 101");
    const { text } = await ask(app, `${NODE}?page=2`);
    expect(text).toContain("101 to 101 of 101");
    expect(text).toContain('title="t100"');
    expect(text).not.toContain('title="t99"');
  });

  it.each<[string, string]>([
    ["127.0.0.2", 'No running task in dev-fossa has the address "127.0.0.2".'],
    ["127.0.0.9", "No running task in dev-fossa"],
    ["169.254.169.254", "No running task in dev-fossa"],
    ["localhost", "No running task in dev-fossa"],
    ["undefined", "No running task in dev-fossa"],
    ["127.0.0.1%3A80", "No running task in dev-fossa"],
    ["127.0.0.1%2F..%2F", "No running task in dev-fossa"],
    ["127.0.0.8", "The task at 127.0.0.8 belongs to service:rabbitmq and is not a worker."],
    ["127.0.0.7", "The worker at 127.0.0.7 is not running: its status is pending."],
  ])("at %s is none, and nobody is asked", async (address, what) => {
    const { status, heading, text } = await ask(app, `/clusters/dev-fossa/nodes/${address}`);
    expect([status, heading]).toEqual([404, "Node not found"]);
    expect(text.replaceAll("&quot;", '"')).toContain(what);
    expect(text).toContain('href="/clusters/dev-fossa"');
    expect(stubs.worker.requests).toEqual([]);
  });
  it("of an unknown cluster is none", async () => {
    expect((await ask(app, "/clusters/nope/nodes/127.0.0.1")).heading).toBe("Cluster not found");
  });

  it.each<[string, typeof hang, number, string]>([
    ["hangs", hang, 504, "The worker does not answer"],
    ["hangs in mid-answer", dribble, 504, "The worker does not answer"],
    ["answers nonsense", answer(200, "<b>hi</b>"), 502, "The worker&#39;s answer is invalid"],
    ["answers other JSON", answer(200, []), 502, "The worker&#39;s answer is invalid"],
    ["fails", answer(500, { msg: "Internal Server Error" }), 502, "The worker returned an error"],
    ["redirects", answer(301, "", { Location: "http://127.0.0.1/" }), 502, "The worker returned an error"],
  ])("that %s has a page that says so", async (_, handle, status, title) => {
    stubs.worker.handle = handle;
    if (status === 504) stubs.patienceMs = 60;
    const page = await ask(stubs.app(), NODE);
    expect(page.status).toBe(status);
    expect(page.text).toContain(`<h2>${title}</h2>`);
    expect(page.text).toContain('href="/clusters/dev-fossa"');
    expect(page.text).not.toContain("<b>hi</b>");
    expect(stubs.lines.filter(({ level }) => level === "error")).toEqual([
      expect.objectContaining({ event: "fault", address: "127.0.0.1", title: title.replace("&#39;", "'") }),
    ]);
  });

  describe("whose broker may be down", () => {
    const started = (secondsAgo: number) => new Date(NOW - secondsAgo * 1000).toUTCString();
    it.each<[string, object, string | undefined]>([
      [
        "with a task that runs for two minutes and a second",
        { running_tasks: [{ ...RUNNING, started: started(121) }] },
        "A task has been running for 2 min.",
      ],
      ["with a task that runs for two minutes", { running_tasks: [{ ...RUNNING, started: started(120) }] }, undefined],
      [
        "with a sub-task that runs for an hour",
        { running_tasks: [{ ...RUNNING, task_id: "a:1::q", started: started(3600) }] },
        undefined,
      ],
      ["with a task that began at no time", { running_tasks: [{ ...RUNNING, started: "now" }] }, undefined],
      [
        "that says that it is",
        { node_info: { ...IDLE.node_info, broker: "RabbitMQ at b:5672 cannot be <reached>" } },
        "This node has no connection to the message broker.",
      ],
      [
        "that says that it is not",
        {
          node_info: { ...IDLE.node_info, broker: "connected" },
          running_tasks: [{ ...RUNNING, started: started(3600) }],
        },
        undefined,
      ],
    ])("%s", async (_, more, notice) => {
      stubs.worker.handle = answer(200, { ...IDLE, ...more });
      const { text } = await ask(app, NODE);
      expect(/<div class="notice wait" role="status"><p><strong>(.*?)<\/strong>/.exec(text)?.[1]).toBe(notice);
      expect(text).not.toContain("<reached>");
    });
  });
});

describe("posting a task", () => {
  const token = async () => /name="token" value="([^"]+)"/.exec((await ask(app, NODE)).text)?.[1] ?? "";
  const form = async (values: Record<string, string> = {}) =>
    new URLSearchParams({
      token: await token(),
      model_class: "Good",
      method: "go",
      method_kwargs: '{"n": 3}',
      ...values,
    });
  const post = (body: URLSearchParams | string, headers: Record<string, string> = OWN, path = NODE) =>
    ask(app, path, headers, {
      method: "POST",
      body: String(body),
      headers: { Authorization: `Basic ${btoa("fossa:a long pass phrase")}`, ...headers },
    });
  const posts = () => stubs.worker.requests.filter(({ method }) => method === "POST");

  it("is not there unless it is enabled", async () => {
    const body = await form();
    app = stubs.app({ postEnabled: false });
    const { text } = await ask(app, NODE);
    expect(text).not.toContain("<form");
    const { status, heading } = await post(body);
    expect([status, heading]).toEqual([404, "Page not found"]);
    expect(posts()).toEqual([]);
  });
  it("sends it to the worker, and goes back to the node", async () => {
    stubs.worker.handle = workerThat(IDLE, answer(200, { task_id: "mafxo" }));
    const { status, headers } = await post(await form({ resolver_context: '{"a":1}' }));
    expect([status, headers.get("Location")]).toEqual([303, `${NODE}?posted=mafxo`]);
    expect(posts().map(({ url, body }) => [url, JSON.parse(body)])).toEqual([
      [
        "/api/0.01/task",
        {
          model_class: "Good",
          method: "go",
          method_kwargs: { n: 3 },
          model_construction_kwargs: {},
          resolver_context: { a: 1 },
        },
      ],
    ]);
  });
  it.each<[string, object, string]>([
    ["is not listed yet", IDLE, "The worker has not listed it yet."],
    ["runs", { ...IDLE, running_tasks: [RUNNING] }, "It is running."],
    [
      "is complete",
      { ...IDLE, recent_completed_tasks: [{ ...COMPLETE, task_id: "kbeok" }] },
      "It is complete; the result is below.",
    ],
    ["has failed", { ...IDLE, recent_completed_tasks: [{ ...FAILED, task_id: "kbeok" }] }, "It failed;"],
  ])("says afterwards that the task %s", async (_, info, words) => {
    stubs.worker.handle = answer(200, info);
    const { text } = await ask(app, `${NODE}?posted=kbeok`);
    expect(text).toContain("Task <code>kbeok</code> was posted.");
    expect(text).toContain(words);
  });
  it.each(["<b>", "a b", "x".repeat(201), ""])("says nothing of %o", async (id) => {
    const { text } = await ask(app, `${NODE}?${new URLSearchParams({ posted: id })}`);
    expect(text).not.toContain("was posted");
  });

  it("keeps what was typed and says what is wrong beside it, without asking the worker", async () => {
    const { status, text } = await post(
      await form({ model_class: 'No "way"</textarea>', method_kwargs: "\n[1]</textarea><b>" }),
    );
    expect(status).toBe(422);
    expect(text).toContain('value="No &quot;way&quot;&lt;/textarea&gt;"');
    expect(text).toMatch(/<textarea\s[^>]*>\n\n\[1\]&lt;\/textarea&gt;&lt;b&gt;<\/textarea>/);
    expect(text).toMatch(
      /id="method_kwargs"[^>]*aria-describedby="method_kwargs-hint method_kwargs-fault"[^>]*aria-invalid="true"/,
    );
    expect(text).toMatch(/<details class="fold" open>/);
    expect(text.match(/autofocus/g)).toHaveLength(1);
    expect(posts()).toEqual([]);
  });
  it.each<[string, Parameters<typeof answer> | "hang", number, string]>([
    [
      "does not know the class",
      [412, { error: { message: "Model class 'Good' is not in the list" } }],
      422,
      "The worker&#39;s message: Model class &#39;Good&#39; is not in the list",
    ],
    [
      "finds the task wrong",
      [400, { error: { message: "bad <kwargs>" } }],
      422,
      "The worker&#39;s message: bad &lt;kwargs&gt;",
    ],
    [
      "is full",
      [503, { error: { message: "Node at full capacity" } }],
      503,
      "The worker&#39;s message: Node at full capacity",
    ],
    [
      "fails with words",
      [500, { msg: "Internal Server Error" }],
      502,
      "The worker&#39;s message: Internal Server Error",
    ],
    ["fails without", [500, "<h1>500</h1>"], 502, "returned status 500"],
    ["answers nonsense", [200, "ok"], 502, "is not JSON"],
    [
      "hangs",
      "hang",
      504,
      "<strong>The worker does not answer.</strong> The worker at 127.0.0.1 has not answered within 0.06 seconds. It may still have accepted the task.",
    ],
  ])("shows that the worker %s", async (_, given, code, words) => {
    stubs.worker.handle = workerThat(IDLE, given === "hang" ? hang : answer(...given));
    if (given === "hang") app = stubs.app({ postEnabled: true }, { worker: impatient() });
    const { status, text } = await post(await form({ method_kwargs: '{"n": 4}' }));
    expect(status).toBe(code);
    expect(text).toContain(words);
    expect(text).toContain('<div class="notice bad all" role="alert">');
    expect(text).toContain("{&quot;n&quot;: 4}</textarea>");
  });
  it("shows both when the worker has gone in between", async () => {
    const body = await form();
    stubs.worker.handle = answer(500, { msg: "Internal Server Error" });
    const { status, text } = await post(body);
    expect(status).toBe(502);
    expect(text).toContain("<h2>The worker returned an error</h2>");
    expect(text).toContain('value="Good"');
  });

  it.each<[string, Record<string, string>]>([
    ["of another site", { ...OWN, "Sec-Fetch-Site": "cross-site", Origin: "https://evil.example" }],
    ["of nobody knows where", { "Content-Type": "application/x-www-form-urlencoded" }],
    ["of another origin", { ...OWN, Origin: "https://evil.example" }],
  ])("is not done for a form %s", async (_, headers) => {
    const { status, heading } = await post(await form(), headers);
    expect([status, heading]).toEqual([403, "The form was sent by another site"]);
    expect(posts()).toEqual([]);
  });
  it.each(["", "1.x", "99999999999999.forged"])("is not done with the token %o, but can be then", async (forged) => {
    const { status, text } = await post(await form({ token: forged }));
    expect(status).toBe(403);
    expect(text).toContain("The form has expired");
    expect(text).toContain('value="Good"');
    expect(posts()).toEqual([]);
    stubs.worker.handle = workerThat(IDLE, answer(200, { task_id: "mafxo" }));
    const fresh = /name="token" value="([^"]+)"/.exec(text)?.[1] ?? "";
    expect((await post(await form({ token: fresh }))).status).toBe(303);
  });
  it("is not done with a token that is too old", async () => {
    const body = await form();
    stubs.now += 12 * 3_600_000;
    expect((await post(body)).status).toBe(403);
    expect(posts()).toEqual([]);
  });
  it("is not done without sign-in, with a form too large, or for a task that is no worker", async () => {
    expect((await app.request(NODE, { method: "POST", headers: OWN, body: String(await form()) })).status).toBe(401);
    const large = await post(await form({ method_kwargs: JSON.stringify({ a: "x".repeat(70_000) }) }));
    expect([large.status, large.heading]).toEqual([413, "The form is too large"]);
    expect((await post(await form(), OWN, "/clusters/dev-fossa/nodes/127.0.0.8")).status).toBe(404);
    expect(posts()).toEqual([]);
  });
});
