import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { expect, it } from "vitest";
import { DaskDashboards, type DaskDashboardsProps } from "../../../modules/dask/dask-dashboards";
import { type BadInput, rejects } from "../../support/bad-input";
import { type Json, synth } from "../../support/synth";
import { TOPIC } from "./dask.fixture";

const CLUSTER = { clusterArn: "arn:aws:ecs:us-east-1:111122223333:cluster/dev-dask", clusterName: "dev-dask" };
const group = (digit: string) =>
  `arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/dask/${digit.repeat(16)}`;
const MINIMAL: DaskDashboardsProps = {
  name: "dev-dask-dashboards",
  cluster: CLUSTER,
  dashboards: { all: { targetGroupArn: group("0") } },
};
const build = (props: Partial<DaskDashboardsProps> = {}) =>
  synth((scope) => new DaskDashboards(scope, "dashboards", { ...MINIMAL, ...props }));

it("tells the function which clusters go to which target group, in an order of its own", () => {
  const dashboards = {
    train: { clusterPrefix: "train-", targetGroupArn: group("1") },
    all: { targetGroupArn: group("0") },
  };
  const { environment } = build({ dashboards }).one(LambdaFunction);
  expect(JSON.parse(environment.variables.DASHBOARDS)).toEqual({
    clusterArn: CLUSTER.clusterArn,
    port: 8787,
    dashboards: [
      { prefix: "", targetGroupArn: group("0") },
      { prefix: "train-", targetGroupArn: group("1") },
    ],
  });
});
it("is called when a scheduler of this cluster changes, and every hour", () => {
  const rules = build().all(CloudwatchEventRule);
  expect(rules.map(({ schedule_expression }) => schedule_expression).filter(Boolean)).toEqual(["rate(1 hour)"]);
  const [pattern] = rules.flatMap(({ event_pattern }) => event_pattern ?? []);
  expect(JSON.parse(pattern)).toEqual({
    source: ["aws.ecs"],
    "detail-type": ["ECS Task State Change"],
    detail: { clusterArn: [CLUSTER.clusterArn], containers: { name: ["dask-scheduler"] } },
  });
});
it("may look at this cluster's tasks and change these target groups, and nothing else", () => {
  const [work] = build()
    .all(IamRolePolicy)
    .filter(({ name }) => name === "work");
  const statements: Json[] = JSON.parse(work.policy).Statement;
  expect(statements).toEqual([
    {
      Effect: "Allow",
      Sid: "List",
      Action: "ecs:ListTasks",
      Resource: "*",
      Condition: { ArnEquals: { "ecs:cluster": CLUSTER.clusterArn } },
    },
    {
      Effect: "Allow",
      Sid: "Tasks",
      Action: "ecs:DescribeTasks",
      Resource: expect.stringMatching(/:task\/dev-dask\/\*$/),
    },
    { Effect: "Allow", Sid: "Health", Action: "elasticloadbalancing:DescribeTargetHealth", Resource: "*" },
    {
      Effect: "Allow",
      Sid: "Targets",
      Action: ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
      Resource: [group("0")],
    },
  ]);
});
it("has the logs, traces and alarms that are asked for", () => {
  const stack = build({ tracing: false, logRetentionDays: 7, alarmTopicArns: [TOPIC] });
  expect(stack.one(LambdaFunction).tracing_config).toEqual({ mode: "PassThrough" });
  expect(Object.keys(stack.parsed.resource)).toContain("aws_cloudwatch_metric_alarm");
});

const many = Object.fromEntries(
  [..."0123456789a"].map((digit) => [`d${digit}`, { clusterPrefix: digit, targetGroupArn: group(digit) }]),
);
it("takes ten dashboards", () => {
  const { da: _, ...ten } = many;
  const { environment } = build({ dashboards: ten }).one(LambdaFunction);
  expect(JSON.parse(environment.variables.DASHBOARDS).dashboards).toHaveLength(10);
});
const rows: BadInput<Record<string, unknown>>[] = [
  ["cluster", { cluster: "dev-dask" }, "a DaskCluster", "clusterArn, clusterName"],
  ["dashboards", { dashboards: {} }, "1 to 10", "got 0"],
  ["dashboards", { dashboards: many }, "1 to 10", "got 11"],
  [
    "dashboards",
    {
      dashboards: {
        a: { clusterPrefix: "a", targetGroupArn: group("0") },
        b: { clusterPrefix: "b", targetGroupArn: group("0") },
      },
    },
    "a target group of its own",
  ],
  [
    "dashboards.b.clusterPrefix",
    { dashboards: { a: { targetGroupArn: group("0") }, b: { targetGroupArn: group("1") } } },
    "must differ from that of a",
  ],
  ["dashboards.a.targetGroupArn", { dashboards: { a: { targetGroupArn: "x" } } }, "the ARN of a target group"],
  [
    "dashboards.a.clusterPrefix",
    { dashboards: { a: { clusterPrefix: "a b", targetGroupArn: group("0") } } },
    "letters, digits, hyphens and underscores",
  ],
  [
    "dashboards.a.clusterPrefix",
    { dashboards: { a: { clusterPrefix: "x".repeat(65), targetGroupArn: group("0") } } },
    "64",
  ],
  ["name", { name: "" }, "at least 1"],
  ["tracing", { tracing: 1 }, "of type boolean"],
];
rejects(
  "test/dashboards",
  rows,
  (scope, props) => new DaskDashboards(scope, "dashboards", { ...MINIMAL, ...props } as DaskDashboardsProps),
);
