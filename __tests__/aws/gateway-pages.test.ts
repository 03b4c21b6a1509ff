import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import type { Config } from "../../assets/gateway/config";
import { Fault } from "../../assets/gateway/fault";
import { type Gateway, startGateway } from "../../assets/gateway/server";
import { type Limits, WorkerClient } from "../../assets/gateway/worker-client";
import type { NewTask } from "../../assets/gateway/worker-fault";
import { chromiumMissing, startChromium } from "../support/chromium";
import { EcsStub } from "../support/ecs-stub";
import {
  answer,
  COMPLETE,
  FAILED,
  FakeWorker,
  hang,
  IDLE,
  RUNNING,
  worker as workerThat,
} from "../support/fake-worker";

const missing = chromiumMissing();
if (missing && !process.env.CI) console.warn(`\nTHE GATEWAY'S PAGES ARE NOT LOOKED AT: ${missing}.\n`);

const PASSWORD = "a long pass phrase";
const NODE = "/clusters/dev-fossa/nodes/127.0.0.1";
const GROUP = "service:dev-fossa-workers";
const LONG = { challenges: Array.from({ length: 40 }, (_, n) => ({ digit: n.toString(16), length: n * 31 })) };
const BUSY = {
  node_info: {
    available_processing_capacity: 1,
    max_concurrent_tasks: 4,
    node_ident: "9585:jbpyf",
    broker: "connected",
  },
  running_tasks: [RUNNING, { ...RUNNING, task_id: "iyvqu:15::amq.gen-Zx1", method: "crypto_challenge" }],
  recent_completed_tasks: [
    COMPLETE,
    FAILED,
    {
      ...COMPLETE,
      task_id: "longs",
      method_kwargs: LONG,
      results: { ...COMPLETE.results, payload: { return_value: LONG } },
    },
    ...Array.from({ length: 150 }, (_, n) => ({
      ...COMPLETE,
      model_class: "PartitionedExampleEtl",
      task_id: `iyvqu:${n}::amq.gen-Zx1`,
    })),
  ],
};

describe.skipIf(missing !== "" && !process.env.CI)("the gateway's pages", () => {
  let browser: Browser;
  let ecs: EcsStub;
  let worker: FakeWorker;
  let gateway: Gateway;
  let closed: Gateway;
  let clock = Date.parse("2026-11-21T12:21:00Z");
  /** How long the gateway waits for a worker: less where one hangs, and else long enough for a busy machine. */
  let patienceMs: number;
  const client = () => new WorkerClient({ port: worker.port, timeoutMs: patienceMs });
  const hangs = () => {
    worker.handle = hang;
    patienceMs = 200;
  };
  const shots = process.env.SCREENSHOTS ?? join(inject("scratch"), "screenshots");
  const url = (path: string, at = gateway) => `http://127.0.0.1:${at.port}${path}`;

  beforeAll(async () => {
    mkdirSync(shots, { recursive: true });
    browser = await startChromium();
    ecs = await EcsStub.start();
    worker = await FakeWorker.start();
    const config: Config = {
      region: "eu-west-2",
      passwordSecretArn: "",
      host: "127.0.0.1",
      port: 0,
      workerPort: worker.port,
      workerGroup: "service:dev-fossa-workers",
      postEnabled: true,
      tls: true,
    };
    const services = {
      ecs: ecs.client(),
      password: { current: async () => PASSWORD, latest: async () => PASSWORD },
      worker: {
        nodeInfo: (address: string, limits: Limits) => client().nodeInfo(address, limits),
        post: (address: string, task: NewTask) => client().post(address, task),
      },
      log: { info: () => {}, error: () => {} },
      now: () => clock,
    };
    gateway = await startGateway(config, services);
    const none = async () => {
      throw new Fault({
        status: 503,
        title: "Nobody can sign in at the moment",
        what: "There is no password.",
        remedy: "Set one.",
      });
    };
    closed = await startGateway(config, { ...services, password: { current: none, latest: none } });
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([gateway?.close(), closed?.close(), ecs?.stop(), worker?.stop()]);
  });
  beforeEach(() => {
    clock += 10_000; // the gateway remembers what ECS said for less
    ecs.reset();
    patienceMs = 10_000;
    const tasks = Array.from({ length: 250 }, (_, n) => ({
      id: `0123456789abcdef0123456789ab${String(n).padStart(4, "0")}`,
      group: n < 240 ? GROUP : "service:dev-fossa-rabbitmq",
      startedAt: 1_763_726_400 + n,
      lastStatus: n % 50 === 7 ? "PENDING" : "RUNNING",
      address: n % 50 === 7 ? undefined : n === 239 ? "127.0.0.1" : `127.1.2.${n}`,
    }));
    ecs.clusters.set("dev-fossa", tasks).set("prod-fossa-with-a-name-that-is-rather-long-for-a-phone", []);
    worker.handle = answer(200, BUSY);
  });

  /** A reader, with what their browser complains about and whom it asks. */
  async function reader(options: { dark?: boolean; phone?: boolean; script?: boolean; signedIn?: boolean } = {}) {
    const { dark = false, phone = false, script = true, signedIn = true } = options;
    const context = await browser.newContext({
      colorScheme: dark ? "dark" : "light",
      viewport: phone ? { width: 390, height: 844 } : { width: 1280, height: 900 },
      javaScriptEnabled: script,
      httpCredentials: signedIn ? { username: "fossa", password: PASSWORD } : undefined,
    });
    const page = await context.newPage();
    const complaints: string[] = [];
    const hosts = new Set<string>();
    page.on("console", (message) => {
      // the browser itself notes every status of 400 and more as an error of the page
      if (
        ["error", "warning"].includes(message.type()) &&
        !/the server responded with a status of/.test(message.text())
      )
        complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => hosts.add(new URL(request.url()).host));
    return { context, page, complaints, hosts };
  }

  const PAGES: [name: string, path: string, status: number, heading: string, prepare?: () => void][] = [
    ["clusters", "/", 200, "Available clusters"],
    ["no-clusters", "/", 200, "Available clusters", () => ecs.clusters.clear()],
    ["tasks", "/clusters/dev-fossa", 200, "dev-fossa"],
    ["tasks-with-work", "/clusters/dev-fossa?work=1&page=3", 200, "dev-fossa"],
    ["no-tasks", "/clusters/prod-fossa-with-a-name-that-is-rather-long-for-a-phone", 200, "prod-fossa-with-a-name"],
    ["node", NODE, 200, "Node 127.0.0.1"],
    [
      "node-idle",
      NODE,
      200,
      "Node 127.0.0.1",
      () => {
        worker.handle = answer(200, IDLE);
      },
    ],
    ["unknown-cluster", "/clusters/nope", 404, "Cluster not found"],
    ["unknown-node", "/clusters/dev-fossa/nodes/192.168.2.250", 404, "Node not found"],
    ["unknown-page", "/nope", 404, "Page not found"],
    ["worker-hangs", NODE, 504, "Node 127.0.0.1", hangs],
    [
      "worker-nonsense",
      NODE,
      502,
      "Node 127.0.0.1",
      () => {
        worker.handle = answer(200, "<html><b>It works!</b></html>");
      },
    ],
    [
      "aws-denied",
      "/clusters/dev-fossa",
      502,
      "AWS denies access",
      () => {
        ecs.failing.set("ListTasks", [
          400,
          "AccessDeniedException",
          "User: arn:aws:sts::123456789012:assumed-role/dev-fossa-gateway/i-0123456789abcdef0 is not authorized to perform: ecs:ListTasks",
        ]);
      },
    ],
  ];
  const LOOKS = { light: {}, dark: { dark: true }, phone: { phone: true }, "phone-dark": { phone: true, dark: true } };

  /** No page scrolls sideways, complains or asks anybody but the gateway. */
  async function expectCalm(page: Page, { complaints, hosts }: { complaints: string[]; hosts: Set<string> }) {
    const [width, room] = await page.evaluate<[number, number]>("[document.documentElement.scrollWidth, innerWidth]");
    expect(width).toBeLessThanOrEqual(room);
    expect(complaints).toEqual([]);
    expect([...hosts].filter((host) => !host.startsWith("127.0.0.1:"))).toEqual([]);
    expect(hosts.size).toBe(1);
  }

  describe.each(Object.entries(LOOKS))("in %s", (look, options) => {
    it.each(PAGES)("show %s", async (name, path, status, heading, prepare) => {
      prepare?.();
      const { context, page, ...seen } = await reader(options);
      const response = await page.goto(url(path));
      expect(response?.status()).toBe(status);
      expect(await page.locator("h1").allInnerTexts()).toEqual([expect.stringContaining(heading)]);
      await page.screenshot({ path: join(shots, `${name}-${look}.png`), fullPage: status !== 200 });
      await expectCalm(page, seen);
      await context.close();
    });
  });

  describe("for those who do not get in", () => {
    it.each([
      ["sign-in", 401, "Please sign in"],
      ["nobody-can-sign-in", 503, "Nobody can sign in at the moment"],
    ])("show %s", async (name, status, heading) => {
      for (const [look, options] of Object.entries(LOOKS)) {
        const { context, page, ...seen } = await reader({ ...options, signedIn: false });
        // the browser would ask its reader for a password, and shows the page when they press Cancel
        await page.route("**", async (route) => {
          const response = await route.fetch();
          const { "www-authenticate": _, ...headers } = response.headers();
          await route.fulfill({ response, headers });
        });
        const response = await page.goto(url("/", status === 503 ? closed : gateway));
        expect(response?.status()).toBe(status);
        expect(await page.locator("h1").allInnerTexts()).toEqual([heading]);
        await page.screenshot({ path: join(shots, `${name}-${look}.png`) });
        await expectCalm(page, seen);
        await context.close();
      }
    });
  });

  describe("the form", () => {
    const task = (page: Page) => page.getByLabel("Model class");
    const open = async (page: Page) => {
      const response = await page.goto(url(NODE));
      expect(response?.status(), await page.innerText("body")).toBe(200);
      await page.getByText("Post a task to this worker").click();
    };

    it.each(Object.entries(LOOKS))(
      "keeps what was typed and says what is wrong beside it, in %s",
      async (look, options) => {
        const { context, page, ...seen } = await reader(options);
        await open(page);
        await task(page).fill("PartitionedExampleEtl");
        await page.getByLabel("Method kwargs").fill('{"a": 1,}');
        await page.getByLabel("Resolver context").fill("[1]");
        await page.getByRole("button", { name: "Post task" }).click();
        expect(await page.locator(".wrong").allInnerTexts()).toEqual([
          expect.stringMatching(/^Method kwargs is not JSON: /),
          'Resolver context must be a JSON object such as {"name": "value"}, not a list',
        ]);
        expect(await task(page).inputValue()).toBe("PartitionedExampleEtl");
        expect(await page.getByLabel("Method kwargs").inputValue()).toBe('{"a": 1,}');
        expect(await page.evaluate("document.activeElement.name")).toBe("method_kwargs");
        await page.setViewportSize({ width: page.viewportSize()?.width ?? 0, height: 1400 });
        await page.screenshot({ path: join(shots, `form-faults-${look}.png`) });
        await expectCalm(page, seen);
        expect(worker.requests.filter(({ method }) => method === "POST")).toEqual([]);
        await context.close();
      },
    );
    it("shows the worker's own words, and then what became of the task", async () => {
      const { context, page, ...seen } = await reader();
      const no = "Model class 'Nope' is not in the list of accepted classes.";
      worker.handle = workerThat(BUSY, answer(412, { error: { message: no } }));
      await open(page);
      await task(page).fill("Nope");
      await page.getByRole("button", { name: "Post task" }).click();
      expect(await page.getByRole("alert").innerText()).toContain(no);
      await page.screenshot({ path: join(shots, "form-refused-light.png") });

      worker.handle = workerThat(BUSY, answer(200, { task_id: "kbeok" }));
      await task(page).fill("Slow");
      await page.getByRole("button", { name: "Post task" }).click();
      await page.waitForURL("**/127.0.0.1?posted=kbeok");
      expect(await page.getByRole("status").first().innerText()).toBe("Task kbeok was posted. It is running.");
      expect(JSON.parse(worker.requests.at(-2)?.body ?? "")).toMatchObject({ model_class: "Slow", method: "go" });
      await page.screenshot({ path: join(shots, "form-posted-light.png") });
      await expectCalm(page, seen);
      await context.close();
    });
    it("is not taken from another site", async () => {
      const { context, page } = await reader();
      const posts = () => worker.requests.filter(({ method }) => method === "POST").length;
      const before = posts();
      const [response] = await Promise.all([
        page.waitForResponse((one) => one.request().method() === "POST"),
        page.setContent(
          `<form method="post" action="${url(NODE)}"><input name="model_class" value="Good"></form><script>document.forms[0].submit()</script>`,
        ),
      ]);
      expect(response.status()).toBe(403);
      expect(posts()).toBe(before);
      await context.close();
    });
  });

  describe("refresh", () => {
    const tick = async (page: Page) => {
      clock += 10_000;
      await page.clock.runFor(6_000);
    };

    it("brings what is new, and keeps what the reader has opened, typed and scrolled to", async () => {
      const { context, page, ...seen } = await reader();
      await page.clock.install();
      const response = await page.goto(url(NODE));
      expect(response?.status(), await page.innerText("body")).toBe(200);
      await page.getByText("Post a task to this worker").click();
      await page.getByLabel("Model class").fill("Half a na");
      await page.getByText("Traceback").first().click();
      await page.evaluate("scrollTo(0, 500)");
      worker.handle = answer(200, {
        ...BUSY,
        running_tasks: [],
        node_info: { ...BUSY.node_info, available_processing_capacity: 4 },
      });
      await tick(page);
      await page.getByText("The node has no running tasks.").waitFor();
      expect(await page.locator("dd .big").innerText()).toBe("4 of 4");
      expect(await page.locator("details[open] pre").innerText()).toContain('File "/app/node.py", line 14');
      expect(await page.getByLabel("Model class").inputValue()).toBe("Half a na");
      expect(await page.evaluate("scrollY")).toBe(500);
      await expectCalm(page, seen);
      await context.close();
    });
    it("touches nothing when nothing has changed", async () => {
      const { context, page } = await reader();
      await page.clock.install();
      await page.goto(url(NODE));
      await page.evaluate("document.querySelector('#work').firstElementChild.mark = 'mine'");
      const answered = page.waitForResponse((response) => response.request().resourceType() === "fetch");
      await tick(page);
      await answered;
      await page.getByText(/^Updated /).waitFor();
      expect(await page.evaluate("document.querySelector('#work').firstElementChild.mark")).toBe("mine");
      await context.close();
    });
    it("keeps the page and says so when there is no answer", async () => {
      const { context, page } = await reader();
      await page.clock.install();
      await page.goto(url(NODE));
      hangs();
      await tick(page);
      await page.getByText(/^Not updated since .* UTC: The worker does not answer$/).waitFor();
      expect(await page.getByText("PartitionedExampleEtl").count()).toBeGreaterThan(1);
      await page.screenshot({ path: join(shots, "stale-light.png") });
      await context.close();
    });
    it("pauses when it is told to", async () => {
      const { context, page } = await reader();
      await page.clock.install();
      await page.goto(url(NODE));
      await page.getByRole("button", { name: "Pause" }).click();
      const before = worker.requests.length;
      await tick(page);
      await tick(page);
      expect(worker.requests.length).toBe(before);
      await page.getByRole("button", { name: "Resume" }).click();
      await page.getByText(/^Updated /).waitFor();
      expect(worker.requests.length).toBe(before + 1);
      await context.close();
    });
    it("is a link without the script", async () => {
      const { context, page, ...seen } = await reader({ script: false });
      await page.goto(url(NODE));
      expect(await page.getByRole("button", { name: "Pause" }).count()).toBe(0);
      worker.handle = answer(200, IDLE);
      await page.getByRole("link", { name: "Refresh now" }).click();
      await page.getByText("The node has no running tasks.").waitFor();
      expect(seen.complaints).toEqual([]);
      await context.close();
    });
  });
});
