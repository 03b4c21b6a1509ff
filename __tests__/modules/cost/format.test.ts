import { describe, expect, it } from "vitest";
import { costOutput, formatCost, totalOf } from "../../../modules/cost/format";
import { estimateOf } from "./cost.fixture";

describe("formatCost", () => {
  it.each([
    [70.92, "$70.92"],
    [0, "$0.00"],
    [1070.9, "$1,070.90"],
    [12_345_678, "$12,345,678.00"],
  ])("writes %d as %s", (total, text) => expect(formatCost({ total, currency: "USD", unpriced: [] })).toBe(text));
  it.each([
    [70.92, "$70.92 + 2 unpriced"],
    [0, "unknown (2 unpriced)"],
  ])("does not pass %d off as the whole", (total, text) =>
    expect(formatCost({ total, currency: "USD", unpriced: ["aws_a.b", "aws_c.d"] })).toBe(text),
  );
  it("sums estimates", () => {
    const one = { total: 1.5, currency: "USD" as const, unpriced: ["aws_a.b"] };
    expect(totalOf([one, { ...one, total: 2 }])).toEqual({
      total: 3.5,
      currency: "USD",
      unpriced: ["aws_a.b", "aws_a.b"],
    });
  });
});

describe("costOutput", () => {
  it("holds total, lines and what is left out, under names for Terraform", () => {
    const estimate = estimateOf({ aws_kms_key: { key: {} }, aws_nat_gateway: { nat: {} } });
    expect(costOutput(estimate)).toEqual({
      total: 5.5,
      currency: "USD",
      hours: 100,
      region: "us-east-1",
      prices_of: "2024-01-02",
      items: [
        { item: "KMS key", address: "aws_kms_key.key", monthly: 1 },
        { item: "NAT gateway", address: "aws_nat_gateway.nat", monthly: 4.5 },
      ],
      not_priced: ["by use, and not given: data through NAT gateways (usage.natGb)"],
    });
    expect(costOutput(estimate).total).toBe(estimate.total);
  });
});
