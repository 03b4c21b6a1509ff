import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { describe, expect, it } from "vitest";
import type { DaskClusterProps } from "../../../modules/dask/dask-cluster";
import { bucketStatements } from "../../../modules/dask/dask-roles";
import { type Json, refTo } from "../../support/synth";
import { build, KEY, OTHER_KEY } from "./dask.fixture";

const roleOf = (stack: ReturnType<typeof build>, role: "execution" | "task") => {
  const of = (resource: { role: string }) => resource.role.includes(`dask_roles_${role}_role`);
  return {
    statements: stack
      .all(IamRolePolicy)
      .filter(of)
      .flatMap(({ policy }): Json[] => JSON.parse(policy).Statement),
    managed: stack
      .all(IamRolePolicyAttachment)
      .filter(of)
      .map(({ policy_arn }) => policy_arn),
  };
};
const actions = (statements: Json[]) => statements.flatMap(({ Action }) => Action);

describe("the execution role", () => {
  it("pulls images, writes logs, and makes no log group but that of the cluster", () => {
    const stack = build({ executeCommand: true, buckets: { out: { bucketArn: "arn:aws:s3:::outputs" } } });
    const { statements, managed } = roleOf(stack, "execution");
    expect(managed).toEqual(["arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"]);
    expect(statements).toEqual([
      {
        Effect: "Allow",
        Action: "logs:CreateLogGroup",
        Resource: [
          refTo(CloudwatchLogGroup, "arn"),
          expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.dask_cluster_log-group_\w+\.arn\}:\*$/),
        ],
      },
    ]);
  });
});

describe("both roles", () => {
  it("are for tasks of this account and region, and none is the other", () => {
    const roles = build({ sweeper: false }).all(IamRole);
    expect(roles.map(({ name_prefix }) => name_prefix)).toEqual(["dev-dask-execution-", "dev-dask-task-"]);
    for (const { assume_role_policy } of roles) {
      const [statement, ...others] = JSON.parse(assume_role_policy).Statement;
      expect(others).toEqual([]);
      expect(statement).toMatchObject({
        Effect: "Allow",
        Principal: { Service: "ecs-tasks.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "aws:SourceAccount": expect.stringMatching(/^\$\{data\.aws_caller_identity\./) },
          ArnLike: { "aws:SourceArn": expect.stringMatching(/^arn:aws:ecs:\$\{data\.aws_region\./) },
        },
      });
    }
  });
});

describe("the task role", () => {
  const task = (props?: Partial<DaskClusterProps>) => roleOf(build(props), "task");
  it("may do nothing by default", () => {
    expect(task()).toEqual({ statements: [], managed: [] });
  });
  it("uses the buckets that are given, and their keys, and nothing else in S3", () => {
    const { statements } = task({
      buckets: {
        out: { bucketArn: "arn:aws:s3:::outputs", kmsKeyArn: KEY },
        in: { bucketArn: "arn:aws:s3:::inputs", access: "read", kmsKeyArn: OTHER_KEY },
      },
    });
    const allow = (Sid: string, Action: string[], Resource: string[]) => ({ Effect: "Allow", Sid, Action, Resource });
    expect(statements).toEqual([
      allow("Buckets", ["s3:GetBucketLocation", "s3:ListBucket"], ["arn:aws:s3:::inputs", "arn:aws:s3:::outputs"]),
      allow("Read", ["s3:GetObject"], ["arn:aws:s3:::inputs/*"]),
      allow(
        "ReadAndWrite",
        ["s3:GetObject", "s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"],
        ["arn:aws:s3:::outputs/*"],
      ),
      allow("Decrypt", ["kms:Decrypt"], [OTHER_KEY]),
      allow("Encrypt", ["kms:Decrypt", "kms:GenerateDataKey"], [KEY]),
    ]);
  });
  it("opens shells where asked, and writes them to the log where that is asked", () => {
    const shells = task({ executeCommand: true }).statements;
    expect(actions(shells)).toContain("ssmmessages:OpenDataChannel");
    expect(actions(shells)).not.toContain("logs:PutLogEvents");
    const logged = task({ executeCommand: true, logSessions: true }).statements;
    expect(actions(logged)).toContain("logs:PutLogEvents");
  });
});

describe("bucketStatements", () => {
  it("name a key once that two buckets share, and no key where there is none", () => {
    const two = ["a", "b"].map((name) => [
      name,
      { bucketArn: `arn:aws:s3:::${name}`, access: "read" as const, kmsKeyArn: KEY },
    ]);
    expect(bucketStatements(Object.fromEntries(two)).at(-1)?.Resource).toEqual([KEY]);
    const plain = bucketStatements({ a: { bucketArn: "arn:aws:s3:::a", access: "read" } });
    expect(JSON.stringify(plain)).not.toContain("kms");
    expect(bucketStatements({})).toEqual([]);
  });
});
