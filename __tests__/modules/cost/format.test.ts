import { describe, expect, it } from "vitest";
import { costOutput, formatCost } from "../../../modules/cost/format";
import { estimateOf } from "./cost.fixture";

describe("formatCost", () => {
  it.each([
    [70.92, "$70.92"],
    [0, "$0.00"],
    [1070.9, "$1,070.90"],
    [12_345_678, "$12,345,678.00"],
  ])("writes %d as %s", (total, text) => expect(formatCost({ total, currency: "USD" })).toBe(text));
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
