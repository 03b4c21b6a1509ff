import fc from "fast-check";
import { DefinitionSweeper, type DefinitionSweeperProps } from "../../../../modules/aws/ecs/definition-sweeper";
import { broken, fuzz, type Wrong } from "../../../support/fuzz";

const part = fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/);
const cluster = part.map((clusterName) => ({
  clusterName,
  clusterArn: `arn:aws:ecs:us-east-1:111122223333:cluster/${clusterName}`,
}));
const valid: fc.Arbitrary<DefinitionSweeperProps> = fc.record(
  {
    name: fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/),
    familyPrefix: part,
    groupSuffixes: fc.uniqueArray(part, { maxLength: 3 }),
    tags: fc.dictionary(fc.stringMatching(/^t[a-z0-9]{1,20}$/), part, { maxKeys: 4 }),
    keepNewest: fc.integer({ min: 0, max: 100 }),
    clusters: fc.dictionary(part, cluster, { minKeys: 1, maxKeys: 20 }),
    hours: fc.integer({ min: 1, max: 8760 }),
    schedule: fc.constantFrom("17 3 * * *", "0 0 * * MON-FRI"),
    tracing: fc.boolean(),
    logRetentionDays: fc.constantFrom(0, 7, 30),
    logKmsKeyArn: fc.uuid().map((id) => `arn:aws:kms:us-east-1:111122223333:key/${id}`),
    alarmTopicArns: fc.constant(["arn:aws:sns:us-east-1:111122223333:alerts"]),
  },
  { requiredKeys: ["name", "familyPrefix", "clusters"] },
) as fc.Arbitrary<DefinitionSweeperProps>;
const breaks = fc.oneof(
  ...(
    [
      ["name", undefined, "", 5],
      ["familyPrefix", undefined, "", "a*", "x".repeat(201), 5],
      ["groupSuffixes", "-a", ["-a", "-a"]],
      ["tags", "a", []],
      ["keepNewest", -1, 101, 1.5, "1"],
      ["clusters", undefined, {}, "dask"],
      ["hours", 0, 8761, 1.5],
      ["schedule", "", "daily", "* * * * *"],
      ["tracing", "on"],
      ["logRetentionDays", 2],
      ["logKmsKeyArn", "alias/a"],
      ["alarmTopicArns", [], "alerts"],
      ["families", "x"],
    ] as [string, ...unknown[]][]
  ).map(([path, ...values]) => fc.constantFrom(...values).map((value) => ({ path, value }))),
);
const invalid: fc.Arbitrary<Wrong<DefinitionSweeperProps>> = fc
  .tuple(valid, breaks)
  .map(([props, { path, value }]) => broken(props, path, value));

fuzz("test/sweeper", { valid, invalid }, (stack, props) => new DefinitionSweeper(stack, "sweeper", props), 0.5);
