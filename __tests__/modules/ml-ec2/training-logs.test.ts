import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { TerraformOutput } from "cdktf";
import { expect, it } from "vitest";
import { TrainingLogs } from "../../../modules/ml-ec2/training-logs";
import { refTo, synth } from "../../support/synth";
import { build, rejectsSettings } from "./operations.fixture";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";

it("is one group that keeps a week of logs", () => {
  expect(build().one(CloudwatchLogGroup)).toEqual({ name: "/aws/ec2/ml-dev-ml-training", retention_in_days: 7 });
});
it.each([1, 7, 30, 3653] as const)("keeps %i days where asked", (logRetentionDays) => {
  expect(build({ logRetentionDays }).one(CloudwatchLogGroup).retention_in_days).toBe(logRetentionDays);
});
it("is encrypted by a key of the user's where there is one", () => {
  expect(build({ logKmsKeyArn: KEY }).one(CloudwatchLogGroup).kms_key_id).toBe(KEY);
});
it("tells its name and ARN by reference", () => {
  const { outputs } = synth((stack) => {
    const settings = { logRetentionDays: 7 } as const;
    const { logGroupName, logGroupArn } = new TrainingLogs(stack, "logs", { prefix: "ml-dev", settings });
    for (const [name, value] of Object.entries({ logGroupName, logGroupArn })) {
      new TerraformOutput(stack, name, { value, staticId: true });
    }
  });
  expect(outputs).toEqual({
    logGroupName: { value: refTo(CloudwatchLogGroup, "name") },
    logGroupArn: { value: refTo(CloudwatchLogGroup, "arn") },
  });
});

rejectsSettings(
  ["logRetentionDays", { logRetentionDays: 2 }, "one of 0, 1, 3, 5, 7", "got 2"],
  ["logRetentionDays", { logRetentionDays: 8 }, "got 8"],
  ["logRetentionDays", { logRetentionDays: "7" }, 'got "7"'],
  ["logKmsKeyArn", { logKmsKeyArn: "alias/logs" }, "ARN of a KMS key", '"alias/logs"'],
  ["logRetentionDay", { logRetentionDay: 7 }, "did you mean logRetentionDays?"],
);
