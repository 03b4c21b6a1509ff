import { describe, expect, it } from "vitest";
import { factsOf, zonesOf } from "../../src/simulated/facts";

describe("the facts of a provider's configuration", () => {
  it("are those of AWS's documentation by default", () => {
    expect(factsOf(null)).toEqual({
      region: "us-east-1",
      account: "123456789012",
      partition: "aws",
      dnsSuffix: "amazonaws.com",
      defaultTags: {},
    });
  });
  it("have the region, the account and the tags", () => {
    const config = {
      region: "us-west-2",
      allowed_account_ids: ["111122223333"],
      default_tags: [{ tags: { Stack: "a" } }],
    };
    expect(factsOf(config)).toMatchObject({
      region: "us-west-2",
      account: "111122223333",
      defaultTags: { Stack: "a" },
    });
  });
  it("use the account of an assumed role", () => {
    expect(factsOf({ assume_role: [{ role_arn: "arn:aws:iam::444455556666:role/deploy" }] }).account).toBe(
      "444455556666",
    );
  });
  it.each([
    ["cn-north-1", "aws-cn", "amazonaws.com.cn"],
    ["us-gov-west-1", "aws-us-gov", "amazonaws.com"],
    ["eu-central-1", "aws", "amazonaws.com"],
  ])("have the partition of %s", (region, partition, dnsSuffix) => {
    expect(factsOf({ region })).toMatchObject({ partition, dnsSuffix });
  });
});

describe("availability zones", () => {
  it.each([
    ["us-east-1", 6, "us-east-1a", "use1-az1"],
    ["us-west-1", 2, "us-west-1a", "usw1-az1"],
    ["us-west-2", 4, "us-west-2a", "usw2-az1"],
    ["eu-central-1", 3, "eu-central-1a", "euc1-az1"],
    ["ap-southeast-2", 3, "ap-southeast-2a", "apse2-az1"],
  ])("of %s", (region, count, name, id) => {
    const zones = zonesOf(region);
    expect(zones).toHaveLength(count);
    expect(zones[0]).toEqual({ name, id });
  });
  it("skip the letters that a region lacks", () => {
    expect(zonesOf("ap-northeast-1").map(({ name }) => name)).toEqual([
      "ap-northeast-1a",
      "ap-northeast-1c",
      "ap-northeast-1d",
    ]);
  });
});
