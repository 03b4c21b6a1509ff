import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type Gateway, startGateway } from "../../assets/gateway/server";
import { chromiumMissing, startChromium } from "../support/chromium";
import { EcsStub } from "../support/ecs-stub";
import { FossaWorker } from "../support/fossa-worker";
import { freePorts } from "../support/free-ports";
import { RabbitMq } from "../support/rabbitmq";
import { rabbitMqMissing } from "../support/rabbitmq-package";

const missing = inject("missing") || rabbitMqMissing() || chromiumMissing();
const skipped = missing !== "" && !process.env.CI;
if (skipped) console.warn(`\nNO JOB GOES FROM THE PAGE THROUGH THE WORKERS: ${missing}.\n`);

const PASSWORD = "a long pass phrase";
const CLUSTER = "dev-fossa";
/** As in a VPC, workers have an address each and one port. All of 127.0.0.0/8 is this machine. */
const ADDRESSES = ["127.0.0.1", "127.0.0.2"] as const;
const [FIRST, SECOND] = ADDRESSES;
const MINUTES = 60_000;

const md5 = (text: string) => createHash("md5").update(text).digest("hex");

describe.skipIf(skipped)("a job from the page to the workers and back", () => {
  const scratch = join(inject("scratch"), "fossa-end-to-end");
  const shots = process.env.SCREENSHOTS ?? join(scratch, "screenshots");
  let browser: Browser;
  let ecs: EcsStub;
  let broker: RabbitMq;
  let workers: FossaWorker[] = [];
  let gateway: Gateway;

  beforeAll(async () => {
    mkdirSync(shots, { recursive: true });
    mkdirSync(scratch, { recursive: true });
    broker = await RabbitMq.start(scratch);
    const [port = 0] = await freePorts(1);
    const env = { RABBITMQ_URL: broker.url(), TASK_CPU_UNITS: "256" };
    workers = await Promise.all(ADDRESSES.map((host) => FossaWorker.start({ scratch, host, port, env })));
    ecs = await EcsStub.start();
    const group = "service:dev-fossa-workers";
    ecs.clusters.set(CLUSTER, [
      ...ADDRESSES.map((address, n) => ({
        id: `${n}123456789abcdef0123456789abcdef`,
        group,
        address,
        startedAt: 1_795_262_400 + n,
      })),
      {
        id: "b123456789abcdef0123456789abcdef",
        group: "service:dev-fossa-rabbitmq",
        address: "127.0.0.3",
        startedAt: 1_795_262_000,
      },
    ]);
    gateway = await startGateway(
      {
        region: "eu-west-2",
        passwordSecretArn: "",
        host: "127.0.0.1",
        port: 0,
        workerPort: port,
        workerGroup: group,
        postEnabled: true,
        tls: true,
      },
      {
        ecs: ecs.client(),
        password: { current: async () => PASSWORD, latest: async () => PASSWORD },
        log: { info: () => {}, error: () => {} },
      },
    );
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([gateway?.close(), ecs?.stop(), broker?.stop(), ...workers.map(({ program }) => program.kill())]);
  });

  const nodeUrl = (address: string) => `http://127.0.0.1:${gateway.port}/clusters/${CLUSTER}/nodes/${address}`;
  const open = async (username: string, password: string): Promise<Page> => {
    const context = await browser.newContext({
      httpCredentials: { username, password },
      viewport: { width: 1280, height: 900 },
    });
    const page = await context.newPage();
    page.setDefaultTimeout(2 * MINUTES);
    return page;
  };
  const signedIn = () => open("fossa", PASSWORD);
  const photograph = (page: Page, name: string) =>
    page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
  /** Fills the form of the node that the page shows, and sends it. */
  const post = async (page: Page, fields: Record<string, string>) => {
    await page.getByText("Post a task to this worker").click();
    for (const [label, text] of Object.entries({ "Model class": "PartitionedExampleEtl", ...fields }))
      await page.getByLabel(label, { exact: true }).fill(text);
    await page.getByRole("button", { name: "Post task" }).click();
  };
  /** Rows of a table of the page: text by heading. */
  const rows = async (page: Page, caption: string): Promise<Record<string, string>[]> => {
    const found = await page.getByRole("table", { name: caption }).locator("tbody tr").all();
    return Promise.all(
      found.map(async (row) => {
        const cells = await row.locator("td").all();
        return Object.fromEntries(
          await Promise.all(
            cells.map(async (cell) => [await cell.getAttribute("data-heading"), await cell.innerText()]),
          ),
        );
      }),
    );
  };
  const done = (page: Page) => rows(page, "Recently completed sub-tasks");

  it("asks who is there first", async () => {
    const page = await open("fossa", "guess");
    expect((await page.goto(`http://127.0.0.1:${gateway.port}/`))?.status()).toBe(401);
    await page.context().close();
  });

  it("fans out to both workers, whose pages show each sub-task with its right result", async () => {
    const page = await signedIn();
    await page.goto(`http://127.0.0.1:${gateway.port}/`);
    await page.getByRole("link", { name: CLUSTER }).click();
    await page.getByRole("link", { name: FIRST }).click();
    await page.getByText("Connected", { exact: true }).waitFor();
    await post(page, { "Model construction kwargs": '{"complexity": 5}' });
    await page.getByText(/^Task [a-z]{5} was posted\.$/).waitFor();
    await photograph(page, "posted");
    await page.getByText("It is complete; the result is below.").waitFor({ timeout: 4 * MINUTES }); // by its own refresh
    await photograph(page, "first");
    const posted = new URL(page.url()).searchParams.get("posted");

    const other = await signedIn();
    await other.goto(nodeUrl(SECOND));
    await photograph(other, "second");
    const shares = [await done(page), await done(other)];
    expect(shares.flat().filter((row) => row["Task id"] === posted)).toEqual([
      expect.objectContaining({ Method: "go", Status: "Complete", Results: "true" }),
    ]);
    const subTasks = shares.map((share) => share.filter(({ Method }) => Method === "solve"));
    for (const share of subTasks) expect(share.length).toBeGreaterThan(0);
    const found = subTasks.flat().map(({ Results = "" }) => JSON.parse(Results) as [digit: string, length: number]);
    expect(found.map(([digit]) => digit).sort()).toEqual([..."0123456789abcdef"]);
    for (const [digit, length] of found) expect(md5(digit.repeat(length)).slice(0, 5)).toBe(digit.repeat(5));
    for (const row of subTasks.flat()) expect(row.Status).toBe("Complete");
    await Promise.all([page.context().close(), other.context().close()]);
  });

  it("shows what a worker says of a class that it does not know, and of a model that fails", async () => {
    const page = await signedIn();
    await page.goto(nodeUrl(SECOND));
    await post(page, { "Model class": "Nope" });
    const said = "The worker's message: Model class 'Nope' is not in the list of accepted classes.";
    await page.getByRole("alert").getByText(said).waitFor();
    await photograph(page, "unknown-class");

    await page.goto(nodeUrl(SECOND));
    await post(page, { "Model construction kwargs": '{"complexity": 9}' });
    await page.getByText("It failed; the error is below, in the completed tasks.").waitFor();
    const [failed] = await done(page);
    expect(failed?.Status).toBe("Failed");
    expect(failed?.Results).toContain("ValueError: complexity must be a whole number from 1 to 8, got 9");
    await photograph(page, "failed");
    await page.context().close();
  });

  it("is told that the broker is away, and that it is back", async () => {
    const page = await signedIn();
    await page.goto(nodeUrl(FIRST));
    await page.getByText("Connected", { exact: true }).waitFor();
    await broker.stop();
    await page.getByText("This node has no connection to the message broker.").waitFor();
    await page.getByText(`RabbitMQ at 127.0.0.1:${broker.port} cannot be reached: Connection refused.`).waitFor();
    await page.getByText("No connection", { exact: true }).waitFor();
    await photograph(page, "broker-away");
    await broker.resume();
    await page.getByText("Connected", { exact: true }).waitFor();
    expect(await page.getByText("This node has no connection").count()).toBe(0);
    await page.context().close();
  });

  it("is refused where the worker is full", async () => {
    const page = await signedIn();
    const endless = { Method: "solve", "Method kwargs": '{"digit": "a", "complexity": 8}' };
    for (let running = 1; running <= 2; running++) {
      await page.goto(nodeUrl(SECOND));
      await post(page, endless);
      await page.getByText(/^Task [a-z]{5} was posted\. It is running\.$/).waitFor();
      expect(await rows(page, "Running tasks")).toHaveLength(running);
    }
    await page.goto(nodeUrl(SECOND));
    expect(await page.getByText("0 of 2").first().innerText()).toBe("0 of 2");
    await post(page, endless);
    const said = "The worker's message: Node at full capacity and can't accept new tasks";
    await page.getByRole("alert").getByText(said).waitFor();
    expect(await rows(page, "Running tasks")).toHaveLength(2);
    await photograph(page, "full");
    await page.context().close();
  });

  it("is told that a worker is gone", async () => {
    await workers[1]?.program.kill();
    const page = await signedIn();
    const answer = await page.goto(nodeUrl(SECOND));
    expect(answer?.status()).toBe(502);
    await page.getByRole("heading", { name: "The worker refuses connections" }).waitFor();
    await photograph(page, "worker-gone");
    expect((await page.goto(nodeUrl(FIRST)))?.status()).toBe(200);
    await page.context().close();
  });
});
