import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { EcsCluster as AwsEcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { EcsClusterCapacityProviders } from "@cdktf/provider-aws/lib/ecs-cluster-capacity-providers";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { TerraformOutput } from "cdktf";
import { expect, it } from "vitest";
import { EcsCluster, type EcsClusterProps } from "../../../../modules/aws/ecs/ecs-cluster";
import { FargateService } from "../../../../modules/aws/ecs/fargate-service";
import { rejects } from "../../../support/bad-input";
import { refTo, synth } from "../../../support/synth";
import { containerOf, KEY, MINIMAL } from "./fargate-service.fixture";

const build = (props: Partial<EcsClusterProps> = {}) =>
  synth((stack) => new EcsCluster(stack, "cluster", { name: "dev-fossa", ...props }));

it("is one cluster without Container Insights, and with nothing else that was not asked for", () => {
  expect(build().one(AwsEcsCluster)).toEqual({
    name: "dev-fossa",
    setting: [{ name: "containerInsights", value: "disabled" }],
  });
});
it.each(["disabled", "enabled", "enhanced"] as const)("has Container Insights %s where asked", (containerInsights) => {
  expect(build({ containerInsights }).one(AwsEcsCluster).setting).toEqual([
    { name: "containerInsights", value: containerInsights },
  ]);
});
it("has the disks of its tasks under a key, where one is given, beside sessions in the log", () => {
  const managed_storage_configuration = { fargate_ephemeral_storage_kms_key_id: KEY };
  expect(build({ diskKmsKeyArn: KEY }).one(AwsEcsCluster).configuration).toEqual({ managed_storage_configuration });
  expect(build({ diskKmsKeyArn: KEY, logSessions: true }).one(AwsEcsCluster).configuration).toEqual({
    managed_storage_configuration,
    execute_command_configuration: expect.objectContaining({ logging: "OVERRIDE" }),
  });
});
it("knows Fargate and Fargate Spot", () => {
  expect(build().one(EcsClusterCapacityProviders)).toEqual({
    cluster_name: refTo(AwsEcsCluster, "name"),
    capacity_providers: ["FARGATE", "FARGATE_SPOT"],
  });
});
it("has one log group, which keeps a week", () => {
  expect(build().one(CloudwatchLogGroup)).toEqual({ name: "/ecs/dev-fossa", retention_in_days: 7 });
});
it.each([1, 7, 3653] as const)("keeps logs for %i days where asked, under a key of the user's", (logRetentionDays) => {
  const group = build({ logRetentionDays, logKmsKeyArn: KEY }).one(CloudwatchLogGroup);
  expect(group).toMatchObject({ retention_in_days: logRetentionDays, kms_key_id: KEY });
});
it.each([
  [{}, {}],
  [{ logKmsKeyArn: KEY }, { cloud_watch_encryption_enabled: true }],
])("writes sessions to its log group where asked (%j)", (props, expected) => {
  expect(build({ logSessions: true, ...props }).one(AwsEcsCluster).configuration).toEqual({
    execute_command_configuration: {
      logging: "OVERRIDE",
      log_configuration: { cloud_watch_log_group_name: refTo(CloudwatchLogGroup, "name"), ...expected },
    },
  });
});
it("tells its names and ARNs by reference", () => {
  const { outputs } = synth((stack) => {
    for (const logSessions of [true, false]) {
      const cluster = new EcsCluster(stack, `cluster-${logSessions}`, { name: `c-${logSessions}`, logSessions });
      for (const key of ["clusterName", "clusterArn", "logGroupName", "logGroupArn", "containerInsights"] as const) {
        new TerraformOutput(stack, `${key}-${logSessions}`, { value: cluster[key], staticId: true });
      }
      const { sessionLogGroupArn = "none" } = cluster;
      new TerraformOutput(stack, `session-${logSessions}`, { value: sessionLogGroupArn, staticId: true });
    }
  });
  expect(outputs).toMatchObject({
    "clusterName-true": { value: refTo(AwsEcsCluster, "name") },
    "clusterArn-true": { value: refTo(AwsEcsCluster, "arn") },
    "logGroupName-true": { value: refTo(CloudwatchLogGroup, "name") },
    "logGroupArn-true": { value: refTo(CloudwatchLogGroup, "arn") },
    "containerInsights-true": { value: "disabled" },
    "session-true": { value: refTo(CloudwatchLogGroup, "arn") },
    "session-false": { value: "none" },
  });
});
it("takes a service, which waits for its capacity providers and writes to its log group", () => {
  const stack = synth((scope) => {
    const cluster = new EcsCluster(scope, "cluster", { name: "dev-fossa" });
    new FargateService(scope, "service", { ...MINIMAL, cluster });
  });
  const service = stack.one(EcsService);
  expect(service.cluster).toEqual(refTo(AwsEcsCluster, "arn"));
  expect(service.depends_on).toContainEqual(expect.stringMatching(/^aws_ecs_cluster_capacity_providers\./));
  expect(containerOf(stack).logConfiguration.options["awslogs-group"]).toEqual(refTo(CloudwatchLogGroup, "name"));
});
it.each(["d", "Dev_Fossa-1", "x".repeat(255)])("accepts the name %s", (name) => {
  expect(build({ name }).one(AwsEcsCluster).name).toBe(name);
});

rejects<unknown>(
  "test/cluster",
  (
    [
      ["name", { name: undefined }, "is required"],
      ["name", { name: "" }, "a letter first", '""'],
      ["name", { name: "1dev" }, "a letter first", '"1dev"'],
      ["name", { name: "dev fossa" }, "letters, digits, hyphens and underscores"],
      ["name", { name: "x".repeat(256) }, "at most 255", "got 256"],
      ["containerInsights", { containerInsights: "on" }, "one of disabled, enabled, enhanced", '"on"'],
      ["containerInsights", { containerInsights: true }, "got true"],
      ["logRetentionDays", { logRetentionDays: 2 }, "one of 0, 1, 3, 5, 7", "got 2"],
      ["logRetentionDays", { logRetentionDays: 8 }, "got 8"],
      ["logRetentionDays", { logRetentionDays: 3654 }, "got 3654"],
      ["logKmsKeyArn", { logKmsKeyArn: "alias/logs" }, "ARN of a KMS key", '"alias/logs"'],
      ["logSessions", { logSessions: "yes" }, "of type boolean", '"yes"'],
      ["retention", { retention: 7 }, "unknown key"],
    ] as [string, object, ...string[]][]
  ).map(([key, props, ...words]) => [key, { name: "dev-fossa", ...props }, ...words]),
  (stack, props) => new EcsCluster(stack, "cluster", props as EcsClusterProps),
);
