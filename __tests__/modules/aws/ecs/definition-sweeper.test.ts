import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { expect, it } from "vitest";
import { DefinitionSweeper, type DefinitionSweeperProps } from "../../../../modules/aws/ecs/definition-sweeper";
import { type BadInput, rejects } from "../../../support/bad-input";
import { type Json, synth } from "../../../support/synth";

const cluster = (clusterName: string) => ({
  clusterName,
  clusterArn: `arn:aws:ecs:us-east-1:111122223333:cluster/${clusterName}`,
});
const MINIMAL: DefinitionSweeperProps = {
  name: "dev-sweeper",
  familyPrefix: "prefect_dev_",
  clusters: { flows: cluster("flows") },
};
const build = (props: Partial<DefinitionSweeperProps> = {}) =>
  synth((scope) => new DefinitionSweeper(scope, "sweeper", { ...MINIMAL, ...props }));
const ruleOf = (props?: Partial<DefinitionSweeperProps>) =>
  JSON.parse(build(props).one(LambdaFunction).environment.variables.SWEEP);

it("sweeps a prefix, a day old, by default with nothing kept and whatever the tags", () => {
  expect(ruleOf()).toEqual({
    prefix: "prefect_dev_",
    groupSuffixes: [],
    keepNewest: 0,
    hours: 24,
    tags: {},
    clusters: ["arn:aws:ecs:us-east-1:111122223333:cluster/flows"],
  });
  expect(build().one(CloudwatchEventRule).schedule_expression).toBe("cron(17 3 * * ? *)");
  expect(build().one(LambdaFunction)).toMatchObject({ function_name: "dev-sweeper", timeout: 900 });
});
it.each([
  [{ keepNewest: 100 }, { keepNewest: 100 }],
  [{ hours: 1 }, { hours: 1 }],
  [{ hours: 8760 }, { hours: 8760 }],
  [{ tags: { Team: "data" } }, { tags: { Team: "data" } }],
  [{ groupSuffixes: ["-worker", "-scheduler"] }, { groupSuffixes: ["-worker", "-scheduler"] }],
])("takes %j", (props, expected) => expect(ruleOf(props)).toMatchObject(expected));
it("deletes definitions of its prefix only, and looks at the tasks of its clusters only", () => {
  const [work] = build({ clusters: { b: cluster("b"), a: cluster("a") } })
    .all(IamRolePolicy)
    .filter(({ name }) => name === "work");
  const statements: Json[] = JSON.parse(work.policy).Statement;
  const of = (sid: string) => statements.find(({ Sid }) => Sid === sid);
  expect(statements).toHaveLength(4);
  expect(of("Definitions")).toMatchObject({
    Action: [
      "ecs:DeregisterTaskDefinition",
      "ecs:DescribeTaskDefinition",
      "ecs:ListTaskDefinitionFamilies",
      "ecs:ListTaskDefinitions",
    ],
    Resource: "*",
  });
  expect(of("Delete")).toMatchObject({
    Action: "ecs:DeleteTaskDefinitions",
    Resource: expect.stringMatching(/:task-definition\/prefect_dev_\*$/),
  });
  const arns = [cluster("a").clusterArn, cluster("b").clusterArn];
  expect(of("List").Condition).toEqual({ ArnEquals: { "ecs:cluster": arns } });
  expect(of("Tasks").Resource).toEqual([
    expect.stringMatching(/:task\/a\/\*$/),
    expect.stringMatching(/:task\/b\/\*$/),
  ]);
});

const rows: BadInput<Record<string, unknown>>[] = [
  ["name", { name: "" }, "at least 1"],
  ["familyPrefix", { familyPrefix: "" }, "letters, digits, hyphens and underscores"],
  ["familyPrefix", { familyPrefix: "dask*" }, "letters, digits, hyphens and underscores", '"dask*"'],
  ["familyPrefix", { familyPrefix: "x".repeat(201) }, "at most 200"],
  ["groupSuffixes.0", { groupSuffixes: [""] }, "letters, digits"],
  ["groupSuffixes", { groupSuffixes: ["-a", "-a"] }, "each once"],
  ["tags.aws:x", { tags: { "aws:x": "y" } }, "must not begin with aws:"],
  ["keepNewest", { keepNewest: -1 }, "at least 0"],
  ["keepNewest", { keepNewest: 101 }, "at most 100"],
  ["clusters", { clusters: {} }, "1 to 20 clusters", "got 0"],
  ["clusters.a.clusterArn", { clusters: { a: { clusterArn: "a", clusterName: "a" } } }, "the ARN of an ECS cluster"],
  ["hours", { hours: 0 }, "at least 1"],
  ["hours", { hours: 8761 }, "at most 8760"],
  ["schedule", { schedule: "daily" }, "five fields"],
];
rejects(
  "test/sweeper",
  rows,
  (scope, props) => new DefinitionSweeper(scope, "sweeper", { ...MINIMAL, ...props } as DefinitionSweeperProps),
);
