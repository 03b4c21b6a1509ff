import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import type { HttpApiSettings } from "./http-api-settings";
import { STAGE } from "./http-route";

export interface HttpApiAlarmsProps {
  settings: HttpApiSettings;
  apiId: string;
  topicArns: string[];
}

const PERIOD = 300;

/**
 * Alarms on an API: too many requests fail, or take too long. Requests that it throttles have no metric of their own (they are
 * among those of `4xx`); the functions' alarms tell of calls that Lambda refuses.
 */
export class HttpApiAlarms extends Construct {
  readonly alarmArns: string[];

  constructor(scope: Construct, id: string, { settings, apiId, topicArns }: HttpApiAlarmsProps) {
    super(scope, id);
    const { serverErrorPercent, p99Milliseconds } = settings.alarms;
    const metric = { namespace: "AWS/ApiGateway", dimensions: { ApiId: apiId, Stage: STAGE } };
    const alarm = (key: string, config: Partial<CloudwatchMetricAlarmConfig>) =>
      new CloudwatchMetricAlarm(this, key, {
        ...config,
        alarmName: `${settings.name}-${key}`,
        comparisonOperator: "GreaterThanThreshold",
        evaluationPeriods: 3,
        treatMissingData: "notBreaching", // no requests, no data
        alarmActions: topicArns,
        okActions: topicArns,
      });
    const sum = (id: string, metricName: string) => ({
      id,
      metric: { ...metric, metricName, stat: "Sum", period: PERIOD },
    });
    const alarms = [
      alarm("server-errors", {
        alarmDescription: "Percent of requests that the API or its functions failed to answer: see the access log",
        threshold: serverErrorPercent,
        metricQuery: [
          { id: "percent", expression: "100 * errors / requests", label: "Server errors, percent", returnData: true },
          sum("errors", "5xx"),
          sum("requests", "Count"),
        ],
      }),
      alarm("latency", {
        alarmDescription: "One request of a hundred takes longer than this, in milliseconds",
        ...metric,
        metricName: "Latency",
        extendedStatistic: "p99",
        evaluateLowSampleCountPercentiles: "ignore",
        period: PERIOD,
        threshold: p99Milliseconds,
      }),
    ];
    this.alarmArns = alarms.map(({ arn }) => arn);
  }
}
