import { describe, expect, it } from "vitest";
import { notPriced, paid } from "./cost.fixture";

const volume = (own: object) => ({ aws_ebs_volume: { v: { size: 100, ...own } } });

describe("a volume", () => {
  it.each<[own: object, lines: Record<string, unknown>]>([
    [{}, { "EBS gp2": [100, "GB-month", 10] }],
    [{ type: "gp3" }, { "EBS gp3": [100, "GB-month", 8] }],
    [{ type: "gp3", iops: 3000, throughput: 125 }, { "EBS gp3": [100, "GB-month", 8] }],
    [
      { type: "gp3", iops: 3001, throughput: 126 },
      {
        "EBS gp3": [100, "GB-month", 8],
        "EBS IOPS above 3000": [1, "IOPS-month", 0.01],
        "EBS throughput above 125 MiB/s": [1, "MiB/s-month", 0.04],
      },
    ],
    [
      { type: "io1", iops: 1000 },
      { "EBS io1": [100, "GB-month", 12.5], "EBS IOPS": [1000, "IOPS-month", 65] },
    ],
    [
      { type: "io2", iops: 32_000 },
      { "EBS io2": [100, "GB-month", 12.5], "EBS IOPS": [32_000, "IOPS-month", 2080] },
    ],
    [{ type: "st1", size: 500 }, { "EBS st1": [500, "GB-month", 22.5] }],
    [{ type: "sc1", size: "500" }, { "EBS sc1": [500, "GB-month", 7.5] }],
    [{ type: "standard" }, { "EBS standard": [100, "GB-month", 5] }],
  ])("of %j costs %j", (own, lines) => {
    expect(paid(volume(own))).toEqual(lines);
    expect(notPriced(volume(own))).toEqual([]);
  });
  it.each([
    [{ type: "gp9" }, "EBS gp9 has no price in us-east-1"],
    [{ size: undefined, snapshot_id: "snap-1" }, "size is not given"],
    [{ type: "io2" }, "iops is not given"],
    [{ type: "io2", iops: 32_001 }, "EBS: IOPS above 32000 have no price here"],
  ])("of %j is listed: %s", (own, reason) => {
    expect(notPriced(volume(own))).toEqual([`aws_ebs_volume.v: ${reason}`]);
  });
});
