import type { Statement } from "../common/iam/policy";
import { familiesOf } from "./pool-name";

export interface WorkerPolicyProps {
  region: string;
  accountId: string;
  clusterName: string;
  clusterArn: string;
  /** Work pool, whose task definitions the worker runs. */
  pool: string;
  /** Roles of flow runs, which the worker gives to tasks. */
  flowRoleArns: string[];
  queueArn: string;
  /** Customer managed key of the queue, if any. */
  queueKmsKeyArn: string | undefined;
  /** Log group of flow runs, of whose crashes the worker forwards the last lines. */
  logGroupArn: string;
  /** Whether definitions are deregistered after a run. */
  deregisterDefinitions: boolean;
}

/**
 * What a worker of prefect-aws 0.7.12 calls, and no more: the calls were recorded by a run against a simulated AWS, which
 * `npm run test:aws` repeats.
 */
export function workerStatements(props: WorkerPolicyProps): Statement[] {
  const { region, accountId, clusterName, clusterArn, pool, queueArn, queueKmsKeyArn } = props;
  const ofRegion = `arn:aws:ecs:${region}:${accountId}`;
  const inCluster = { ArnEquals: { "ecs:cluster": clusterArn } };
  const tasks = `${ofRegion}:task/${clusterName}/*`;
  return [
    {
      Sid: "Definitions",
      Action: [
        "ecs:RegisterTaskDefinition",
        "ecs:DescribeTaskDefinition",
        ...(props.deregisterDefinitions ? ["ecs:DeregisterTaskDefinition"] : []),
      ],
      Resource: "*", // Source: Service Authorization Reference, ECS: these take no resource, or only one that is made by the call
    },
    {
      Sid: "RunFlows",
      Action: "ecs:RunTask",
      Resource: `${ofRegion}:task-definition/${familiesOf(pool)}`,
      Condition: inCluster,
    },
    { Sid: "FlowTasks", Action: ["ecs:DescribeTasks", "ecs:StopTask"], Resource: tasks, Condition: inCluster },
    {
      Sid: "TagFlows",
      Action: "ecs:TagResource",
      Resource: tasks,
      Condition: { StringEquals: { "ecs:CreateAction": "RunTask" } },
    },
    {
      Sid: "FlowRoles",
      Action: "iam:PassRole",
      Resource: props.flowRoleArns,
      Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    },
    {
      Sid: "CheckSubnets",
      Action: ["ec2:DescribeSubnets", "ec2:DescribeVpcs"],
      Resource: "*", // these support no resource-level permissions
      Condition: { StringEquals: { "aws:RequestedRegion": region } },
    },
    {
      Sid: "Events",
      Action: ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"],
      Resource: queueArn,
    },
    ...(queueKmsKeyArn
      ? [
          {
            Sid: "EventsKey",
            Action: "kms:Decrypt",
            Resource: queueKmsKeyArn,
            Condition: { StringEquals: { "kms:ViaService": `sqs.${region}.amazonaws.com` } },
          },
        ]
      : []),
    { Sid: "CrashLogs", Action: "logs:GetLogEvents", Resource: `${props.logGroupArn}:log-stream:*` },
  ];
}
