import { describe, expect, it } from "vitest";
import { count, duration } from "../../../../assets/gateway/pages/format";
import { folded, json, since, status, workerTime } from "../../../../assets/gateway/pages/parts";

describe("a length of time", () => {
  it.each([
    [-5, "under a minute"],
    [59_999, "under a minute"],
    [60_000, "1 min"],
    [7_199_999, "119 min"],
    [7_200_000, "2 h"],
    [172_799_999, "47 h"],
    [172_800_000, "2 days"],
  ])("of %i ms is %s", (ms, words) => {
    expect(duration(ms)).toBe(words);
  });
  it("is nothing where it began at no time", () => {
    expect(since(undefined, 0)).toBe("");
    expect(since("soon", 0)).toBe("");
    expect(since("Thu, 01 Jan 1970 00:00:00 GMT", 180_000)).toBe("3 min");
  });
});

describe("a time of a worker", () => {
  it.each([
    [
      "Sat, 21 Nov 2026 12:11:43 GMT",
      '<time datetime="2026-11-21T12:11:43.000Z"><span>2026-11-21</span> 12:11:43</time>',
    ],
    ["yesterday", "yesterday"],
    [null, ""],
  ])("%o is %o", (text, shown) => {
    expect(String(workerTime(text))).toBe(shown);
  });
});

describe("a value", () => {
  it("is in the line when it has eighty characters, and folded under its key when it has more", () => {
    expect(String(json("x".repeat(78), "k"))).toBe(`<code>&quot;${"x".repeat(78)}&quot;</code>`);
    expect(String(json("x".repeat(79), 'k"'))).toMatch(/^<details data-key="k&quot;"><summary>/);
    expect(String(json({ a: "<".repeat(80) }, "k"))).not.toContain("<<");
    expect(json(undefined, "k")).toBe("");
    expect(String(json(null, "k"))).toBe("<code>null</code>");
  });
  it("is cut where it is too long to read", () => {
    const text = String(folded("k", "s", "y".repeat(20_001)));
    expect(text.match(/y{10,}/)?.[0]).toHaveLength(20_000);
    expect(text).toContain("cut after 20000 of 20001 characters");
    expect(String(folded("k", "s", "y".repeat(20_000)))).not.toContain("cut after");
  });
});

describe("a status", () => {
  it.each([
    ["RUNNING", "good", "Running"],
    ["complete", "good", "Complete"],
    ["PROVISIONING", "wait", "Provisioning"],
    ["failed", "bad", "Failed"],
    ["<odd>", "", "&lt;odd&gt;"],
  ])("%s is %s", (text, tone, shown) => {
    expect(String(status(text))).toBe(`<span class="status ${tone}">${shown}</span>`);
  });
});

it.each([
  [0, "0 tasks"],
  [1, "1 task"],
  [1_000, "1,000 tasks"],
])("%i is %s", (value, words) => {
  expect(count(value, "task")).toBe(words);
});
