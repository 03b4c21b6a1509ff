import { describe, expect, it } from "vitest";
import { TOTAL_USES, UNPRICED_USES } from "../../../modules/cost/by-use";
import { isFree } from "../../../modules/cost/free-types";
import { estimateOf, notPriced, paid } from "./cost.fixture";

const stack = {
  aws_nat_gateway: { n: {} },
  aws_vpc_endpoint: { e: { vpc_endpoint_type: "Interface", subnet_ids: ["a"] }, g: { vpc_endpoint_type: "Gateway" } },
  aws_s3_bucket: { a: {}, b: {} },
  aws_dlm_lifecycle_policy: { d: {} },
  aws_cloudwatch_log_group: { l: {} },
  aws_cloudtrail: { t: {} },
};

describe("what is billed by use", () => {
  it("is one line for all of a stack when it is given", () => {
    const usage = {
      natGb: 100,
      endpointGb: 100,
      egressGb: 150,
      s3StandardGb: 1000,
      s3GlacierGb: 1000,
      snapshotGb: 10,
      logsIngestGb: 10,
      logsStoredGb: 10,
      customMetrics: 5,
      cloudtrailDataEvents: 2_000_000,
    };
    expect(paid(stack, { usage })).toMatchObject({
      "data through NAT gateways": [100, "GB", 4.5],
      "data through interface endpoints": [100, "GB", 1],
      "data to the internet": [50, "GB", 4.5],
      "S3 standard": [1000, "GB-month", 23],
      "S3 Glacier Flexible Retrieval": [1000, "GB-month", 3.6],
      snapshots: [10, "GB-month", 0.5],
      "logs taken in": [10, "GB", 5],
      "logs kept": [10, "GB-month", 0.3],
      "custom metrics": [5, "metric-month", 1.5],
      "data events of CloudTrail": [2_000_000, "event", 2],
    });
    expect(notPriced(stack, { usage })).toEqual([]);
    const { items } = estimateOf(stack, { usage });
    expect(items.filter(({ address }) => address === "aws_s3_bucket.*")).toHaveLength(2);
    expect(items.filter(({ address }) => address === "usage").map(({ item }) => item)).toEqual([
      "data to the internet",
      "custom metrics",
    ]);
  });
  it("is listed with its key when it is not given", () => {
    const keys = ["natGb", "endpointGb", "s3StandardGb", "s3GlacierGb", "snapshotGb", "logsIngestGb", "logsStoredGb"];
    const [line = "", ...more] = notPriced(stack);
    expect(more).toEqual([]);
    expect([...line.matchAll(/usage\.(\w+)/g)].map((match) => match[1])).toEqual([...keys, "cloudtrailDataEvents"]);
  });
  it("counts only where a stack has what uses it", () => {
    expect(estimateOf({ aws_kms_key: {} }, { usage: { natGb: 1e6, logsIngestGb: 1e6, lcu: 5 } }).items).toEqual([]);
    expect(notPriced({ aws_vpc_endpoint: { g: {} } })).toEqual([]);
  });
  it("of the internet is free for the first 100 GB", () => {
    expect(paid({}, { usage: { egressGb: 100 } })).toEqual({});
    expect(paid({}, { usage: { egressGb: 101 } })).toEqual({ "data to the internet": [1, "GB", 0.09] });
  });
  it("of flow logs is that of the log groups, or stands without a price", () => {
    expect(notPriced({ aws_flow_log: { f: {} } })).toEqual([
      "by use, and not given: logs taken in (usage.logsIngestGb)",
    ]);
    expect(notPriced({ aws_flow_log: { f: { log_destination_type: "s3" } } })).toEqual([
      "aws_flow_log.f: by use: flow logs delivered elsewhere than to CloudWatch",
    ]);
  });
});

it("no type is both free and billed by use", () => {
  const types = [...TOTAL_USES.flatMap((use) => use.types), ...Object.keys(UNPRICED_USES)];
  expect(types.filter(isFree)).toEqual([]);
});
