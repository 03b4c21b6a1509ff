import { z } from "zod";
import { refuse } from "../../common/settings/faults";

const GIB = 1024;

const every = (step: number, first: number, last: number): number[] =>
  Array.from({ length: (last - first) / step + 1 }, (_, i) => (first + i * step) * GIB);

/** MiB of memory that Fargate offers with each number of CPU units. Source: ECS Developer Guide, "Task CPU and memory" (Linux). */
export const FARGATE_SIZES = {
  256: [512, ...every(1, 1, 2)],
  512: every(1, 1, 4),
  1024: every(1, 2, 8),
  2048: every(1, 4, 16),
  4096: every(1, 8, 30),
  8192: every(4, 16, 60),
  16384: every(8, 32, 120),
} satisfies Record<number, number[]>;

/** Size of a task; users of the shape add defaults. */
export const fargateSizeShape = {
  /** CPU units, 1024 per vCPU: 256, 512, 1024, 2048, 4096, 8192 or 16384. */
  cpu: z.literal([256, 512, 1024, 2048, 4096, 8192, 16384]),
  /** Memory, MiB, 512 to 122880, as Fargate offers it for `cpu`: about two to eight GiB per vCPU. */
  memory: z.int(),
};
export type FargateSize = z.output<z.ZodObject<typeof fargateSizeShape>>;

/** Whether Fargate offers a pair of CPU and memory. */
export const isFargateSize = ({ cpu, memory }: FargateSize): boolean =>
  (FARGATE_SIZES[cpu] as number[]).includes(memory);

/** Refuses pairs of CPU and memory that Fargate does not offer. `path` leads to the object that holds both. */
export function checkFargateSize({ cpu, memory }: FargateSize, ctx: z.RefinementCtx, path: string[] = []): void {
  if (isFargateSize({ cpu, memory })) return;
  const offered: number[] = FARGATE_SIZES[cpu];
  const message = `must be ${inWords(offered)} MiB for a cpu of ${cpu}, got ${memory}`;
  refuse(ctx, [...path, "memory"], message);
}

function inWords(offered: number[]): string {
  if (offered.length < 5) return `one of ${offered.join(", ")}`;
  const [first = 0, second = 0] = offered;
  return `${first} to ${offered.at(-1)} in steps of ${second - first}`;
}
