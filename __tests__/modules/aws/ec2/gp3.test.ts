import { expect, it } from "vitest";
import { GP3_BASELINE } from "../../../../modules/aws/ec2/gp3";

it("has the baseline of gp3", () => {
  expect(GP3_BASELINE).toEqual({ iops: 3000, throughput: 125 });
});
