import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { EcsReader } from "../../../assets/gateway/ecs-reader";
import { Fault } from "../../../assets/gateway/fault";
import { EcsStub, type StubTask } from "../../support/ecs-stub";

const many = (count: number): StubTask[] =>
  Array.from({ length: count }, (_, n) => ({
    id: `task-${n}`,
    startedAt: 1_700_000_000 + n,
    address: `10.0.${n >> 8}.${n & 255}`,
  }));

describe("reading ECS", () => {
  let ecs: EcsStub;
  let now = 0;
  let reader: EcsReader;
  beforeAll(async () => {
    ecs = await EcsStub.start();
  });
  afterAll(() => ecs.stop());
  beforeEach(() => {
    ecs.reset();
    reader = new EcsReader(ecs.client(), { workerGroup: "service:fossa", now: () => now });
  });
  const tasksOf = async (name: string) => reader.tasks(await reader.cluster(name));
  const page = async (call: Promise<unknown>) => {
    const error = await call.catch((error: unknown) => error);
    expect(error).toBeInstanceOf(Fault);
    return (error as Fault).page;
  };

  it.each([0, 1, 100, 101, 250])("lists all of %i clusters, by name", async (count) => {
    for (let n = count; n > 0; n--) ecs.clusters.set(`cluster-${n}`, []);
    const clusters = await reader.clusters();
    expect(clusters).toHaveLength(count);
    const names = clusters.map(({ name }) => name);
    expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b)));
    expect(ecs.count("ListClusters")).toBe(Math.max(1, Math.ceil(count / 100)));
  });
  it.each([
    [0, 1, 0],
    [1, 1, 1],
    [100, 1, 1],
    [101, 2, 2],
    [250, 3, 3],
    [1000, 10, 10],
  ])("reads all of %i tasks in %i and %i calls", async (count, lists, describes) => {
    ecs.clusters.set("c", many(count));
    ecs.delayMs = 2;
    const tasks = await tasksOf("c");
    expect(new Set(tasks.map(({ id }) => id)).size).toBe(count);
    expect(ecs.count("ListTasks")).toBe(lists);
    expect(ecs.count("DescribeTasks")).toBe(describes);
    expect(ecs.most.get("ListTasks")).toBe(1);
    expect(ecs.most.get("DescribeTasks") ?? 0).toBeLessThanOrEqual(Math.min(4, describes));
  });
  it("asks by the cluster's ARN, which a policy can name", async () => {
    ecs.clusters.set("c", many(1));
    await tasksOf("c");
    const asked = ecs.calls.filter(({ action }) => action !== "ListClusters").map(({ body }) => body.cluster);
    expect(asked).toEqual(Array(2).fill("arn:aws:ecs:eu-west-2:123456789012:cluster/c"));
  });
  it("puts workers first, then groups, then the newest", async () => {
    ecs.clusters.set("c", [
      { id: "broker", group: "service:a-broker", startedAt: 9 },
      { id: "old", startedAt: 1 },
      { id: "new", startedAt: 2 },
      { id: "starting", lastStatus: "PENDING" },
      { id: "other", group: "family:x" },
    ]);
    const tasks = await tasksOf("c");
    expect(tasks.map(({ id, worker }) => [id, worker])).toEqual([
      ["starting", true],
      ["new", true],
      ["old", true],
      ["other", false],
      ["broker", false],
    ]);
    expect(tasks[0]).toEqual({
      id: "starting",
      group: "service:fossa",
      status: "PENDING",
      worker: true,
      startedAt: undefined,
      address: undefined,
    });
    expect(tasks[1]?.startedAt).toEqual(new Date(2_000));
  });
  it("shares an answer among those who ask within four seconds", async () => {
    ecs.clusters.set("c", many(1));
    await Promise.all([tasksOf("c"), tasksOf("c")]);
    now += 3_999;
    await tasksOf("c");
    expect(ecs.calls).toHaveLength(3);
    now += 1;
    await tasksOf("c");
    expect(ecs.calls).toHaveLength(6);
  });
  it("says which clusters there are when one is unknown, and asks nothing about it", async () => {
    ecs.clusters.set("b", []).set("a b", []);
    expect(await page(tasksOf("nope"))).toMatchObject({
      status: 404,
      what: 'No cluster has the name "nope" in this account and region.',
      instead: {
        links: [
          { href: "/clusters/a%20b", text: "a b" },
          { href: "/clusters/b", text: "b" },
        ],
      },
    });
    expect(ecs.count("ListTasks")).toBe(0);
  });

  it.each<[string, [number, string, string?] | "hang", number, string, string]>([
    ["ListClusters", [400, "AccessDeniedException", "not authorized"], 502, "AWS denies access", "ecs:ListClusters"],
    [
      "ListTasks",
      [400, "AccessDeniedException"],
      502,
      "AWS denies access",
      "ecs:ListTasks on arn:aws:ecs:eu-west-2:123456789012:cluster/c",
    ],
    ["DescribeTasks", [400, "AccessDeniedException"], 502, "AWS denies access", "ecs:DescribeTasks"],
    ["ListTasks", [400, "ClusterNotFoundException"], 404, "The cluster was deleted", '"c"'],
    ["ListTasks", [400, "ThrottlingException"], 503, "AWS throttles the gateway", "ecs:ListTasks"],
    ["ListTasks", [400, "ExpiredTokenException"], 502, "The gateway has no valid AWS credentials", "credentials"],
    ["ListTasks", [400, "UnrecognizedClientException"], 502, "The gateway has no valid AWS credentials", "credentials"],
    ["ListTasks", [400, "InvalidParameterException", "bad"], 502, "AWS returned an error", "ecs:ListTasks"],
    ["ListTasks", [500, "ServerException"], 502, "AWS returned an error", "ecs:ListTasks"],
    ["ListTasks", "hang", 504, "AWS does not answer", "ecs:ListTasks"],
    ["ListClusters", "hang", 504, "AWS does not answer", "ecs:ListClusters"],
  ])("says what %s failing with %o means", async (action, failing, status, title, what) => {
    ecs.clusters.set("c", many(1));
    ecs.failing.set(action, failing);
    if (failing === "hang") reader = new EcsReader(ecs.client(), { workerGroup: "", now: () => now, timeoutMs: 100 });
    expect(await page(tasksOf("c"))).toMatchObject({ status, title, what: expect.stringContaining(what) });
  });
  it("says that AWS cannot be reached", async () => {
    const gone = await EcsStub.start();
    const client = gone.client();
    await gone.stop();
    const call = new EcsReader(client, { workerGroup: "service:fossa", now: () => now }).clusters();
    expect(await page(call)).toMatchObject({ status: 502, title: "AWS cannot be reached" });
  });
  it("tries again after a failure", async () => {
    ecs.clusters.set("c", many(1));
    ecs.failing.set("ListTasks", [400, "AccessDeniedException"]);
    await page(tasksOf("c"));
    ecs.failing.clear();
    expect(await tasksOf("c")).toHaveLength(1);
  });
});
