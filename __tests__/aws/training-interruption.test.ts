import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { Json } from "../support/synth";
import { ec2Event, INTERRUPTION, REBALANCE, STATE_CHANGE, TrainingPlatform } from "../support/training";

const MACHINE = "i-0123456789abcdef0";
const OTHER = "i-0fedcba9876543210";

describe.skipIf(inject("missing") !== "")("the interruption function", () => {
  let platform: TrainingPlatform;
  beforeAll(async () => {
    platform = await TrainingPlatform.start(join(inject("scratch"), "interruption"));
    await platform.ask("submit", [{ job_id: "held", name: "held", priority: "high" }]);
    await platform.ask("hold", MACHINE, true);
    await platform.ask("hold", OTHER, false);
  });
  afterAll(() => platform?.stop());

  const machine = async (id = MACHINE): Promise<Json> => (await platform.ask("machine", id)) ?? undefined;
  const told = async () => (await platform.drain(platform.topic.mailbox)).map(({ body }) => JSON.parse(body));
  const warning = ec2Event(INTERRUPTION, { "instance-id": MACHINE, "instance-action": "stop" });

  it("marks a machine at risk unhealthy and tells people", async () => {
    expect(await platform.event(ec2Event(REBALANCE, { "instance-id": OTHER }))).toEqual({ done: "told" });
    expect(await machine(OTHER)).toMatchObject({ status: "running", health_status: "unhealthy" });
    const time = "2026-11-28T10:00:00Z";
    expect(await told()).toEqual([{ instanceId: OTHER, action: "rebalance", time, jobs: [] }]);
  });

  it("announces a warning: status, health, index, lead and one message to people", async () => {
    const before = await machine();
    expect(await platform.event(warning)).toEqual({ done: "told" });
    expect(await machine()).toMatchObject({
      status: "terminated",
      GSI1PK: "STATUS#terminated",
      GSI1SK: `INSTANCE#${MACHINE}`,
      health_status: "unhealthy",
      interrupted_at: "2026-11-28T10:00:00Z",
      launched_at: before.launched_at,
    });
    expect((await platform.ask("holdings")).leader).toBeNull();
    expect(await told()).toEqual([
      { instanceId: MACHINE, action: "stop", time: "2026-11-28T10:00:00Z", jobs: ["held"] },
    ]);
  });

  it("leaves the job with the machine until it has gone", async () => {
    const [record] = await platform.ask("records", ["held"]);
    expect(record).toMatchObject({ status: "running", owner: MACHINE });
    expect(await platform.ask("visible", "high")).toBe(0);
  });

  it("changes nothing and tells nobody when it is called again", async () => {
    const before = await machine();
    expect(await platform.event(warning)).toEqual({ done: "known already" });
    expect(await machine()).toEqual(before);
    expect(await told()).toEqual([]);
  });

  it("lets another machine lead at once, under a higher number", async () => {
    expect(await platform.ask("elect", OTHER)).toEqual({ leads: true, fencing: 2 });
    await platform.event(ec2Event(STATE_CHANGE, { "instance-id": MACHINE, state: "shutting-down" }));
    expect((await platform.ask("holdings")).leader).toBe(OTHER);
  });

  it("frees the job when the machine has gone, without counting the attempt", async () => {
    const ended = ec2Event(STATE_CHANGE, { "instance-id": MACHINE, state: "terminated" });
    expect(await platform.event(ended)).toEqual({ done: "1 jobs freed" });
    const [record] = await platform.ask("records", ["held"]);
    expect(record).toMatchObject({ status: "interrupted", GSI1PK: "STATUS#interrupted", attempt_count: 0, fencing: 2 });
    expect(record.owner).toBeUndefined();
    expect(await platform.ask("visible", "high")).toBe(1);
    expect(await platform.ask("runs", MACHINE)).toEqual([
      expect.objectContaining({ SK: "JOB#held", status: "failed", interrupted: true }),
    ]);
    expect(await platform.event(ended)).toEqual({ done: "0 jobs freed" });
    expect((await platform.ask("holdings")).leader).toBe(OTHER);
  });

  it("ignores machines that are none of ours, and events of others", async () => {
    const stranger = { "instance-id": "i-00000000000000000", "instance-action": "terminate" };
    expect(await platform.event(ec2Event(INTERRUPTION, stranger))).toEqual({ done: "unknown instance" });
    expect(await platform.event(ec2Event(REBALANCE, stranger))).toEqual({ done: "unknown instance" });
    const gone = { ...stranger, state: "terminated" };
    expect(await platform.event(ec2Event(STATE_CHANGE, gone))).toEqual({ done: "unknown instance" });
    expect(await platform.event({ ...warning, source: "aws.autoscaling" })).toEqual({ done: "ignored" });
    expect(await platform.event({ ...warning, "detail-type": "EC2 Something" })).toEqual({ done: "ignored" });
    expect(await told()).toEqual([]);
  });

  it.each([[null], [[]], [{ "instance-id": 7 }], [{ "instance-id": "x" }], [{}], ["text"]])(
    "fails on an event with the detail %j, so that it becomes a dead letter, with a line in the log",
    async (detail) => {
      await expect(platform.event({ ...warning, detail })).rejects.toThrow(/names no instance in detail.instance-id/);
      expect(platform.functionLog).toContain('"event": "malformed event"');
    },
  );

  it("makes nothing of what is no event", async () => {
    expect(await platform.event("text")).toEqual({ done: "ignored" });
  });
});
