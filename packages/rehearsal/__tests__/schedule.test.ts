import { expect, it } from "vitest";
import { inOrder } from "../src/schedule";

/** Runs tasks that each end a turn after they began; gives when each began and ended, and how many ran at most. */
async function trace(after: Record<string, string[]>, limit: number, failing: string[] = []) {
  const events: string[] = [];
  let running = 0;
  let most = 0;
  const tasks = Object.entries(after).map(([id, needed]) => ({
    id,
    after: needed,
    async run() {
      events.push(id);
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running--;
      if (failing.includes(id)) throw new Error(`${id} failed`);
      events.push(`/${id}`);
    },
  }));
  const error = await inOrder(tasks, limit).then(
    () => undefined,
    (reason: Error) => reason.message,
  );
  return { events, most, error };
}

it("starts a task after its prerequisites", async () => {
  const { events } = await trace({ c: ["a", "b"], b: ["a"], a: [] }, 9);
  expect(events).toEqual(["a", "/a", "b", "/b", "c", "/c"]);
});
it("respects the limit and the order of the list", async () => {
  const tasks = { a: [], b: [], c: [], d: [] };
  expect(await trace(tasks, 1)).toMatchObject({ events: ["a", "/a", "b", "/b", "c", "/c", "d", "/d"], most: 1 });
  expect((await trace(tasks, 3)).most).toBe(3);
  expect((await trace(tasks, 9)).most).toBe(4);
});
it("starts nothing after a failure and awaits running tasks", async () => {
  const { events, error } = await trace({ a: [], b: [], c: [], d: ["a"] }, 2, ["a"]);
  expect(error).toBe("a failed");
  expect(events).toEqual(["a", "b", "/b"]);
});
it("names circular dependencies", async () => {
  expect((await trace({ a: [], b: ["c"], c: ["b"] }, 2)).error).toBe("circular dependency: b, c");
});
it("completes without tasks", async () => {
  expect((await trace({}, 2)).error).toBe(undefined);
});
