import { expect, it } from "vitest";
import { karpenterPrices, pagePrices } from "../../../tools/facts/ec2-prices";
import { karpenterModule, pageFiles } from "./facts.fixture";

it("takes Karpenter's tables with their date and currency", () => {
  const prices = { "c5.large": 0.085, "m5.xlarge": 0.192 };
  expect(karpenterPrices(karpenterModule())).toEqual({
    "us-east-1": { source: expect.stringContaining("v1.14.1"), date: "2026-07-06", currency: "USD", prices },
    "cn-north-1": expect.objectContaining({ currency: "CNY", prices }),
    "us-gov-west-1": expect.objectContaining({ currency: "USD", prices }),
  });
});
it("takes the price pages' tables of regions, under either name of theirs, and of no local zone", () => {
  expect(pagePrices((path) => pageFiles[path] ?? "")).toEqual({
    "eu-west-3": expect.objectContaining({ date: "2025-11-04", currency: "USD", prices: { "m5.xlarge": 0.224 } }),
    "us-east-1": expect.objectContaining({ prices: { "m5.xlarge": 0.999 } }),
  });
});
