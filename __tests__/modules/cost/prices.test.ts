import { describe, expect, it } from "vitest";
import { listPrices, pricesSchema } from "../../../modules/cost/prices";

const region = (name: string) => {
  const table = listPrices.regions[name];
  if (!table) throw new Error(`no prices of ${name}`);
  return table;
};

describe("the price list", () => {
  it("has the shape that a list of one's own must have", () => {
    expect(pricesSchema.parse(listPrices)).toEqual(listPrices);
  });
  it("says its day and where each figure comes from", () => {
    expect(listPrices.date).toMatch(/^20\d\d-[01]\d-[0-3]\d$/);
    expect(listPrices.source.join()).toMatch(/EC2.*EBS.*RDS.*Spot/);
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
    for (const name of Object.keys(listPrices.regions)) {
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
