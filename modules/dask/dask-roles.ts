import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { executeCommand, taskTrust } from "../aws/ecs/service-roles";
import { sortedEntries } from "../common/collections";
import { currentRegion } from "../common/current-region";
import { awsPolicyArn, ManagedRole } from "../common/iam/managed-role";
import { policy, type Statement } from "../common/iam/policy";
import { bucketArnSchema, kmsKeyArnSchema } from "../common/settings/arns";

/** Buckets that the tasks of a cluster use, by a short name each. */
export const daskBucketsSchema = z
  .record(
    z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,62}$/, "must be 1 to 63 lower-case letters, digits and hyphens, a letter first"),
    z.strictObject({
      /** ARN of the bucket. */
      bucketArn: bucketArnSchema,
      /** Whether tasks may only read its objects, or write and delete them too. */
      access: z.enum(["read", "read-write"]).default("read-write"),
      /** Customer managed key of its objects; none for S3's own. */
      kmsKeyArn: kmsKeyArnSchema.optional(),
    }),
  )
  .default({});
export type DaskBuckets = z.output<typeof daskBucketsSchema>;

export interface DaskRolesProps {
  /** Name of the cluster. */
  name: string;
  logGroupArn: string;
  /** Log group of ECS Exec sessions, if they are logged. */
  sessionLogGroupArn?: string;
  buckets: DaskBuckets;
  executeCommand: boolean;
}

/** Execution role, with which ECS starts schedulers and workers, and task role, with which these call AWS. */
export class DaskRoles extends Construct {
  readonly executionRoleArn: string;
  readonly taskRoleArn: string;
  readonly taskRoleName: string;
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: DaskRolesProps) {
    super(scope, id);
    const { name, logGroupArn, buckets } = props;
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const assumeRolePolicy = taskTrust(accountId, currentRegion(this));
    const execution = new ManagedRole(this, "execution", {
      name: `${name}-execution`,
      assumeRolePolicy,
      policyArns: { pull: awsPolicyArn("service-role/AmazonECSTaskExecutionRolePolicy") },
      // every task definition of the library says awslogs-create-group, which ECS tries although the group is there
      policies: {
        logs: policy({ Action: "logs:CreateLogGroup", Resource: [logGroupArn, `${logGroupArn}:*`] }),
      },
    });
    const statements = [
      ...bucketStatements(buckets),
      ...(props.executeCommand ? executeCommand(props.sessionLogGroupArn) : []),
    ];
    const task = new ManagedRole(this, "task", {
      name: `${name}-task`,
      assumeRolePolicy,
      policyArns: {},
      policies: statements.length > 0 ? { task: policy(...statements) } : {},
    });

    this.executionRoleArn = execution.arn;
    this.taskRoleArn = task.arn;
    this.taskRoleName = task.name;
    this.ready = [...execution.policies, ...task.policies];
  }
}

const READ = ["s3:GetObject"];
const WRITE = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"];

/** Permissions for these buckets, and nothing else in S3. */
export function bucketStatements(buckets: DaskBuckets): Statement[] {
  const all = sortedEntries(buckets).map(([, bucket]) => bucket);
  if (all.length === 0) return [];
  const of = (access: "read" | "read-write") => all.filter((bucket) => bucket.access === access);
  const objects = (sid: string, access: "read" | "read-write", actions: string[]): Statement[] =>
    of(access).length > 0
      ? [{ Sid: sid, Action: actions, Resource: of(access).map(({ bucketArn }) => `${bucketArn}/*`) }]
      : [];
  const keys = (sid: string, access: "read" | "read-write", actions: string[]): Statement[] => {
    const arns = [...new Set(of(access).flatMap(({ kmsKeyArn }) => kmsKeyArn ?? []))];
    return arns.length > 0 ? [{ Sid: sid, Action: actions, Resource: arns }] : [];
  };
  return [
    {
      Sid: "Buckets",
      Action: ["s3:GetBucketLocation", "s3:ListBucket"],
      Resource: all.map(({ bucketArn }) => bucketArn),
    },
    ...objects("Read", "read", READ),
    ...objects("ReadAndWrite", "read-write", [...READ, ...WRITE]),
    ...keys("Decrypt", "read", ["kms:Decrypt"]),
    ...keys("Encrypt", "read-write", ["kms:Decrypt", "kms:GenerateDataKey"]),
  ];
}
