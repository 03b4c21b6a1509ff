import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Construct } from "constructs";
import type { z } from "zod";
import { logRetentionSchema } from "../aws/cloudwatch/log-retention";
import { kmsKeyArnSchema } from "../common/settings/arns";

/** Inputs that concern the log of the machines. */
export const trainingLogsShape = {
  /** Days that logs stay, one of the periods that CloudWatch Logs knows; 7, as the document says. */
  logRetentionDays: logRetentionSchema.default(7),
  /** KMS key that encrypts the machines' log, usable by CloudWatch Logs; the service's own key when absent. */
  logKmsKeyArn: kmsKeyArnSchema.optional(),
};
type Settings = z.output<z.ZodObject<typeof trainingLogsShape>>;

export interface TrainingLogsProps {
  prefix: string;
  settings: Settings;
}

/** Log group that the CloudWatch agent of every machine writes into. */
export class TrainingLogs extends Construct {
  readonly logGroupName: string;
  readonly logGroupArn: string;

  constructor(scope: Construct, id: string, { prefix, settings }: TrainingLogsProps) {
    super(scope, id);
    const group = new CloudwatchLogGroup(this, "log-group", {
      name: `/aws/ec2/${prefix}-ml-training`,
      retentionInDays: settings.logRetentionDays,
      kmsKeyId: settings.logKmsKeyArn,
    });
    this.logGroupName = group.name;
    this.logGroupArn = group.arn;
  }
}
