import { expect, it } from "vitest";
import { alternately, median, run, summarize } from "../../../tools/bench/measure";

const node = (name: string, script: string) => ({
  name,
  argv: ["node", "-e", script] as [string, ...string[]],
  cwd: ".",
});

it("takes the middle value", () => {
  expect(median([3])).toBe(3);
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(() => median([])).toThrow(RangeError);
});
it("summarizes runs by their medians", () => {
  const runs = [1, 5, 2].map((seconds) => ({ seconds: seconds / 3, peakMiB: seconds * 10.2 }));
  expect(summarize(runs)).toEqual({ seconds: 0.667, peakMiB: 20 });
});
it("measures wall time and the memory of child processes too", async () => {
  const wait = await run(node("wait", "setTimeout(() => {}, 300)"));
  expect(wait.seconds).toBeGreaterThan(0.3);
  const grow = "require('child_process').execFileSync('node', ['-e', 'Buffer.alloc(200 << 20, 1)'])";
  const big = await run(node("grow", grow));
  expect(big.peakMiB).toBeGreaterThan(wait.peakMiB + 150);
});
it("does not count the memory of whoever measures", async () => {
  const ballast = Buffer.alloc(400 << 20, 1);
  const { peakMiB } = await run(node("small", ""));
  expect(peakMiB).toBeLessThan(ballast.length / 2 ** 20 / 2);
});
it("fails with the output of a command that fails", async () => {
  await expect(run(node("broken", "console.error('no such thing'); process.exit(3)"))).rejects.toThrow(
    /broken ended with status 3:\nno such thing/,
  );
});
it("runs commands in turn", async () => {
  const runs = await alternately([node("a", ""), node("b", "")], 2);
  expect([...runs].map(([name, { length }]) => [name, length])).toEqual([
    ["a", 2],
    ["b", 2],
  ]);
});
