import { describe, expect, it } from "vitest";
import { findBindings, installedModules } from "../../src/bindings";
import { cacheFolder, DerivedSchemas } from "../../src/cache";
import { BigNumber, UNKNOWN, type Value } from "../../src/msgpack-cty";
import type { Block } from "../../src/schema";
import { answerable, awsValues, limitsOf, matches } from "../../src/values/check";
import { ANY_CASE, ARGUMENTS, EXCEPTIONS } from "../../src/values/table";
import { configWith } from "../support/config-with";

const modules = installedModules();
const [bindings] = findBindings(modules, ["@cdktf/provider-aws"]);
if (!bindings) throw new Error("no bindings of AWS");
const schemas = new DerivedSchemas(bindings, cacheFolder(modules));

/** Kind, type and schema of a name in the table. */
function subject(name: string): { kind: "resource" | "data"; type: string; block: Block } {
  const [type = "", data] = name.split(".").reverse();
  const kind = data ? "data" : "resource";
  return { kind, type, block: schemas.block(kind, type) as Block };
}
function check(name: string, argument: string, value: Value) {
  const { kind, type, block } = subject(name);
  return awsValues(kind, type, configWith(block, argument.split("."), value), block);
}
const summaries = (...args: Parameters<typeof check>) => check(...args).map(({ summary }) => summary);

/** For each pattern that is checked, by one that it stands for: a text that AWS takes and one that it refuses. */
const TEXTS: Record<string, [good: string, bad: string]> = {
  "cfn:AWS::AutoScaling::AutoScalingGroup.HealthCheckType": ["ELB", "ALB"],
  "cfn:AWS::S3::Bucket.BucketName": ["ml-state.1", "ML-state"],
  "elbv2:CreateListener.DefaultActions.FixedResponseConfig.StatusCode": ["404", "302"],
  "elbv2:CreateListener.DefaultActions.RedirectConfig.Protocol": ["#{protocol}", "TCP"],
  "acm:RequestCertificate.DomainName": ["*.example.com", "example .com"],
  "application-autoscaling:PutScalingPolicy.PolicyName": ["cpu at 60 %", "cpü"],
  "cloudwatch:PutMetricAlarm.Namespace": ["AWS/EC2", ":AWS"],
  "codebuild:CreateProject.name": ["build-1", "-build"],
  "dlm:CreateLifecyclePolicy.Description": ["Daily snapshots", "Daily snapshots!"],
  "dlm:CreateLifecyclePolicy.ExecutionRoleArn": ["arn:aws:iam::123456789012:role/dlm", "arn:aws:iam:role/dlm"],
  "dlm:CreateLifecyclePolicy.PolicyDetails.Schedules.CreateRule.CronExpression": [
    "cron(0 3 * * ? *)",
    "rate(every 3 hours)",
  ],
  "dlm:CreateLifecyclePolicy.PolicyDetails.Schedules.CreateRule.Times": ["03:00", "24:00"],
  "dlm:CreateLifecyclePolicy.PolicyDetails.Schedules.ShareRules.TargetAccounts": ["123456789012", "12345678901x"],
  "ecr:CreatePullThroughCacheRule.credentialArn": [
    "arn:aws:secretsmanager:us-east-1:123456789012:secret:ecr-pullthroughcache/hub",
    "arn:aws:secretsmanager:us-east-1:123456789012:secret:hub-pullthroughcache",
  ],
  "ecr:CreatePullThroughCacheRule.ecrRepositoryPrefix": ["docker-hub", "Docker-Hub"],
  "ecr:CreateRepository.repositoryName": ["ml/worker", "ml//worker"],
  "efs:CreateAccessPoint.FileSystemId": ["fs-0123456789abcdef0", "fs-xyz"],
  "efs:CreateAccessPoint.RootDirectory.CreationInfo.Permissions": ["0755", "0788"],
  "efs:CreateAccessPoint.RootDirectory.Path": ["/data/models", "data/models"],
  "efs:CreateFileSystem.CreationToken": ["token", "\n"],
  "efs:CreateFileSystem.KmsKeyId": ["alias/efs", "efs"],
  "efs:CreateMountTarget.IpAddress": ["10.0.0.10", "10.0.0.x"],
  "efs:CreateMountTarget.SecurityGroups": ["sg-0123456789abcdef0", "sg-0123456789abcdefg"],
  "efs:CreateMountTarget.SubnetId": ["subnet-0123456789abcdef0", "sub-0123456789abcdef0"],
  "eks:CreateAddon.clusterName": ["prod_1", "prod 1"],
  "firehose:CreateDeliveryStream.DeliveryStreamName": ["log.archive", "log archive"],
  "firehose:CreateDeliveryStream.ExtendedS3DestinationConfiguration.BucketARN": [
    "arn:aws:s3:::logs",
    "arn:aws:s3::logs",
  ],
  "firehose:CreateDeliveryStream.ExtendedS3DestinationConfiguration.RoleARN": [
    "arn:aws:iam::123456789012:role/firehose",
    "arn:aws:iam::12345:role/firehose",
  ],
  "iam:CreateInstanceProfile.InstanceProfileName": ["ml+box,1@dev", "ml box"],
  "iam:CreateInstanceProfile.Path": ["/ml/", "/ml"],
  "iam:CreateRole.Description": ["Runs the büild", "\u2014"],
  "kms:CreateAlias.AliasName": ["alias/state", "alias/the state"],
  "logs:CreateLogGroup.logGroupName": ["/aws/eks/prod#1", "/aws/eks prod"],
  "logs:CreateLogStream.logStreamName": ["host/1", "host:1"],
  "scheduler:CreateSchedule.GroupName": ["stop-at_night.1", "stop at night"],
  "scheduler:CreateSchedule.Target.DeadLetterConfig.Arn": [
    "arn:aws:sqs:us-east-1:123456789012:failed",
    "arn:aws:sns:us-east-1:123456789012:failed",
  ],
  "scheduler:CreateSchedule.Target.RoleArn": [
    "arn:aws:iam::123456789012:role/stop",
    "arn:aws:iam::123456789012:user/stop",
  ],
  "secretsmanager:CreateSecret.AddReplicaRegions.Region": ["eu-west-1", "Ireland"],
  "servicediscovery:CreatePrivateDnsNamespace.Name": ["fossa.internal", "arn:fossa"],
  "servicediscovery:CreateService.Name": ["worker", "-worker-"],
  "ssm:CreateMaintenanceWindow.Name": ["patch-sunday", "patch sunday"],
  "ssm:RegisterTargetWithMaintenanceWindow.Targets.Key": ["tag:Name", "tag*Name"],
  "ssm:RegisterTargetWithMaintenanceWindow.WindowId": ["mw-0123456789abcdef0", "mx-0123456789abcdef0"],
  "ssm:RegisterTaskWithMaintenanceWindow.MaxConcurrency": ["50%", "0%"],
  "ssm:RegisterTaskWithMaintenanceWindow.MaxErrors": ["0", "101%"],
};
const texts = new Map(Object.entries(TEXTS).map(([reference, pair]) => [limitsOf(reference).pattern, pair]));

/** Values on both sides of every line that a model draws. */
function sides(reference: string): { good: (string | number)[]; bad: (string | number)[] } {
  const { type, oneOf, pattern, min, max } = limitsOf(reference);
  if (oneOf)
    return { good: oneOf, bad: [type === "number" ? -1 : "no-such-word", type === "number" ? 1e6 : `${oneOf[0]}x`] };
  const known = (values: (number | undefined)[]) => values.filter((value) => value !== undefined);
  const [below, above] = [min !== undefined ? min - 1 : undefined, max !== undefined ? max + 1 : undefined];
  if (type === "number") return { good: known([min, max]), bad: known([below, above]) };
  const long = (lengths: (number | undefined)[]) =>
    known(lengths)
      .map((length) => "a".repeat(length))
      .filter(Boolean);
  const [good, bad] = (pattern !== undefined && texts.get(pattern)) || [];
  const atBounds = long([min, max]).filter((text) => pattern === undefined || new RegExp(`^(${pattern})$`).test(text));
  return {
    good: good === undefined ? long([min, max]) : [good, ...(pattern?.includes("\\p{") ? [] : atBounds)],
    bad: [...long([below, above]), ...(bad === undefined ? [] : [bad])],
  };
}

const rows = Object.entries(ARGUMENTS).flatMap(([name, own]) =>
  Object.entries(own).map(([argument, reference]) => [`${name}.${argument}`, { name, argument, reference }] as const),
);

describe("a value of every row of the table", () => {
  it("has an accepted and a rejected text for every pattern", () => {
    const patterns = new Set(rows.map(([, { reference }]) => limitsOf(reference).pattern).filter(Boolean));
    expect(new Set(texts.keys())).toEqual(patterns);
  });
  it.each(rows)("%s", (path, { name, argument, reference }) => {
    const { good, bad } = sides(reference);
    const also = EXCEPTIONS[path]?.values ?? [];
    const any = ANY_CASE.has(path)
      ? good.flatMap((word) => [String(word).toLowerCase(), String(word).toUpperCase()])
      : [];
    for (const value of [...good, ...also, ...any]) expect(check(name, argument, value), String(value)).toEqual([]);
    const refused = bad.filter((value) => !also.includes(value));
    for (const value of refused) {
      const [found, ...more] = check(name, argument, value);
      expect(more).toEqual([]);
      expect(found, String(value)).toMatchObject({ summary: expect.stringContaining(`got ${value}`) });
      expect(found?.detail).toContain(reference);
    }
    expect(good.length).toBeGreaterThan(0);
    expect(bad.length).toBeGreaterThan(0);
    for (const nothing of [null, UNKNOWN, ""]) {
      if (limitsOf(reference).type === "string" || nothing !== "") expect(check(name, argument, nothing)).toEqual([]);
    }
  });
});

describe("an error", () => {
  it.each<[string, string, string | number, string]>([
    [
      "aws_eks_node_group",
      "capacity_type",
      "SPOTS",
      'expected capacity_type to be one of ["ON_DEMAND" "SPOT" "CAPACITY_BLOCK"], got SPOTS',
    ],
    [
      "aws_ebs_volume",
      "type",
      "gp4",
      'expected type to be one of ["standard" "io1" "io2" "gp2" "sc1" "st1" "gp3"], got gp4',
    ],
    [
      "aws_ecs_task_definition",
      "runtime_platform.cpu_architecture",
      "arm64",
      'expected cpu_architecture to be one of ["X86_64" "ARM64"], got arm64',
    ],
    [
      "aws_iam_role",
      "max_session_duration",
      60,
      "expected max_session_duration to be in the range (3600 - 43200), got 60",
    ],
    ["aws_cloudwatch_metric_alarm", "evaluation_periods", 0, "expected evaluation_periods to be at least (1), got 0"],
    ["aws_db_instance", "backup_retention_period", 36, "expected backup_retention_period to be at most (35), got 36"],
    ["aws_codebuild_project", "name", "a", "expected length of name to be in the range (2 - 150), got a"],
    [
      "aws_efs_access_point",
      "root_directory.creation_info.permissions",
      "0999",
      "invalid value for permissions (must match ^[0-7]{3,4}$), got 0999",
    ],
    [
      "aws_lb_listener",
      "protocol",
      "FTP",
      'expected protocol to be one of ["HTTP" "HTTPS" "TCP" "TLS" "UDP" "TCP_UDP" "GENEVE" "QUIC" "TCP_QUIC"], got FTP',
    ],
  ])("about %s %s says what is expected", (name, argument, value, summary) => {
    expect(summaries(name, argument, value)).toEqual([summary]);
  });
  it("names the nearest of hundreds of words", () => {
    const [summary = ""] = summaries("aws_instance", "instance_type", "m5.xlage");
    expect(summary).toMatch(
      /^expected instance_type to be one of \["m5\.xlarge" .* and \d{3,4} more\], got m5\.xlage$/,
    );
    expect(summary.match(/"/g)).toHaveLength(10);
  });
  it("suggests the engine of a database", () => {
    expect(summaries("aws_db_instance", "engine", "postgres")).toEqual([]);
    expect(summaries("aws_db_instance", "engine", "postgresql")[0]).toContain('"postgres"');
  });
  it("names its source", () => {
    const [found] = check("aws_eks_node_group", "capacity_type", "SPOTS");
    expect(found).toMatchObject({
      path: ["capacity_type"],
      detail: expect.stringMatching(/^AWS: eks:CreateNodegroup\.capacityType, by botocore \d+\.\d+\.\d+\.$/),
    });
    const [days] = check("aws_cloudwatch_log_group", "retention_in_days", 4);
    expect(days?.detail).toMatch(/^AWS: cfn:AWS::Logs::LogGroup\.RetentionInDays, by cfn-lint \d+\.\d+\.\d+\.$/);
  });
  it("has the path of the argument in a list of blocks, and of the list's element", () => {
    expect(check("aws_eks_node_group", "scaling_config.max_size", 0)[0]?.path).toEqual([
      "scaling_config",
      0,
      "max_size",
    ]);
    expect(check("aws_codebuild_project", "cache.modes", "LOCAL")[0]?.path).toEqual(["cache", 0, "modes", 0]);
  });
  it("has a path that ends at a set", () => {
    expect(check("aws_eks_node_group", "taint.effect", "NoSchedule")[0]).toMatchObject({
      path: ["taint"],
      detail: expect.stringMatching(/^In aws_eks_node_group\.taint\.effect\. AWS: eks:/),
    });
    expect(check("aws_ecs_task_definition", "requires_compatibilities", "LAMBDA")[0]?.path).toEqual([
      "requires_compatibilities",
    ]);
  });
  it("counts code points, not UTF-16 units", () => {
    expect(check("aws_kms_key", "description", "\u{1F512}".repeat(8192))).toEqual([]);
    expect(check("aws_kms_key", "description", "\u{1F512}".repeat(8193))).toHaveLength(1);
  });
  it("handles numbers beyond a double", () => {
    expect(summaries("aws_lb_listener", "port", new BigNumber("443.00000000000000000001"))).toEqual([]);
    expect(summaries("aws_lb_listener", "port", new BigNumber("90071992547409931"))[0]).toContain("(1 - 65535)");
  });
  it("is reported once per wrong value", () => {
    const { block } = subject("aws_eks_cluster");
    const config = { ...configWith(block, [], null), enabled_cluster_log_types: ["api", "apis", UNKNOWN, "audits"] };
    expect(
      awsValues("resource", "aws_eks_cluster", config, block).map(({ summary }) => summary.split("got ")[1]),
    ).toEqual(["apis", "audits"]);
  });
  it("is not reported for other kinds and types, nor for an unknown block", () => {
    const { block } = subject("aws_eks_node_group");
    const config = configWith(block, ["capacity_type"], "SPOTS");
    expect(awsValues("resource", "aws_eks_nodes", config, block)).toEqual([]);
    expect(awsValues("data", "aws_eks_node_group", config, block)).toEqual([]);
    expect(awsValues("ephemeral", "aws_eks_node_group", config, block)).toEqual([]);
    expect(
      awsValues("resource", "aws_eks_node_group", { ...config, capacity_type: null, scaling_config: UNKNOWN }, block),
    ).toEqual([]);
  });
});

describe("an argument that is not set", () => {
  it.each<[string, string, string | number, string | number]>([
    ["aws_eks_node_group", "capacity_type", "capacity-type-1f", "ON_DEMAND"],
    ["aws_eks_node_group", "capacity_type", "SPOT", "SPOT"],
    ["aws_eks_node_group", "version", "1", "1"],
    ["aws_iam_role", "max_session_duration", 1, 3600],
    ["aws_iam_role", "max_session_duration", 7200, 7200],
    ["aws_lb_listener", "port", 70_000, 65_535],
    ["aws_vpc", "instance_tenancy", "instance-tenancy-1f", "default"],
  ])("%s.%s: for %s AWS could answer %s", (type, argument, simulated, answer) => {
    expect(answerable(type, argument.split("."), simulated)).toBe(answer);
  });
});

describe("a pattern", () => {
  it.each([
    ["[a-z]+", "abc", true],
    ["[a-z]+", "abc!", false],
    ["a|b", "b", true],
    ["a|b", "ab", false],
    ["^ab$|cd", "cd", true],
    ["\\p{L}+", "ä", true],
    ["\\p{L}+", "1", false],
    ["\\p{Print}+", "a b", true],
    ["\\p{Print}+", "a\tb", false],
    ["[\\s\\S]+", "a\nb", true],
  ])("%s must match the whole of %s", (pattern, text, match) => {
    expect(matches(pattern, text)).toBe(match);
  });
});
