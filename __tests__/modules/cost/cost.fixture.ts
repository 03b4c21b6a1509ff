import { type CostOptions, estimateMonthlyCost } from "../../../modules/cost/estimate";
import { listPrices, type Prices } from "../../../modules/cost/prices";
import type { StackJson } from "../../../modules/cost/stack-json";

const home = listPrices.regions["us-east-1"] as Prices["regions"][string];

/** Prices that no update of the price list changes: round ones, and those of the document's table. */
export const prices: Prices = {
  ...listPrices,
  date: "2024-01-02",
  eksExtendedUpTo: "1.31",
  spot: { factor: 0.4, families: { c5: 0.5 }, fargateFactor: 0.3 },
  regions: {
    "us-east-1": {
      ...home,
      instances: { "t3.medium": 0.0416, "m5.large": 0.1, "c5.large": 0.2, "g5.xlarge": 1 },
      rds: { ...home.rds, postgres: { "db.m7g.large": 0.2 }, gp2Gb: 0.1, gp3Gb: 0.1, gp3Iops: 0.02, io1Gb: 0.125 },
      mq: { instances: { "mq.m5.large": 0.3 }, ebsGb: 0.1, efsGb: 0.3 },
    },
    "eu-west-1": { ...home, instances: { "t3.medium": 0.05 }, mq: undefined },
  },
};

/** Stack of these resources in us-east-1. */
export const stackOf = (resource: Record<string, Record<string, unknown>>): StackJson => ({
  provider: { aws: [{ region: "us-east-1" }] },
  resource,
});

/** Estimate of these resources in a month of 100 hours, so that an hourly price is easy to see. */
export const estimateOf = (resource: Record<string, Record<string, unknown>>, options: CostOptions = {}) =>
  estimateMonthlyCost(stackOf(resource), { prices, hours: 100, ...options });

/** Lines of these resources by what is paid for: quantity, unit, dollars. */
export function paid(resource: Record<string, Record<string, unknown>>, options: CostOptions = {}) {
  const { items } = estimateOf(resource, options);
  return Object.fromEntries(items.map(({ item, quantity, unit, monthly }) => [item, [quantity, unit, monthly]]));
}

/** Reasons why something of these resources has no price. */
export const notPriced = (resource: Record<string, Record<string, unknown>>, options: CostOptions = {}) =>
  estimateOf(resource, options).notPriced;

/** Instance with everything that tells its price. */
export const plainInstance = {
  instance_type: "m5.large",
  associate_public_ip_address: false,
  root_block_device: { volume_type: "gp3", volume_size: 50 },
};

export { ref } from "../../support/terraform-json";
