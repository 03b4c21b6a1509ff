import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { areDistinct } from "../../common/collections";
import { awsPolicyArn, ManagedRole } from "../../common/iam/managed-role";
import { policy, type Statement } from "../../common/iam/policy";
import { statementsSchema } from "../../common/iam/statement-schema";
import { kmsKeyArnSchema } from "../../common/settings/arns";
import { throughAccessPoint } from "../storage/shared-files";
import { type ContainerSettings, secretArns } from "./container";
import type { TaskVolume } from "./task-definition";

/** Permissions of a service's tasks, and of ECS to start them. */
export const serviceRolesShape = {
  /** IAM statements of the task role. */
  taskRoleStatements: statementsSchema,
  /** IAM statements of the execution role to pull the image, beyond reading the account's repositories; for a pull-through cache. */
  imagePullStatements: statementsSchema,
  /** Customer managed keys that encrypt the secrets, at most 20; none for secrets under Secrets Manager's own key. */
  secretsKmsKeyArns: z.array(kmsKeyArnSchema).max(20).refine(areDistinct, "must name each key once").default([]),
};
type Settings = z.output<z.ZodObject<typeof serviceRolesShape>>;

export interface ServiceRolesProps {
  /** Name of the service. */
  name: string;
  region: string;
  settings: Settings & {
    container: Pick<ContainerSettings, "secrets">;
    volumes: TaskVolume[];
    executeCommand: boolean;
  };
  /** Log group of ECS Exec sessions, if they are logged. */
  sessionLogGroupArn?: string;
}

/** Execution role, with which ECS starts tasks, and task role, with which containers call AWS. */
export class ServiceRoles extends Construct {
  readonly executionRoleArn: string;
  readonly taskRoleArn: string;
  readonly taskRoleName: string;
  /** What a task must wait for to have its permissions. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, { name, region, settings, sessionLogGroupArn }: ServiceRolesProps) {
    super(scope, id);
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const assumeRolePolicy = taskTrust(accountId, region);

    const execution = new ManagedRole(this, "execution", {
      name: `${name}-execution`,
      assumeRolePolicy,
      policyArns: { logs: awsPolicyArn("service-role/AmazonECSTaskExecutionRolePolicy") },
      policies: {
        ...named("secrets", readSecrets(secretArns(settings.container), settings.secretsKmsKeyArns, region)),
        ...named("image-pull", settings.imagePullStatements),
      },
    });
    const task = new ManagedRole(this, "task", {
      name: `${name}-task`,
      assumeRolePolicy,
      policyArns: {},
      policies: {
        ...named("task", settings.taskRoleStatements),
        ...named("files", mount(settings.volumes)),
        ...named("execute-command", settings.executeCommand ? executeCommand(sessionLogGroupArn) : []),
      },
    });

    this.executionRoleArn = execution.arn;
    this.taskRoleArn = task.arn;
    this.taskRoleName = task.name;
    this.ready = [...execution.policies, ...task.policies];
  }
}

/** Only tasks of this account and region assume the roles. Source: ECS Developer Guide, "Amazon ECS task IAM role". */
export const taskTrust = (accountId: string, region: string) =>
  policy({
    Principal: { Service: "ecs-tasks.amazonaws.com" },
    Action: "sts:AssumeRole",
    Condition: {
      StringEquals: { "aws:SourceAccount": accountId },
      ArnLike: { "aws:SourceArn": `arn:aws:ecs:${region}:${accountId}:*` },
    },
  });

const named = (name: string, statements: Statement[]): Record<string, string> =>
  statements.length > 0 ? { [name]: policy(...statements) } : {};

/** Reads these secrets, of which some may be encrypted by these keys. */
export function readSecrets(arns: string[], secretsKmsKeyArns: string[], region: string): Statement[] {
  if (arns.length === 0) return [];
  const decrypt: Statement[] =
    secretsKmsKeyArns.length > 0
      ? [
          {
            Action: "kms:Decrypt",
            Resource: [...secretsKmsKeyArns].sort(),
            Condition: { StringEquals: { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` } },
          },
        ]
      : [];
  return [{ Action: "secretsmanager:GetSecretValue", Resource: arns }, ...decrypt];
}

/** Mount and, unless read-only, write, through the access point and a mount target only; not as root. */
const mount = (volumes: TaskVolume[]): Statement[] =>
  volumes.flatMap(({ files, readOnly }) =>
    files?.fileSystemArn && files.accessPointArn
      ? [
          {
            Action: ["elasticfilesystem:ClientMount", ...(readOnly ? [] : ["elasticfilesystem:ClientWrite"])],
            Resource: files.fileSystemArn,
            Condition: throughAccessPoint(files.accessPointArn),
          },
        ]
      : [],
  );

/** Source: ECS Developer Guide, "Task IAM role", ECS Exec permissions. These actions support no resource-level permissions. */
export const executeCommand = (sessionLogGroupArn?: string): Statement[] => [
  {
    Action: [
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ],
    Resource: "*",
  },
  ...(sessionLogGroupArn
    ? [
        { Action: "logs:DescribeLogGroups", Resource: "*" },
        {
          Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
          Resource: `${sessionLogGroupArn}:*`,
        },
      ]
    : []),
];
