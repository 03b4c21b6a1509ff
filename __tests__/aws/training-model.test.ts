import { join, resolve } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { run } from "../support/process";
import { installTraining } from "../support/training";

const SCHEDULES = 10_000;
const PROGRAMS = 2;
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
    const env = {
      PATH: process.env.PATH,
      PYTHONPATH: resolve("assets", "training", "src"),
      PYTHONDONTWRITEBYTECODE: "1",
    };
    const seed = Number(process.env.TRAINING_SEED ?? Math.floor(Math.random() * 2 ** 32));
    const python = await installTraining();
    const reports = await Promise.all(
      Array.from({ length: PROGRAMS }, async (_, n) => {
        const { status, stdout, stderr } = await run(python, [model, `${SCHEDULES / PROGRAMS}`, `${seed + n}`], {
          env,
        });
        expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
        return JSON.parse(stdout);
      }),
    );
    for (const { seen, ...totals } of reports) console.info(JSON.stringify(totals));
    expect(reports.reduce((sum, { schedules }) => sum + schedules, 0)).toBeGreaterThanOrEqual(SCHEDULES);
    expect(MET.filter((kind) => reports.every(({ seen }) => !seen[kind]))).toEqual([]);
  });
});
