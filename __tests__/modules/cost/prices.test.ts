import { describe, expect, it } from "vitest";
import { listPrices, pricedRegions, pricesIn, pricesSchema } from "../../../modules/cost/prices";

const region = (name: string) => {
  const table = pricesIn(listPrices, name);
  if (!table) throw new Error(`no prices of ${name}`);
  return { ...table, instances: table.instances ?? {} };
};

describe("the price list", () => {
  it("has the shape that a list of one's own must have", () => {
    expect(pricesSchema.parse(listPrices)).toEqual(listPrices);
  });
  it("counts Kubernetes 1.34 and older as in extended support", () => {
    expect(listPrices.eksExtendedUpTo).toBe("1.34");
  });
  it("says its day and where each figure comes from", () => {
    expect(listPrices.date).toMatch(/^20\d\d-[01]\d-[0-3]\d$/);
    expect(listPrices.source.join()).toMatch(/NAT.*EBS.*RDS.*Spot/);
  });
  it("has the document's figures, corrected, for us-east-1", () => {
    const { instances, ebs, nat, publicIpv4Hour, cloudwatch, s3, egress } = region("us-east-1");
    expect([instances["t3.small"], instances["t3.medium"], instances["t3.large"]]).toEqual([0.0208, 0.0416, 0.0832]);
    expect([ebs.gp2Gb, ebs.gp3Gb, nat.hour, nat.gb, publicIpv4Hour]).toEqual([0.1, 0.08, 0.045, 0.045, 0.005]);
    expect([cloudwatch.metric, cloudwatch.alarm, cloudwatch.logsIngestGb]).toEqual([0.3, 0.1, 0.5]);
    expect([s3.standardGb, s3.glacierGb, egress.gb, egress.freeGb]).toEqual([0.023, 0.0036, 0.09, 100]);
  });
  it.each(["us-east-1", "us-west-2", "eu-west-1"])("knows the common families in %s", (name) => {
    const families = new Set(Object.keys(region(name).instances).map((type) => type.split(".")[0]));
    const general = "t3 t4g m5 m5a m6i m6a m6g m7g c5 c5a c6i c7g r5 r6i".split(" ");
    const accelerated = "g4dn g5 p3 p4d inf2".split(" ");
    expect([...general, ...accelerated].filter((family) => !families.has(family))).toEqual([]);
  });
  it.each(["us-east-1", "us-west-2"])("knows the newer accelerators in %s", (name) => {
    const known = Object.keys(region(name).instances);
    const wanted = [
      "g6.xlarge",
      "g6e.xlarge",
      "p5.48xlarge",
      "trn1.2xlarge",
      "c5.2xlarge",
      "g4dn.xlarge",
      "p3.2xlarge",
    ];
    expect(wanted.filter((type) => !known.includes(type))).toEqual([]);
  });
  it("has prices that grow with the size within a family", () => {
    for (const name of ["us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-northeast-1"]) {
      const { instances } = region(name);
      for (const family of ["t3", "m5", "m6i", "c5", "c7g", "r5", "g5"]) {
        const [large = 0, xlarge = 0, double = 0] = ["large", "xlarge", "2xlarge"].map(
          (s) => instances[`${family}.${s}`],
        );
        expect(double, `${family} in ${name}`).toBeGreaterThan(xlarge);
        if (large) expect(xlarge / large, `${family} in ${name}`).toBeCloseTo(2, 1);
      }
    }
  });
});

describe("the prices of a region", () => {
  it("are those of EC2 alone where no list has the region", () => {
    const { instances, nat, publicIpv4Hour, eks } = region("eu-central-1");
    expect(instances["m5.large"]).toBe(0.115);
    expect([nat.hour, publicIpv4Hour, eks.hour]).toEqual([undefined, undefined, undefined]);
  });
  it("are not known outside AWS, nor in another currency", () => {
    expect(["mars-1", "../x", "cn-north-1", ""].map((name) => pricesIn(listPrices, name))).toEqual(
      Array(4).fill(undefined),
    );
  });
  it("are the caller's where a list of theirs has instances, and no other region's", () => {
    const us = listPrices.regions["us-east-1"];
    if (!us) throw new Error("no prices of us-east-1");
    const own = { ...listPrices, regions: { "us-east-1": { ...us, instances: { "m5.large": 1 } }, "eu-west-1": us } };
    expect(pricesIn(own, "us-east-1")?.instances).toEqual({ "m5.large": 1 });
    expect(pricesIn(own, "eu-west-1")?.instances?.["m5.large"]).toBe(0.107);
    expect(pricesIn(own, "eu-central-1")).toBeUndefined();
    expect(pricedRegions(own)).toEqual(["eu-west-1", "us-east-1"]);
  });
  it("are known of every region of AWS and GovCloud", () => {
    expect(pricedRegions(listPrices)).toEqual(
      expect.arrayContaining(["eu-central-1", "ap-south-2", "mx-central-1", "us-gov-east-1"]),
    );
    expect(pricedRegions(listPrices).length).toBeGreaterThan(34);
  });
});
