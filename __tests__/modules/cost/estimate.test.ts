import { describe, expect, it } from "vitest";
import { dev } from "../../../environments/dev";
import { prod } from "../../../environments/prod";
import { type CostOptions, estimateMonthlyCost } from "../../../modules/cost/estimate";
import { listPrices, type Prices } from "../../../modules/cost/prices";
import type { StackJson } from "../../../modules/cost/stack-json";
import { errorOf } from "../../support/bad-input";
import { synthApp } from "../../support/synth";
import { estimateOf, notPriced, paid, plainInstance, prices, ref, stackOf } from "./cost.fixture";

/** The training box of the document: t3.medium with 50 GB, behind a NAT gateway, in us-east-1. */
const trainingBox = {
  aws_instance: {
    box: {
      instance_type: "t3.medium",
      monitoring: true,
      associate_public_ip_address: false,
      root_block_device: { volume_type: "gp3", volume_size: 50, encrypted: true },
    },
  },
  aws_nat_gateway: { nat: { allocation_id: ref("aws_eip.nat.id") } },
  aws_eip: { nat: { domain: "vpc" } },
  aws_cloudwatch_metric_alarm: {
    cpu: { metric_name: "CPUUtilization", period: 300 },
    status: { metric_name: "StatusCheckFailed", period: 60 },
  },
  aws_vpc: { vpc: {} },
};

describe("the document's table", () => {
  it("comes to 67 a month from the document's own assumptions", () => {
    const { "us-east-1": home } = listPrices.regions as { "us-east-1": Prices["regions"][string] };
    const regions = { "us-east-1": { ...home, ebs: { ...home.ebs, gp3Gb: 0.1 } } };
    const { aws_instance, aws_nat_gateway } = trainingBox;
    const box = { ...aws_instance.box, monitoring: false };
    const { items, hours } = estimateMonthlyCost(stackOf({ aws_instance: { box }, aws_nat_gateway }), {
      hours: 720,
      prices: { ...listPrices, regions },
    });
    expect(hours).toBe(720);
    expect(items.map(({ item, monthly }) => [item, Math.round(monthly)])).toEqual([
      ["EC2 t3.medium", 30],
      ["EBS root gp3", 5],
      ["NAT gateway", 32],
    ]);
    expect(items.reduce((sum, { monthly }) => sum + Math.round(monthly), 0)).toBe(67);
  });
  it("comes to 73.17 with the right prices and with what it leaves out", () => {
    const estimate = estimateMonthlyCost(stackOf(trainingBox));
    expect(estimate.items.map(({ item, address, monthly }) => [item, address, monthly])).toEqual([
      ["alarm", "aws_cloudwatch_metric_alarm.cpu", 0.1],
      ["alarm", "aws_cloudwatch_metric_alarm.status", 0.1],
      ["public IPv4", "aws_eip.nat", 3.65],
      ["EC2 t3.medium", "aws_instance.box", 30.37],
      ["detailed monitoring", "aws_instance.box", 2.1],
      ["EBS root gp3", "aws_instance.box", 4],
      ["NAT gateway", "aws_nat_gateway.nat", 32.85],
    ]);
    expect(estimate).toMatchObject({ total: 73.17, hours: 730, currency: "USD", region: "us-east-1" });
    expect(estimate.notPriced).toEqual(["by use, and not given: data through NAT gateways (usage.natGb)"]);
  });
  it("prices the ways to save", () => {
    const total = (usage: CostOptions["usage"]) => estimateMonthlyCost(stackOf(trainingBox), { usage }).total;
    expect(total({ instanceHours: 0 })).toBe(42.8); // stopped: disk, gateway, address and alarms stay
    expect(total({ spotShare: 1, spotFactor: 0.5 })).toBe(57.98);
    expect(total({ natGb: 100 })).toBe(77.67);
  });
});

describe("regions", () => {
  const instance = { aws_instance: { box: { ...plainInstance, instance_type: "t3.medium" } } };
  it("are those of the provider, unless options say another", () => {
    expect(estimateOf(instance)).toMatchObject({ region: "us-east-1", total: 8.16 });
    expect(estimateOf(instance, { region: "eu-west-1" })).toMatchObject({ region: "eu-west-1", total: 9 });
  });
  it("are a resource's own where it has one, or another provider", () => {
    const provider = { aws: [{ region: "us-east-1" }, { alias: "far", region: "eu-west-1" }] };
    const total = (own: object, region?: string) =>
      estimateMonthlyCost(
        { provider, resource: { aws_instance: { box: { ...instance.aws_instance.box, ...own } } } },
        { prices, hours: 100, region },
      ).total;
    expect(total({})).toBe(8.16);
    expect(total({ provider: "aws.far" })).toBe(9);
    expect(total({ provider: "aws.far" }, "us-east-1")).toBe(9);
    expect(total({ region: "eu-west-1" })).toBe(9);
    expect(total({ provider: "aws.gone" })).toBe(0);
  });
  it("without a price list are said to have none", () => {
    expect(estimateOf({ ...instance, aws_vpc: { vpc: {} } }, { region: "eu-mars-1" })).toMatchObject({
      region: "eu-mars-1",
      items: [],
      total: 0,
      notPriced: ["aws_instance.box: no price list for region eu-mars-1 (there are: eu-west-1, us-east-1)"],
    });
    expect(estimateOf(instance, { region: "constructor" }).notPriced[0]).toContain(
      "no price list for region constructor",
    );
    expect(estimateOf(instance, { region: ref("var.region") }).notPriced[0]).toContain("region ??var?region? ");
  });
  it("that are not known at synth are asked for", () => {
    const provider = { aws: [{ region: ref("var.region") }] };
    const asked = ["aws_instance.box: the region is not known at synth; give options.region"];
    expect(estimateMonthlyCost({ provider, resource: instance }).notPriced).toEqual(asked);
    expect(estimateMonthlyCost({ resource: instance }).notPriced).toEqual(asked);
  });
});

describe("resources", () => {
  it("that are free leave no line and no reason", () => {
    expect(estimateOf({ aws_vpc: { vpc: {} }, aws_iam_role: { role: {} } })).toMatchObject({
      items: [],
      notPriced: [],
    });
    expect(estimateMonthlyCost({})).toMatchObject({ items: [], total: 0, notPriced: [] });
  });
  it("of a type that nothing is known of are listed, never passed over", () => {
    expect(notPriced({ aws_quantum_computer: { q: {} }, constructor: { c: {} }, aws_sqs_queue: { q: {} } })).toEqual([
      "aws_quantum_computer.q, constructor.c: no rule prices its type",
      "aws_sqs_queue.q: by use: requests beyond a million a month",
    ]);
  });
  it("count as often as count or for_each make them", () => {
    const quantity = (copies: object) => paid({ aws_eip: { a: copies } })["public IPv4"]?.[0];
    expect(quantity({})).toBe(100);
    expect(quantity({ count: 3 })).toBe(300);
    expect(quantity({ count: 0 })).toBe(0);
    expect(quantity({ for_each: { a: 1, b: 2 } })).toBe(200);
    const unknown = ["aws_eip.a: how many there are is not known at synth"];
    for (const copies of [{ count: ref("var.n") }, { count: 1.5 }, { count: -1 }, { for_each: ref("toset([])") }]) {
      expect(notPriced({ aws_eip: { a: copies } })).toEqual(unknown);
    }
  });
  it("give the same estimate in any order", () => {
    const reversed = Object.fromEntries(Object.entries(trainingBox).reverse());
    expect(estimateMonthlyCost(stackOf(reversed))).toEqual(estimateMonthlyCost(stackOf(trainingBox)));
  });
  it("that have no price in their region are listed", () => {
    expect(notPriced({ aws_instance: { box: { ...plainInstance, instance_type: "x99.huge" } } })).toEqual([
      "aws_instance.box: EC2 x99.huge has no price in us-east-1",
    ]);
    expect(notPriced({ aws_instance: { box: { ...plainInstance, instance_type: "constructor" } } })).toEqual([
      "aws_instance.box: EC2 constructor has no price in us-east-1",
    ]);
  });
  it("never bring a template into a reason, which a Terraform output would work out", () => {
    const token = ref("data.aws_x.y.z");
    const all = notPriced({ aws_instance: { box: { instance_type: token, monitoring: token, subnet_id: token } } });
    expect(all).toHaveLength(4);
    expect(all.join()).not.toMatch(/[$%]\{/);
  });
});

describe("options", () => {
  it.each<[key: string, options: CostOptions, ...words: string[]]>([
    ["hours", { hours: 0.5 }, "at least 1", "0.5"],
    ["hours", { hours: 745 }, "at most 744", "745"],
    ["region", { region: "" }],
    ["currency", { currency: "EUR" } as never, "unknown key"],
    ["usage.natGB", { usage: { natGB: 1 } as never }, "did you mean natGb?"],
    ["usage.natGb", { usage: { natGb: -1 } }, "at least 0", "-1"],
    ["usage.natGb", { usage: { natGb: Number.NaN } }],
    ["usage.natGb", { usage: { natGb: 1e13 } }, "at most"],
    ["usage.spotShare", { usage: { spotShare: 1.1 } }, "at most 1", "1.1"],
    ["usage.spotFactor", { usage: { spotFactor: 0 } }, "more than 0", "0"],
    ["usage.spotFactor", { usage: { spotFactor: 1.01 } }, "at most 1", "1.01"],
    ["usage.instanceHours", { usage: { instanceHours: 731 } }, "at most hours (730)", "731"],
    ["usage.sizes.group", { usage: { sizes: { group: -1 } } }, "at least 0", "-1"],
    [`usage.sizes.${ref("a")}`, { usage: { sizes: { [ref("a")]: 1 } } }, "an address or a name"],
    ["prices.date", { prices: { ...prices, date: "yesterday" } }, "YYYY-MM-DD"],
    ["prices.spot.factor", { prices: { ...prices, spot: { ...prices.spot, factor: 2 } } }, "at most 1", "2"],
    ["prices.regions.home.nat", { prices: { ...prices, regions: { home: {} as never } } }, "is required"],
    [
      "prices.regions.us-east-1.kmsKey",
      { prices: { ...prices, regions: { "us-east-1": { ...prices.regions["us-east-1"], kmsKey: -1 } as never } } },
      "at least 0",
    ],
  ])("refuse a wrong %s", (key, options, ...words) => {
    const error = errorOf(() => estimateMonthlyCost({}, options));
    expect(error.name).toBe("InputError");
    expect(error.message.startsWith("estimateMonthlyCost: "), error.message).toBe(true);
    for (const word of [`${key}: `, ...words]) expect(error.message).toContain(word);
  });
  it("take the bounds themselves", () => {
    for (const hours of [1, 744]) expect(estimateMonthlyCost({}, { hours }).hours).toBe(hours);
    for (const instanceHours of [0, 730])
      expect(() => estimateMonthlyCost({}, { usage: { instanceHours } })).not.toThrow();
    expect(() => estimateMonthlyCost({}, { usage: { spotShare: 1, spotFactor: 1, natGb: 0 } })).not.toThrow();
    expect(() => estimateMonthlyCost({}, { usage: undefined, region: undefined, prices: undefined })).not.toThrow();
  });
  it("name the day of the price list", () => {
    expect(estimateMonthlyCost({}).pricesOf).toBe(listPrices.date);
    expect(estimateMonthlyCost({}, { prices }).pricesOf).toBe("2024-01-02");
  });
});

describe("the stacks of the project", () => {
  const { ids, stack } = synthApp(dev, prod);
  const jsons = new Map(ids.map((id): [string, StackJson] => [id, stack(id).parsed]));
  const estimate = (id: string) => estimateMonthlyCost(jsons.get(id) ?? {});

  it("have the items that one expects in dev", () => {
    const items = (id: string) => estimate(id).items.map(({ item, quantity }) => `${item}: ${quantity}`);
    expect(items("dev-exadeploy-network")).toEqual(["public IPv4: 730", "NAT gateway: 730"]);
    expect(items("dev-exadeploy-client-network")).toEqual(["public IPv4: 730", "NAT gateway: 730"]);
    expect(items("dev-exadeploy-peering")).toEqual([]);
    expect(items("dev-exadeploy-module-repo-backend")).toEqual([
      "RDS db.t4g.micro, one zone: 730",
      "RDS storage gp3, one zone: 20",
      "secret of the master user: 1",
    ]);
    const node = (type: string) => [`EC2 ${type}: 730`, "detailed monitoring: 7", "EBS gp3: 100"];
    expect(items("dev-exadeploy-cluster")).toEqual([
      "EKS cluster: 730",
      ...node("m5.xlarge"),
      ...node("c5.xlarge"),
      ...node("m5.xlarge"),
      ...node("m5.xlarge spot, at 0.43 of on demand"),
      "EC2 g4dn.xlarge: 0",
      ...node("c5.xlarge"),
      "KMS key: 1",
    ]);
  });
  it("leave nothing without a price but what is by use or stands in another stack", () => {
    const reasons = ids.flatMap((id) => estimate(id).notPriced.map((line) => line.replace(/^aws_\S+(, \S+)*: /, "")));
    const expected =
      /(^by use(, and not given)?: |: by use; usage\.\w+ is not given$|^public IPv4 addresses depend on subnets of which this stack does not tell$|^data read from and written to EFS has no price here$|^broker mq\.m7g\.large has no price in)/;
    expect(reasons.filter((reason) => !expected.test(reason))).toEqual([]);
    expect(reasons.length).toBeGreaterThan(3);
  });
  it("have a total that is the sum of the items", () => {
    for (const id of ids) {
      const { items, total } = estimate(id);
      expect(items.reduce((sum, { monthly }) => sum + monthly, 0)).toBeCloseTo(total, 6);
    }
  });
  it("are priced in less than 5 ms per 100 resources", () => {
    const count = [...jsons.values()]
      .flatMap(({ resource = {} }) => Object.values(resource))
      .reduce((sum, named) => sum + Object.keys(named).length, 0);
    const rounds = Array.from({ length: 5 }, () => {
      const start = process.cpuUsage(); // not the clock, which a busy machine stretches
      for (const json of jsons.values()) estimateMonthlyCost(json);
      return process.cpuUsage(start).user / 1000;
    });
    expect(Math.min(...rounds) / (count / 100)).toBeLessThan(5);
  });
});
