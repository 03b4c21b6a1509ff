import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import type { Construct } from "constructs";
import { z } from "zod";
import { kmsKeyArnSchema } from "../../common/settings/arns";

/** Retention periods of CloudWatch Logs, days. Source: its API reference, PutRetentionPolicy. */
export const retentionPeriods = z.literal([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);
const retentionSchema = z.literal([0, ...retentionPeriods.values]);

/** Settings of a log group, with a default retention in days. */
export const logGroupShape = (retentionDays: z.output<typeof retentionSchema>) => ({
  /** Log retention, days: one of CloudWatch Logs' periods, or 0 to keep everything forever. */
  logRetentionDays: retentionSchema.default(retentionDays),
  /** KMS key that encrypts the logs; CloudWatch Logs must be allowed to use it. The service's own key when absent. */
  logKmsKeyArn: kmsKeyArnSchema.optional(),
});
export type LogGroupSettings = z.output<z.ZodObject<ReturnType<typeof logGroupShape>>>;

/** CloudWatch log group with its retention and its key. */
export class LogGroup extends CloudwatchLogGroup {
  constructor(
    scope: Construct,
    id: string,
    { name, logRetentionDays, logKmsKeyArn }: LogGroupSettings & { name: string },
  ) {
    super(scope, id, { name, retentionInDays: logRetentionDays, kmsKeyId: logKmsKeyArn });
  }
}
