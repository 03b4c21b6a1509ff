import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { Json } from "../support/synth";
import { type TrainingMachine, TrainingPlatform } from "../support/training";

const MACHINE = "i-0123456789abcdef0";
const ENDED = ["succeeded", "failed", "cancelled"];

describe.skipIf(inject("missing") !== "")("a worker", () => {
  let platform: TrainingPlatform;
  let machine: TrainingMachine;
  beforeAll(async () => {
    platform = await TrainingPlatform.start(join(inject("scratch"), "worker"), {
      pollSeconds: 0.2,
      backoffSeconds: 1,
      graceSeconds: 2,
      leaseSeconds: 20,
      logGroup: "/training/dev",
      mostGpus: 4,
    });
  });
  afterAll(() => platform?.stop());

  const record = async (id: string): Promise<Json> => (await platform.ask("records", [id]))[0];
  const until = (id: string, what: string, wanted: (record: Json) => boolean): Promise<Json> =>
    machine.worker.until(`${id} ${what}`, async () => {
      const found = await record(id);
      return wanted(found) ? found : undefined;
    });
  const ended = (id: string) => until(id, "has ended", ({ status }) => ENDED.includes(status));
  const letters = () => platform.drain(platform.config.deadLetterQueueUrl);
  const taken = () =>
    [...machine.worker.output.matchAll(/"event": "job taken", "job": "([^"]+)"/g)].map(([, id]) => id);

  it("takes the more urgent jobs first, and jobs whose dependencies have succeeded", async () => {
    await platform.ask("submit", [
      { job_id: "low", name: "low", priority: "low", config: { seed: 1, steps: 1 } },
      { job_id: "after", name: "after", priority: "critical", dependencies: ["low"], config: { seed: 1, steps: 1 } },
      { job_id: "medium", name: "medium", config: { seed: 1, steps: 1 } },
      { job_id: "high", name: "high", priority: "high", config: { seed: 1, steps: 1 } },
      { job_id: "many-gpus", name: "many-gpus", priority: "critical", config: { seed: 1, steps: 1, gpus: 4 } },
      { job_id: "too-many", name: "too-many", priority: "critical", config: { seed: 1, steps: 1, gpus: 8 } },
    ]);
    machine = await platform.machine(MACHINE);
    for (const id of ["high", "medium", "low", "after"]) expect(await ended(id)).toMatchObject({ status: "succeeded" });
    expect(taken()).toEqual(["high", "medium", "low", "after"]);
    expect(await record("many-gpus")).toMatchObject({ status: "pending", attempt_count: 0 });
    await platform.train("cancel", "many-gpus");
    expect(await record("too-many")).toMatchObject({
      status: "failed",
      error_message: "it needs 8 GPUs, and no machine of the group has more than 4",
    });
    expect((await letters()).map(({ body }) => JSON.parse(body).job_id)).toEqual(["too-many"]);
  });

  it("is in the registry as it is, for two hours from each heartbeat on", async () => {
    const now = Date.now() / 1000;
    const item = await platform.ask("machine", MACHINE);
    expect(item).toMatchObject({
      PK: `INSTANCE#${MACHINE}`,
      SK: "INSTANCE",
      GSI1PK: "STATUS#running",
      GSI1SK: `INSTANCE#${MACHINE}`,
      TYPE: "INSTANCE",
      instance_type: "g5.xlarge",
      gpu_count: 0,
      status: "running",
      ip_address: "10.20.10.5",
      availability_zone: "us-east-1a",
      is_spot: true,
      is_leader: true,
      health_status: expect.stringMatching(/^(un)?healthy$/),
      launched_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
    expect(item.TimeToLive - item.last_heartbeat).toBe(2 * 3600);
    expect(Math.abs(item.last_heartbeat - now)).toBeLessThan(120);
    const later = await machine.worker.until("beats again", async () => {
      const found = await platform.ask("machine", MACHINE);
      return found.beat > item.beat ? found : undefined;
    });
    expect(later.TimeToLive).toBeGreaterThan(item.TimeToLive);
  });

  it("tries a failing job again after a pause, and leaves a dead letter with the reason at last", async () => {
    await letters();
    const config = { seed: 1, steps: 3, fails_at: 2 };
    await platform.ask("submit", [{ job_id: "failing", name: "failing", max_attempts: 5, config }]);
    expect(await ended("failing")).toMatchObject({ status: "failed", attempt_count: 5, fencing: 5 });
    expect(platform.lines("failing", "starts")).toHaveLength(5);
    const letter = await machine.worker.until("the letter", async () => (await letters())[0]);
    expect(letter.reason).toBe("job failed: the trainer ended with status 3: starts at step 1 loss is not a number");
  });

  it("ends a job that runs too long, and one that does not listen", async () => {
    const config = { seed: 1, steps: 1000, seconds: 0.1 };
    await platform.ask("submit", [
      { job_id: "long", name: "long", max_attempts: 1, timeout_seconds: 2, config },
      { job_id: "deaf", name: "deaf", max_attempts: 1, timeout_seconds: 2, config: { ...config, seconds: 60 } },
    ]);
    for (const id of ["long", "deaf"]) {
      const error_message = "it ran longer than timeout_seconds, 2";
      expect(await ended(id)).toMatchObject({ status: "failed", error_message });
    }
    expect((await record("long")).checkpoint.path).toContain("/emergency_");
  });

  it("ends a job that was cancelled while it ran", async () => {
    await platform.ask("submit", [
      { job_id: "unwanted", name: "unwanted", config: { seed: 1, steps: 1000, seconds: 0.1 } },
    ]);
    await until("unwanted", "runs", ({ status }) => status === "running");
    expect((await platform.train("cancel", "unwanted")).status).toBe(0);
    await machine.worker.until("lets it go", () => machine.worker.output.includes('"lease lost", "job": "unwanted"'));
    const steps = platform.lines("unwanted", "steps").length;
    await sleep(500);
    expect(platform.lines("unwanted", "steps")).toHaveLength(steps);
    expect(await record("unwanted")).toMatchObject({ status: "cancelled" });
  });

  it("fails a job at once whose dependency has failed", async () => {
    await platform.ask("submit", [{ job_id: "hopeless", name: "hopeless", dependencies: ["long"] }]);
    const error_message = "job long, on which it depends, failed";
    expect(await ended("hopeless")).toMatchObject({ status: "failed", attempt_count: 0, error_message });
  });

  it.each([
    ["no JSON", "{", "it is not JSON"],
    ["no object", "[1]", "it must be an object, got list"],
    ["nothing of a job", "{}", "job_id is missing; name is missing; created_at is missing"],
    ["nesting", "[".repeat(100_000), "it is nested too deeply"],
    ["a foreign field", '{"job_id":"a","name":"a","created_at":1,"cmd":"rm"}', "cmd is not a field of a job"],
    ["a path for an id", '{"job_id":"../a","name":"a","created_at":1}', "job_id must be 1 to 64 letters"],
    [
      "values of other types",
      '{"job_id":"a","name":3,"created_at":"x","priority":"urgent","type":[],"max_attempts":true,"tags":[],"config":1,"timeout_seconds":0}',
      "name must be a text of 1 to 200 printable characters, got 3; type must be one of",
    ],
    ["dependencies of another type", '{"job_id":"a","name":"a","created_at":1,"dependencies":"b"}', "must be a list"],
    [
      "settings that are nested deeply",
      `{"job_id":"a","name":"a","created_at":1,"config":{"x":${"[".repeat(980)}${"]".repeat(980)}}}`,
      "config must be nested at most 100 levels deep",
    ],
    ["a time that is no date", `{"job_id":"a","name":"a","created_at":1${"0".repeat(50)}}`, "whole seconds since 1970"],
    [
      "a time that never comes",
      `{"job_id":"a","name":"a","created_at":1,"timeout_seconds":1${"0".repeat(50)}}`,
      "timeout_seconds must be a whole number of 1 to",
    ],
    ["numbers that are none", '{"job_id":"a","name":"a","created_at":1,"config":{"lr":NaN}}', "config must be JSON"],
  ])("buries a message with %s, with a line in the log, and lives on", async (what, body, fault) => {
    await letters();
    await platform.ask("send", "medium", body, what.replaceAll(" ", "-"));
    const letter = await machine.worker.until("the letter", async () => (await letters())[0]);
    expect(letter.reason).toContain(fault);
    expect(letter.body).toBe(body);
    expect(machine.worker.output).toContain('"event": "malformed message"');
  });

  it.each([
    ["no state", { fencing: null }],
    ["a state of another type", { attempt_count: "many" }],
    ["an unknown status", { status: "paused" }],
    ["settings that are no JSON", { config: "{" }],
    ["no dependencies", { dependencies: null }],
  ])("buries a message whose record has %s", async (_what, change) => {
    await letters();
    const job_id = `damaged-${Object.keys(change)[0]}`;
    await platform.ask("submit", [{ job_id, name: "damaged", dependencies: ["low"], config: { gpus: 2 } }]);
    await platform.ask("damage", job_id, change);
    const letter = await machine.worker.until("the letter", async () => (await letters())[0]);
    expect(letter.reason).toContain("its record is damaged");
  });

  it("leads on beside an item of the index that is no job", async () => {
    await platform.ask("damage", "long", { job_id: null, GSI1PK: "STATUS#running" });
    const line = '"event": "leader could not handle an item", "item": "JOB#long JOB"';
    await machine.worker.until("the leader has seen it twice", () => machine.worker.output.split(line).length > 2);
  });

  it.each([
    ["no number of steps", '{"step": Infinity, "fencing": 1, "created_at": 1}'],
    ["a number that no table takes", `{"step": 1${"0".repeat(40)}, "fencing": 1, "created_at": 1}`],
  ])("goes on without a checkpoint that has %s", async (what, manifest) => {
    const job_id = `odd-${what.split(" ")[0]}`;
    const folder = join(platform.folder, "checkpoints", job_id, "step_odd");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "checkpoint.json"), manifest);
    const own = join(folder, "..", "plots");
    mkdirSync(own);
    await platform.ask("submit", [{ job_id, name: "odd", config: { seed: 1, steps: 2 } }]);
    expect(await ended(job_id)).toMatchObject({ status: "succeeded", attempt_count: 1 });
    expect(machine.worker.output).toContain(`"event": "checkpoint is not usable", "path": "${folder}"`);
    expect(machine.worker.output).not.toContain(`"path": "${own}"`);
  });

  it("keeps a progress bar line by line, and a line without an end in pieces", async () => {
    const prints = `10%\r20%\r${"x".repeat(20_000)}\n`;
    await platform.ask("submit", [{ job_id: "bar", name: "bar", config: { seed: 1, steps: 1, prints } }]);
    await ended("bar");
    const lines = await machine.worker.until("the output", async () => {
      const { stdout } = await platform.train("logs", "bar");
      return stdout.includes("xx") ? stdout.trim().split("\n") : undefined;
    });
    expect(lines).toEqual(["starts at step 0", "10%", "20%", "x".repeat(16_384), "x".repeat(20_000 - 16_384)]);
  });

  it("remembers the last words of a trainer that said much", async () => {
    const prints = `${"x".repeat(1000)}\n`.repeat(18);
    const config = { seed: 1, steps: 3, fails_at: 1, prints };
    await platform.ask("submit", [{ job_id: "talker", name: "talker", max_attempts: 1, config }]);
    expect((await ended("talker")).error_message).toMatch(
      /^the trainer ended with status 3: .*x\nloss is not a number$/s,
    );
  });

  it("gives its job back on SIGTERM, and leaves the registry", async () => {
    await platform.ask("submit", [{ job_id: "kept", name: "kept", config: { seed: 1, steps: 1000, seconds: 0.1 } }]);
    await until("kept", "runs", ({ status }) => status === "running");
    await machine.worker.until("steps", () => platform.lines("kept", "steps").length > 2);
    machine.worker.terminate();
    expect(await machine.worker.ended).toEqual({ status: 0, signal: null });
    expect(await record("kept")).toMatchObject({
      status: "interrupted",
      attempt_count: 0,
      checkpoint: { path: expect.stringContaining("/emergency_"), step: platform.lines("kept", "steps").length },
    });
    expect(await platform.ask("visible", "medium")).toBe(1);
    expect(await platform.ask("holdings")).toMatchObject({ machines: {}, leader: null });
  });
});

describe.skipIf(inject("missing") !== "")("a machine that starts", () => {
  let platform: TrainingPlatform;
  beforeAll(async () => {
    platform = await TrainingPlatform.start(join(inject("scratch"), "starts"));
  });
  afterAll(() => platform?.stop());

  it("takes no jobs when the registry says that it goes", async () => {
    await platform.ask("hold", MACHINE, false);
    await platform.ask("go", MACHINE);
    const { worker } = await platform.machine(MACHINE);
    expect(await worker.ended).toEqual({ status: 0, signal: null });
    expect(worker.output).toContain("machine was told to go, and takes no jobs");
  });

  it.each([
    ["stop", [false, true, true, false], [false, true, false]],
    ["stop", [true], [true, false]],
    ["rebalance", [true], [true, false]],
    ["interruption", [true], [true]],
  ])("asks its group for protection when that changes, and at first: %s after %j", async (why, wanted, asked) => {
    expect(await platform.ask("protections", wanted, why)).toEqual(asked);
  });

  it("does not ask at once again for what its group refused", async () => {
    expect(await platform.ask("protections", [false, false, true, true], "interruption", true)).toEqual([false, true]);
  });

  it("says when its memory is used up, and when it has room again", async () => {
    expect(await platform.ask("healths", [50, 95, 99, 94])).toEqual([
      ["machine is unhealthy", 95],
      ["machine is healthy", 94],
    ]);
  });

  it.each<[string, number[], boolean, boolean, number]>([
    ["is full for ten heartbeats", Array(10).fill(95), false, false, 1],
    ["is full, but runs a job", Array(12).fill(95), true, false, 0],
    ["has room in between", [...Array(9).fill(95), 50, ...Array(9).fill(95)], false, false, 0],
    ["can start no trainer", [50, 50], false, true, 2],
  ])("asks to be replaced when it %s", async (_, memories, busy, broken, times) => {
    const asked: Json[] = await platform.ask("replacements", memories, busy, broken);
    expect(asked).toEqual(Array(times).fill({ InstanceId: "i-sick", HealthStatus: "Unhealthy" }));
  });

  it("keeps output that CloudWatch does not take within bounds, the newest of it", async () => {
    const many = await platform.ask("waiting_output", 60_000, 1);
    expect(many).toMatchObject({ lines: 60_000 - many.lost, letters: many.lines });
    expect(many.lines).toBeLessThanOrEqual(50_000);
    const long = await platform.ask("waiting_output", 1000, 100_000);
    expect(long).toMatchObject({ lines: 1000 - long.lost, letters: long.lines * 100_000 });
    expect(long.letters).toBeLessThanOrEqual(50_000_000);
  });

  it("says why it cannot start", async () => {
    const { worker, metadata } = await platform.machine(MACHINE);
    metadata.silent = true;
    expect(await worker.ended).toEqual({ status: 1, signal: null });
    expect(worker.output).toContain(
      "the metadata service of EC2 does not tell who this machine is: instance-id: HTTP status 503",
    );
  });

  it("elects one of five that race, whose lead others take when it is given up, never sooner", async () => {
    expect(await platform.ask("race", 5)).toEqual({
      leaders: 1,
      fencing: 1,
      sooner: 0,
      foreign: false,
      next: 1,
      secondFencing: 2,
    });
  });
});
