import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";

export interface GatewayAlarmsProps {
  name: string;
  instanceId: string;
  /** Region of the host, may be a token. */
  region: string;
  autoRecovery: boolean;
  topicArns: string[];
}

/** Alarms on the host's status checks: one recovers the instance, one notifies people. */
export class GatewayAlarms extends Construct {
  constructor(scope: Construct, id: string, { name, instanceId, region, autoRecovery, topicArns }: GatewayAlarmsProps) {
    super(scope, id);
    const check = (metricName: string) => ({
      namespace: "AWS/EC2",
      metricName,
      dimensions: { InstanceId: instanceId },
      statistic: "Maximum",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      period: 60, // status checks come every minute, even without detailed monitoring
    });
    if (autoRecovery) {
      new CloudwatchMetricAlarm(this, "recovery", {
        ...check("StatusCheckFailed_System"),
        alarmName: `${name}-gateway-recovery`,
        alarmDescription: "What the gateway runs on fails: EC2 moves it",
        evaluationPeriods: 2, // as the EC2 User Guide recommends
        treatMissingData: "notBreaching",
        alarmActions: [`arn:aws:automate:${region}:ec2:recover`],
      });
    }
    if (topicArns.length > 0) {
      new CloudwatchMetricAlarm(this, "status", {
        ...check("StatusCheckFailed"),
        alarmName: `${name}-gateway-status`,
        alarmDescription: "A status check of the gateway fails: nobody behind it gets out",
        evaluationPeriods: 3,
        treatMissingData: "breaching", // a running host always reports
        alarmActions: topicArns,
        okActions: topicArns,
      });
    }
  }
}
