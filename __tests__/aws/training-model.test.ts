import { join, resolve } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { run } from "../support/process";
import { installTraining } from "../support/training";

const SCHEDULES = 10_000;
/** What must have come up, so that the schedules are not all of one kind. */
const MET = [
  "run again",
  "lease taken over",
  "lead taken",
  "interrupted",
  "succeeded",
  "failed",
  "cancelled",
  "redriven",
  "expired",
  "held too long",
  "call fails before",
  "call fails after",
  "call is made twice",
];

describe.skipIf(inject("missing") !== "")("the training protocol", () => {
  it(`loses no job, runs none twice at once and has one leader at a time, in ${SCHEDULES} schedules`, async () => {
    const model = join("__tests__", "support", "python", "training_model.py");
    const env = { PATH: process.env.PATH, PYTHONPATH: resolve("assets", "training", "src"), PYTHONDONTWRITEBYTECODE: "1" };
    const seed = process.env.TRAINING_SEED ? [process.env.TRAINING_SEED] : [];
    const { status, stdout, stderr } = await run(await installTraining(), [model, `${SCHEDULES}`, ...seed], { env });
    expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
    const { seen, ...totals } = JSON.parse(stdout);
    console.info(JSON.stringify(totals));
    expect(totals.schedules).toBeGreaterThanOrEqual(SCHEDULES);
    expect(MET.filter((kind) => !seen[kind])).toEqual([]);
  });
});
