import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { LogGroup, logGroupShape } from "../../../../modules/aws/cloudwatch/log-group";
import { synth } from "../../../support/synth";

const schema = z.strictObject(logGroupShape(30));
const logKmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";

describe("logRetentionDays", () => {
  it("is the default of what logs there", () => {
    expect(schema.parse({})).toEqual({ logRetentionDays: 30 });
  });
  it.each([0, 1, 7, 30, 365, 3653])("takes %i days", (logRetentionDays) => {
    expect(schema.parse({ logRetentionDays })).toEqual({ logRetentionDays });
  });
  it.each([-1, 2, 31, 366, 3654, "7", null])("refuses %j", (logRetentionDays) => {
    expect(schema.safeParse({ logRetentionDays }).success).toBe(false);
  });
});
it.each(["alias/logs", "arn:aws:kms:us-east-1:123456789012:alias/logs", 1])("refuses the key %j", (key) => {
  expect(schema.safeParse({ logKmsKeyArn: key }).success).toBe(false);
});

it("has a name, a retention, and a key only if one is set", () => {
  const build = (settings: object) =>
    synth((stack) => new LogGroup(stack, "logs", { name: "/farm", ...schema.parse(settings) })).one(CloudwatchLogGroup);
  const { "//": _, ...plain } = build({});
  expect(plain).toEqual({ name: "/farm", retention_in_days: 30 });
  expect(build({ logRetentionDays: 0, logKmsKeyArn })).toMatchObject({
    retention_in_days: 0,
    kms_key_id: logKmsKeyArn,
  });
});
