import { describe, expect, it } from "vitest";
import { Seed } from "../../src/simulated/seed";

const seed = new Seed("words");

describe("a seed", () => {
  it("is repeatable, and differs for each part", () => {
    expect(new Seed("words").hex(17)).toBe(seed.hex(17));
    expect(seed.at("part").hex(17)).toBe(new Seed("words").at("part").hex(17));
    expect(
      new Set([seed.hex(17), seed.at("part").hex(17), seed.at("other").hex(17), seed.at("other", "part").hex(17)]).size,
    ).toBe(4);
  });
  it("gives text of each form and length", () => {
    expect(seed.hex(64)).toMatch(/^[0-9a-f]{64}$/);
    expect(seed.digits(26)).toMatch(/^\d{26}$/);
    expect(seed.capitals(70)).toMatch(/^[A-Z2-7]{70}$/);
    expect(seed.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Buffer.from(seed.base64(32), "base64")).toHaveLength(32);
  });
  it("gives numbers within their bounds, inclusively", () => {
    const numbers = new Set(Array.from({ length: 200 }, (_, index) => seed.at(String(index)).number(4, 6)));
    expect([...numbers].sort()).toEqual([4, 5, 6]);
  });
  it("gives dates of one year", () => expect(seed.date().getUTCFullYear()).toBe(2025));
});
