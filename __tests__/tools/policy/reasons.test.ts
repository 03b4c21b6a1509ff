import { describe, expect, it } from "vitest";
import { REASONS } from "../../../tools/policy/reasons";

/** Rules as checkov, parliament and cloudsplaining spell them. */
const CHECK = /^(CKV2?_AWS_\d+|parliament:[A-Z_]+|cloudsplaining:[A-Za-z]+)$/;

describe("each reason", () => {
  it.each(REASONS.map((reason) => [reason.reason, reason] as const))("is for a rule and a place: %s", (_, one) => {
    expect(one.checks.filter((check) => !CHECK.test(check))).toEqual([]);
    expect(one.checks.length).toBeGreaterThan(0);
    expect(one.where.length).toBeGreaterThan(0);
    expect(one.where.filter((pattern) => /^\*+$/.test(pattern))).toEqual([]); // not for everything
  });
  it("is one sentence that nobody else says", () => {
    const texts = REASONS.map(({ reason }) => reason);
    expect(texts.filter((text) => !/^[A-Z].{20,}\.$/.test(text))).toEqual([]);
    expect(new Set(texts).size).toBe(texts.length);
  });
});
