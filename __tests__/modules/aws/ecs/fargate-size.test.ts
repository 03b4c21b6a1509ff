import { expect, it } from "vitest";
import { z } from "zod";
import { checkFargateSize, fargateSizeShape } from "../../../../modules/aws/ecs/fargate-size";
import { parseInput } from "../../../../modules/common/settings/props";
import { errorOf } from "../../../support/bad-input";

const schema = z.strictObject(fargateSizeShape).superRefine((size, ctx) => checkFargateSize(size, ctx));
const parse = (cpu: unknown, memory: unknown) => parseInput("size", schema, { cpu, memory });
const refusal = (cpu: unknown, memory: unknown) => {
  const error = errorOf(() => parse(cpu, memory));
  expect(error.name).toBe("InputError");
  return error.message;
};

it.each([
  [256, [512, 1024, 2048]],
  [512, [1024, 2048, 3072, 4096]],
  [1024, [2048, 3072, 4096, 5120, 6144, 7168, 8192]],
])("offers %i units with %j MiB, and with no other memory", (cpu, offered) => {
  for (let memory = 512; memory <= 10_240; memory += 512) {
    if (offered.includes(memory)) expect(parse(cpu, memory)).toEqual({ cpu, memory });
    else expect(refusal(cpu, memory)).toContain(`for a cpu of ${cpu}, got ${memory}`);
  }
});
it.each([
  [2048, 4, 16, 1],
  [4096, 8, 30, 1],
  [8192, 16, 60, 4],
  [16384, 32, 120, 8],
])("offers %i units with %i to %i GiB in steps of %i", (cpu, first, last, step) => {
  for (let gib = first; gib <= last; gib += step) expect(parse(cpu, gib * 1024)).toEqual({ cpu, memory: gib * 1024 });
  for (const gib of [first - 1, first + 0.5, last + 1, ...(step > 1 ? [first + 1, last - 1] : [])]) {
    expect(refusal(cpu, gib * 1024)).toContain(`for a cpu of ${cpu}, got ${gib * 1024}`);
  }
});
it.each([
  [256, 4096, "memory: must be one of 512, 1024, 2048 MiB for a cpu of 256, got 4096"],
  [512, 512, "memory: must be one of 1024, 2048, 3072, 4096 MiB for a cpu of 512, got 512"],
  [1024, 9216, "memory: must be 2048 to 8192 in steps of 1024 MiB for a cpu of 1024, got 9216"],
  [8192, 17_408, "memory: must be 16384 to 61440 in steps of 4096 MiB for a cpu of 8192, got 17408"],
  [256, 511, "memory: must be one of 512, 1024, 2048 MiB for a cpu of 256, got 511"],
  [16_384, 122_881, "memory: must be 32768 to 122880 in steps of 8192 MiB for a cpu of 16384, got 122881"],
  [256, 512.5, "memory: must be a whole number, got 512.5"],
  [256, "512", 'memory: must be of type number, got "512"'],
  [128, 512, "cpu: must be one of 256, 512, 1024, 2048, 4096, 8192, 16384, got 128"],
  ["256", 512, 'cpu: must be one of 256, 512, 1024, 2048, 4096, 8192, 16384, got "256"'],
])("says what goes with %s units instead of %s MiB", (cpu, memory, words) => {
  expect(refusal(cpu, memory)).toBe(`size: ${words}`);
});
it("names where the size stands", () => {
  const nested = z.object({ worker: z.strictObject(fargateSizeShape) }).superRefine(({ worker }, ctx) => {
    checkFargateSize(worker, ctx, ["worker"]);
  });
  expect(errorOf(() => parseInput("x", nested, { worker: { cpu: 256, memory: 3072 } })).message).toContain(
    "x: worker.memory: must be one of",
  );
});
