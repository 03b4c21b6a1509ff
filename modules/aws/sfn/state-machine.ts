import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { z } from "zod";
import { ManagedRole } from "../../common/iam/managed-role";
import { policy, type Statement, trust } from "../../common/iam/policy";
import { LogGroup, logGroupShape } from "../cloudwatch/log-group";

/** What a user chooses of the logs and traces of executions. */
export const stateMachineShape = {
  /** Events of executions that are logged: all, those of errors, or only why an execution failed. */
  logLevel: z.enum(["ALL", "ERROR", "FATAL"]).default("ERROR"),
  /** Log what goes into states and comes out too. */
  logData: z.boolean().default(false),
  ...logGroupShape(30),
  /** Trace executions with X-Ray. */
  tracing: z.boolean().default(true),
};

export interface StateMachineParts {
  /** Name of the machine, its role and its log group: at most 64 characters. */
  readonly name: string;
  /** Amazon States Language, JSON. */
  readonly definition: string;
  /** What its states may do. */
  readonly statements: readonly Statement[];
  /** What its first execution needs. */
  readonly ready: readonly ITerraformDependable[];
  /** SNS topics of its alarms; no alarms when absent. */
  readonly topicArns?: string[];
  readonly settings: z.output<z.ZodObject<typeof stateMachineShape>>;
}

/** Adds to `scope` a state machine with role, logs, traces and alarms. */
export function stateMachine(scope: Construct, parts: StateMachineParts) {
  const { name, settings, topicArns } = parts;
  // Source: Step Functions Developer Guide, "Logging using CloudWatch Logs": the prefix keeps resource policies short
  const logs = new LogGroup(scope, "logs", { ...settings, name: `/aws/vendedlogs/states/${name}` });
  const role = new ManagedRole(scope, "role", {
    name,
    assumeRolePolicy: trust("states.amazonaws.com"),
    policyArns: {},
    policies: { run: policy(...parts.statements, ...ownStatements(settings.tracing)) },
  });
  const machine = new SfnStateMachine(scope, "machine", {
    name,
    roleArn: role.arn,
    definition: parts.definition,
    loggingConfiguration: {
      level: settings.logLevel,
      includeExecutionData: settings.logData,
      logDestination: `${logs.arn}:*`,
    },
    tracingConfiguration: { enabled: settings.tracing },
    dependsOn: [...role.policies, ...parts.ready],
  });
  return {
    machine,
    roleArn: role.arn,
    logGroupName: logs.name,
    alarmArns: topicArns ? watch(scope, name, machine.arn, topicArns) : [],
  };
}

/** What every machine does: write its logs and traces. */
const ownStatements = (tracing: boolean): Statement[] => [
  // Source: Step Functions Developer Guide, "Logging using CloudWatch Logs"; no resource-level permissions
  {
    Sid: "Logs",
    Action: [
      "logs:CreateLogDelivery",
      "logs:DeleteLogDelivery",
      "logs:DescribeLogGroups",
      "logs:DescribeResourcePolicies",
      "logs:GetLogDelivery",
      "logs:ListLogDeliveries",
      "logs:PutResourcePolicy",
      "logs:UpdateLogDelivery",
    ],
    Resource: "*",
  },
  // Source: Step Functions Developer Guide, "IAM policies for X-Ray"; no resource-level permissions
  ...(tracing
    ? [
        {
          Sid: "Traces",
          Action: [
            "xray:GetSamplingRules",
            "xray:GetSamplingTargets",
            "xray:PutTelemetryRecords",
            "xray:PutTraceSegments",
          ],
          Resource: "*",
        },
      ]
    : []),
];

function watch(scope: Construct, name: string, StateMachineArn: string, topicArns: string[]): string[] {
  const alarm = (key: string, metricName: string, alarmDescription: string) =>
    new CloudwatchMetricAlarm(scope, key, {
      alarmName: `${name}-${key}`,
      alarmDescription,
      namespace: "AWS/States",
      metricName,
      dimensions: { StateMachineArn },
      statistic: "Sum",
      period: 300,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      treatMissingData: "notBreaching", // no executions, no data
      alarmActions: topicArns,
      okActions: topicArns,
    });
  return [
    alarm("failed", "ExecutionsFailed", "An execution failed: see its log"),
    alarm("timed-out", "ExecutionsTimedOut", "An execution ran out of time: see its log, and give it more"),
    alarm("aborted", "ExecutionsAborted", "Somebody aborted an execution"),
    alarm("throttled", "ExecutionThrottled", "States were held back: ask AWS for a larger quota of transitions"),
  ].map(({ arn }) => arn);
}
