import fc from "fast-check";
import { DaskDashboards, type DaskDashboardsProps } from "../../../modules/dask/dask-dashboards";
import { broken, fuzz, type Wrong } from "../../support/fuzz";

const group = (id: string) => `arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/dask/${id}`;
const dashboards = fc
  .uniqueArray(fc.stringMatching(/^[a-z0-9-]{0,20}$/), { minLength: 1, maxLength: 10 })
  .map((prefixes) =>
    Object.fromEntries(
      prefixes.map((clusterPrefix, i) => [
        `d${i}`,
        { ...(clusterPrefix && { clusterPrefix }), targetGroupArn: group(String(i).repeat(16).slice(0, 16)) },
      ]),
    ),
  );
const valid: fc.Arbitrary<DaskDashboardsProps> = fc.record(
  {
    name: fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/),
    cluster: fc.constant({
      clusterArn: "arn:aws:ecs:us-east-1:111122223333:cluster/dask",
      clusterName: "dask",
    }),
    dashboards,
    tracing: fc.boolean(),
    logRetentionDays: fc.constantFrom(0, 7, 30),
    logKmsKeyArn: fc.uuid().map((id) => `arn:aws:kms:us-east-1:111122223333:key/${id}`),
    alarmTopicArns: fc.constant(["arn:aws:sns:us-east-1:111122223333:alerts"]),
  },
  { requiredKeys: ["name", "cluster", "dashboards"] },
) as fc.Arbitrary<DaskDashboardsProps>;
const breaks = fc.oneof(
  ...(
    [
      ["name", undefined, "", 5],
      ["cluster", undefined, "dask", { clusterArn: "x" }],
      ["dashboards", undefined, {}, [], "all"],
      ["dashboards.d0.targetGroupArn", undefined, "x", 5],
      ["dashboards.d0.clusterPrefix", "a b", "x".repeat(65), 5],
      ["tracing", "on"],
      ["logRetentionDays", 2],
      ["logKmsKeyArn", "alias/a"],
      ["alarmTopicArns", [], "alerts"],
      ["port", 8787],
    ] as [string, ...unknown[]][]
  ).map(([path, ...values]) => fc.constantFrom(...values).map((value) => ({ path, value }))),
);
const invalid: fc.Arbitrary<Wrong<DaskDashboardsProps>> = fc
  .tuple(valid, breaks)
  .map(([props, { path, value }]) => broken(props, path, value));

fuzz("test/dashboards", { valid, invalid }, (stack, props) => new DaskDashboards(stack, "dashboards", props), 0.5);
