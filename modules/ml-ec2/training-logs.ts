import { Construct } from "constructs";
import type { z } from "zod";
import { LogGroup, logGroupShape } from "../aws/cloudwatch/log-group";

/** Settings of the machines' log. */
export const trainingLogsShape = logGroupShape(7);
type Settings = z.output<z.ZodObject<typeof trainingLogsShape>>;

export interface TrainingLogsProps {
  prefix: string;
  settings: Settings;
}

/** Log group of the CloudWatch agents of all machines. */
export class TrainingLogs extends Construct {
  readonly logGroupName: string;
  readonly logGroupArn: string;

  constructor(scope: Construct, id: string, { prefix, settings }: TrainingLogsProps) {
    super(scope, id);
    const group = new LogGroup(this, "log-group", { ...settings, name: `/aws/ec2/${prefix}-ml-training` });
    this.logGroupName = group.name;
    this.logGroupArn = group.arn;
  }
}
