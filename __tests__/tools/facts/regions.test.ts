import { expect, it } from "vitest";
import { regions } from "../../../tools/facts/regions";
import { sitePackages } from "./facts.fixture";

it("has the regions of each partition, without its global one", () => {
  expect(regions(sitePackages())).toEqual({
    source: "partitions.json of botocore 1.99.0",
    partitions: { "aws-cn": { dnsSuffix: "amazonaws.com.cn", pattern: "^cn-", regions: "cn-north-1" } },
  });
});
