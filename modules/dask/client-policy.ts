import type { Statement } from "../common/iam/policy";

export interface ClientPolicyProps {
  clusterName: string;
  clusterArn: string;
  executionRoleArn: string;
  taskRoleArn: string;
  region: string;
  accountId: string;
  /** Objects that a client reads: configuration and helper; none without a bucket. */
  objectArns: string[];
  /** Customer managed key of those objects, if any. */
  objectKmsKeyArn?: string;
  /** Whether the library may clean up by itself. */
  cleanup: boolean;
}

/**
 * What a program needs that starts Dask clusters by dask-cloudprovider 2025.9.0 with this layer's configuration, as seen in
 * the calls that it made; two actions are implied by them.
 */
export function clientStatements(props: ClientPolicyProps): Statement[] {
  const { clusterName, clusterArn, executionRoleArn, taskRoleArn, region, accountId } = props;
  const ecs = (resource: string) => `arn:aws:ecs:${region}:${accountId}:${resource}`;
  const definitions = ecs("task-definition/dask-*");
  const tasks = ecs(`task/${clusterName}/*`);
  const Condition = { ArnEquals: { "ecs:cluster": clusterArn } };
  return [
    { Sid: "Cluster", Action: "ecs:DescribeClusters", Resource: clusterArn },
    // The actions support no resource-level permissions, or are documented so: a definition alone runs nothing.
    {
      Sid: "Everywhere",
      Action: ["ec2:DescribeNetworkInterfaces", "ecs:ListAccountSettings", "ecs:RegisterTaskDefinition"],
      Resource: "*",
    },
    { Sid: "Start", Action: "ecs:RunTask", Resource: definitions, Condition },
    { Sid: "WatchAndStop", Action: ["ecs:DescribeTasks", "ecs:StopTask"], Resource: tasks, Condition },
    {
      Sid: "TagWhatItStarts",
      Action: "ecs:TagResource",
      Resource: [definitions, tasks],
      Condition: { StringEquals: { "ecs:CreateAction": ["RegisterTaskDefinition", "RunTask"] } },
    },
    {
      Sid: "RolesOfTheTasks",
      Action: "iam:PassRole",
      Resource: [executionRoleArn, taskRoleArn],
      Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    },
    ...(props.objectArns.length > 0
      ? [{ Sid: "Configuration", Action: "s3:GetObject", Resource: props.objectArns }]
      : []),
    ...(props.objectArns.length > 0 && props.objectKmsKeyArn
      ? [{ Sid: "KeyOfConfiguration", Action: "kms:Decrypt", Resource: props.objectKmsKeyArn }]
      : []),
    ...(props.cleanup ? cleanup(props) : []),
  ];
}

/** What the library's clean-up calls where it finds nothing but task definitions: it looks at every cluster and role. */
const cleanup = ({ region, accountId }: ClientPolicyProps): Statement[] => [
  {
    Sid: "CleanUp", // actions that support no resource-level permissions
    Action: [
      "ec2:DescribeSecurityGroups",
      "ecs:DeregisterTaskDefinition",
      "ecs:DescribeTaskDefinition",
      "ecs:ListClusters",
      "ecs:ListTaskDefinitions",
      "iam:ListRoles",
    ],
    Resource: "*",
  },
  {
    Sid: "CleanUpClusters",
    Action: "ecs:DescribeClusters",
    Resource: `arn:aws:ecs:${region}:${accountId}:cluster/*`,
  },
  { Sid: "CleanUpRoles", Action: "iam:ListRoleTags", Resource: `arn:aws:iam::${accountId}:role/*` },
];
