import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { mapLimited, remembered } from "../../../assets/gateway/concurrency";

describe("mapLimited", () => {
  it.each([
    [1, 7, 1],
    [3, 7, 3],
    [9, 7, 7],
  ])("at most %i of %i at a time is %i, in their order", async (limit, count, most) => {
    let open = 0;
    let peak = 0;
    const items = Array.from({ length: count }, (_, n) => n);
    const results = await mapLimited(items, limit, async (n) => {
      peak = Math.max(peak, ++open);
      await wait(count - n);
      open--;
      return n * 2;
    });
    expect(results).toEqual(items.map((n) => n * 2));
    expect(peak).toBe(most);
  });
  it("maps nothing to nothing", async () => {
    expect(await mapLimited([], 3, async () => 1)).toEqual([]);
  });
  it("fails with the first failure", async () => {
    const map = async (n: number) => {
      if (n === 2) throw new Error("two");
      return n;
    };
    await expect(mapLimited([1, 2, 3], 2, map)).rejects.toThrow("two");
  });
});

describe("remembered", () => {
  const counting = (fail = false) => {
    let now = 0;
    const asked: string[] = [];
    const load = async (key: string) => {
      asked.push(key);
      if (fail && asked.length === 1) throw new Error("first");
      return `${key}${asked.length}`;
    };
    return { get: remembered(load, 100, () => now), asked, pass: (ms: number) => (now += ms) };
  };

  it("gives all who ask within its time one answer, by key", async () => {
    const { get, asked, pass } = counting();
    expect(await Promise.all([get("a"), get("a"), get("b")])).toEqual(["a1", "a1", "b2"]);
    pass(99);
    expect(await get("a")).toBe("a1");
    pass(1);
    expect(await get("a")).toBe("a3");
    expect(asked).toEqual(["a", "b", "a"]);
  });
  it("does not remember a failure", async () => {
    const { get } = counting(true);
    await expect(get("a")).rejects.toThrow("first");
    expect(await get("a")).toBe("a2");
  });
});
