import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { expect, it } from "vitest";
import type { DaskClusterProps } from "../../../modules/dask/dask-cluster";
import { type Json, refTo } from "../../support/synth";
import { BUCKET, build } from "./dask.fixture";

const statementsOf = (props: Partial<DaskClusterProps> = {}): Json[] =>
  JSON.parse(build(props).one(IamPolicy).policy).Statement;
const actionsOf = (statements: Json[]): string[] => statements.flatMap(({ Action }) => Action).sort();

/** What the library calls, and the two actions that its calls imply. */
const CALLED = [
  "ec2:DescribeNetworkInterfaces",
  "ecs:DescribeClusters",
  "ecs:DescribeTasks",
  "ecs:ListAccountSettings",
  "ecs:RegisterTaskDefinition",
  "ecs:RunTask",
  "ecs:StopTask",
  "ecs:TagResource",
  "iam:PassRole",
];

it("has every action that the library was seen to call, and no other", () => {
  expect(actionsOf(statementsOf())).toEqual(CALLED);
  expect(actionsOf(statementsOf({ filesBucket: BUCKET }))).toEqual([...CALLED, "s3:GetObject"]);
});
it("starts, watches and stops tasks on its cluster alone", () => {
  const statements = statementsOf();
  const of = (action: string) => statements.filter(({ Action }) => [Action].flat().includes(action));
  for (const action of ["ecs:RunTask", "ecs:StopTask", "ecs:DescribeTasks"]) {
    const [statement, ...others] = of(action);
    expect(others).toEqual([]);
    expect(statement.Condition).toEqual({ ArnEquals: { "ecs:cluster": refTo(EcsCluster, "arn") } });
    expect(statement.Resource).not.toBe("*");
  }
  expect(of("ecs:RunTask")[0].Resource).toMatch(
    /^arn:aws:ecs:\$\{data\.\S+\}:\$\{data\.\S+\}:task-definition\/dask-\*$/,
  );
  expect(of("ecs:StopTask")[0].Resource).toMatch(/:task\/\$\{aws_ecs_cluster\.[\w-]+\.name\}\/\*$/);
  expect(of("ecs:DescribeClusters")[0].Resource).toEqual(refTo(EcsCluster, "arn"));
});
it("passes the two roles to tasks, and no other", () => {
  const [pass] = statementsOf().filter(({ Action }) => Action === "iam:PassRole");
  expect(pass.Resource).toEqual([refTo(IamRole, "arn"), refTo(IamRole, "arn")]);
  expect(new Set(pass.Resource).size).toBe(2);
  expect(pass.Condition).toEqual({ StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } });
});
it("tags what it starts, and nothing that is there", () => {
  const [tag] = statementsOf().filter(({ Action }) => Action === "ecs:TagResource");
  expect(tag.Condition).toEqual({ StringEquals: { "ecs:CreateAction": ["RegisterTaskDefinition", "RunTask"] } });
});
it("has the library's own clean-up only where asked", () => {
  const added = actionsOf(statementsOf({ clientCleanup: true })).filter((action) => !CALLED.includes(action));
  expect(added).toEqual([
    "ec2:DescribeSecurityGroups",
    "ecs:DeregisterTaskDefinition",
    "ecs:DescribeTaskDefinition",
    "ecs:ListClusters",
    "ecs:ListTaskDefinitions",
    "iam:ListRoleTags",
    "iam:ListRoles",
  ]);
});
it("fits into a managed policy", () => {
  // Source: IAM quotas, 6144 characters of a managed policy
  const long = { name: "x".repeat(40), filesBucket: BUCKET, clientCleanup: true };
  expect(build(long).one(IamPolicy).policy.length).toBeLessThan(6144);
});
