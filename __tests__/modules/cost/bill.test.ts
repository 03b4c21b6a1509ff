import { describe, expect, it } from "vitest";
import { cents, lookUp } from "../../../modules/cost/bill";
import { estimateOf, notPriced, paid } from "./cost.fixture";

it("rounds to the cent, half up", () => {
  expect([30.368, 0.125, 1.005, 2.675, 0, 4.1 * 3].map(cents)).toEqual([30.37, 0.13, 1.01, 2.68, 0, 12.3]);
});

it("looks up what is in a table, not what every object has", () => {
  expect(lookUp({ a: 1 }, "a")).toBe(1);
  expect(lookUp({ a: 1 }, "toString")).toBeUndefined();
  expect(lookUp(undefined, "a")).toBeUndefined();
});

describe("a line", () => {
  it("has quantity, unit, price and address", () => {
    expect(estimateOf({ aws_kms_key: { key: {} } }).items).toEqual([
      { item: "KMS key", address: "aws_kms_key.key", quantity: 1, unit: "month", unitPrice: 1, monthly: 1 },
    ]);
  });
  it("is free of what binary fractions add", () => {
    const { items } = estimateOf({ aws_instance: { a: { instance_type: "t3.medium" } } }, { usage: { spotShare: 1 } });
    expect(items[0]).toMatchObject({ unitPrice: 0.01664, monthly: 1.66 });
  });
  it("is left out, with a reason, where there is no price", () => {
    const broker = { aws_mq_broker: { b: { host_instance_type: "mq.m9.large", engine_type: "RabbitMQ" } } };
    expect(paid(broker)).toEqual({});
    expect(notPriced(broker)).toEqual([
      "aws_mq_broker.b: broker mq.m9.large has no price in us-east-1",
      "aws_mq_broker.b: messages stored: by use; usage.mqStorageGb is not given",
    ]);
  });
});
