import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { Json } from "../support/synth";
import {
  ec2Event,
  INTERRUPTION,
  type JobSent,
  STATE_CHANGE,
  type TrainingMachine,
  TrainingPlatform,
  WARNING_PATH,
} from "../support/training";

const LEASE_SECONDS = 8;
const LONG = { steps: 60, every: 4, seconds: 0.3 };
const FAILS = { steps: 3, fails_at: 2 };

/** A hundred jobs of three priorities: five long ones, one that fails once, one that always fails. */
const JOBS: JobSent[] = Array.from({ length: 100 }, (_, n) => ({
  job_id: `job-${n}`,
  name: `job ${n}`,
  priority: n < 5 ? "high" : n % 2 ? "medium" : "low",
  max_attempts: 2,
  config: { seed: n, steps: 3, ...(n < 5 && LONG), ...(n === 50 && { ...FAILS, fails: 1 }), ...(n === 51 && FAILS) },
}));
const IDS = JOBS.map(({ job_id }) => job_id);

describe.skipIf(inject("missing") !== "")("a hundred jobs on five machines, three of which go", () => {
  let platform: TrainingPlatform;
  let records: Json[] = [];
  const gone: TrainingMachine[] = [];

  beforeAll(async () => {
    platform = await TrainingPlatform.start(join(inject("scratch"), "training"), {
      leaseSeconds: LEASE_SECONDS,
      visibilitySeconds: 600,
      pollSeconds: 0.2,
      backoffSeconds: 1,
    });
    await platform.ask("submit", JOBS);
  });
  afterAll(() => platform?.stop());

  /** A machine that runs a long job which has a checkpoint by now. */
  const busy = async (): Promise<TrainingMachine> => {
    const [left] = platform.machines.filter((machine) => !gone.includes(machine)) as [TrainingMachine];
    return left.worker.until("a machine has saved a checkpoint", async () => {
      const long: Json[] = await platform.ask("records", IDS.slice(0, 5));
      const owners = long
        .filter(({ status, checkpoint }) => status === "running" && checkpoint?.step < LONG.steps / 3) // it has time left, however slowly we are told
        .map(({ owner }) => owner);
      return platform.machines.find((machine) => !gone.includes(machine) && owners.includes(machine.id));
    });
  };

  it("take all jobs, are warned twice and vanish once, and the others finish the work", async () => {
    for (const n of [1, 2, 3, 4, 5]) await platform.machine(`i-${`${n}`.repeat(17)}`);
    for (const _ of ["first", "second"]) {
      const machine = await busy();
      gone.push(machine);
      machine.metadata.say(WARNING_PATH, JSON.stringify({ action: "terminate", time: "2026-11-28T10:02:00Z" }));
      const warning = ec2Event(INTERRUPTION, { "instance-id": machine.id, "instance-action": "terminate" });
      expect(await platform.event(warning)).toEqual({ done: "told" });
      expect(await machine.worker.ended).toEqual({ status: 0, signal: null });
      await platform.event(ec2Event(STATE_CHANGE, { "instance-id": machine.id, state: "terminated" }));
    }
    const killed = await busy();
    gone.push(killed);
    await killed.worker.kill();

    const left = platform.machines.filter((machine) => !gone.includes(machine));
    expect(left).toHaveLength(2);
    records = (await left[0]?.worker.until(
      "all jobs have ended",
      async () => {
        const found: Json[] = await platform.ask("records", IDS);
        const ended = found.filter(({ status }) => ["succeeded", "failed"].includes(status));
        return ended.length === IDS.length ? found : undefined;
      },
      400_000,
    )) as Json[];
  });

  it("end every job exactly once, as it should", () => {
    const failed = records.filter(({ status }) => status !== "succeeded").map(({ job_id }) => job_id);
    expect(failed).toEqual(["job-51"]);
    expect(records[51]).toMatchObject({
      attempt_count: 2,
      error_message: expect.stringContaining("loss is not a number"),
    });
    const ended = platform.machines.flatMap(({ worker }) =>
      [...worker.output.matchAll(/"event": "job ended", "job": "([^"]+)"/g)].map(([, id]) => id),
    );
    expect(ended.sort()).toEqual([...IDS].sort());
  });

  it("run no job twice at the same time, and every step of each", () => {
    expect(IDS.flatMap((id) => platform.lines(id, "twice").map((fencing) => `${id} ${fencing}`))).toEqual([]);
    for (const { job_id, config } of JOBS) {
      if (job_id === "job-51") continue;
      const steps = new Set(platform.lines(job_id, "steps").map((line) => Number(line.split(" ")[0])));
      expect([...steps].sort((a, b) => a - b)).toEqual(
        Array.from({ length: (config as { steps: number }).steps }, (_, step) => step + 1),
      );
    }
  });

  it("go on from the checkpoint, to the result of a job that nobody interrupted", () => {
    const starts = new Map(
      IDS.slice(0, 5).map((id) => [id, platform.lines(id, "starts").map((line) => line.split(" "))]),
    );
    const again = [...starts.values()].flatMap((lines) => lines.slice(1).map(([, step]) => Number(step)));
    expect(again.length).toBeGreaterThanOrEqual(3);
    for (const step of again) expect(step).toBeGreaterThan(0);
    const repeated = IDS.map((id) => {
      const steps = platform.lines(id, "steps").map((line) => line.split(" ")[0]);
      return steps.length - new Set(steps).size;
    });
    const all = IDS.reduce((sum, id) => sum + platform.lines(id, "steps").length, 0);
    console.info(
      `${repeated.reduce((a, b) => a + b, 0)} of ${all} steps were repeated; jobs went on at steps ${again.join(", ")}`,
    );
    const result = (id: string) =>
      JSON.parse(readFileSync(join(platform.folder, "checkpoints", id, "result.json"), "utf8"));
    for (const [id] of starts) {
      expect(result(id)).toEqual([1, -2, 0.5, 3].map((weight) => expect.closeTo(weight, 0)));
    }
  });

  it("leave nothing behind: no machine, no leader, no message but the failed job's dead letter", async () => {
    const left = platform.machines.filter((machine) => !gone.includes(machine));
    await left[0]?.worker.until("the entries of the machines that went are gone", async () => {
      const { machines } = await platform.ask("holdings");
      return Object.keys(machines).length === left.length || undefined;
    });
    const asked = Date.now();
    for (const { worker } of left) worker.terminate();
    for (const { worker } of left) expect(await worker.ended).toEqual({ status: 0, signal: null });
    expect(Date.now() - asked).toBeLessThan(20_000); // 5 s on a machine of its own
    await sleep(100);
    expect(await platform.ask("holdings")).toEqual({
      machines: {},
      leader: null,
      waiting: [],
      messages: { critical: 0, high: 0, medium: 0, low: 0, dead: 1 },
    });
    const [letter] = await platform.drain(platform.config.deadLetterQueueUrl);
    expect(letter?.reason).toContain("job failed: the trainer ended with status 3");
    expect(JSON.parse(letter?.body ?? "").job_id).toBe("job-51");
  });

  it("told people of each warning once", async () => {
    const letters = await platform.drain(platform.topic.mailbox);
    const told = letters.map(({ body }) => JSON.parse(body));
    expect(told.map(({ instanceId }) => instanceId).sort()).toEqual(
      gone
        .slice(0, 2)
        .map(({ id }) => id)
        .sort(),
    );
    for (const { action, jobs } of told) expect([action, jobs.length]).toEqual(["terminate", 1]);
  });
});
