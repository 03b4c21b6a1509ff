import fc from "fast-check";
import { EcsCluster, type EcsClusterProps } from "../../../../modules/aws/ecs/ecs-cluster";
import { fuzz, type Wrong } from "../../../support/fuzz";

const valid: fc.Arbitrary<EcsClusterProps> = fc.record(
  {
    name: fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,254}$/),
    containerInsights: fc.constantFrom("disabled", "enabled", "enhanced"),
    logRetentionDays: fc.constantFrom(1, 3, 5, 7, 14, 30, 365, 3653),
    logKmsKeyArn: fc.uuid().map((key) => `arn:aws:kms:eu-west-2:111122223333:key/${key}`),
    diskKmsKeyArn: fc.uuid().map((key) => `arn:aws:kms:eu-west-2:111122223333:key/${key}`),
    logSessions: fc.boolean(),
  },
  { requiredKeys: ["name"] },
);
const bad = (key: string, ...values: unknown[]) =>
  fc.constantFrom(...values).map((value) => ({ key, set: { [key]: value } }));
const breaks = fc.oneof(
  bad("name", undefined, null, "", "-a", "_a", "a b", "é", "x".repeat(256), 5, {}),
  bad("containerInsights", "", "ENABLED", true, null, 1),
  bad("logRetentionDays", 4, -1, 2, 3654, "7", Number.NaN, null),
  bad("logKmsKeyArn", "", "alias/a", 5, {}),
  bad("diskKmsKeyArn", "", "alias/a", 5, {}),
  bad("logSessions", "yes", 1, null),
  bad("fargate", true),
);
const invalid: fc.Arbitrary<Wrong<EcsClusterProps>> = fc
  .tuple(valid, breaks)
  .map(([props, { key, set }]) => ({ key, props: { ...props, ...set } as EcsClusterProps }));

fuzz("test/cluster", { valid, invalid }, (stack, props) => new EcsCluster(stack, "cluster", props));
