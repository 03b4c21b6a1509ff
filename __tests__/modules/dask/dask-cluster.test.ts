import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { EcsClusterCapacityProviders } from "@cdktf/provider-aws/lib/ecs-cluster-capacity-providers";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { expect, it } from "vitest";
import { DaskCluster, type DaskClusterProps } from "../../../modules/dask/dask-cluster";
import { Network } from "../../../modules/network/network";
import { type BadInput, rejects } from "../../support/bad-input";
import { refTo, synth } from "../../support/synth";
import { BUCKET, build, KEY, MINIMAL, NETWORK } from "./dask.fixture";

it("is an ECS cluster that knows Fargate and Fargate Spot and says whether it has Container Insights", () => {
  const stack = build();
  expect(stack.one(EcsCluster)).toMatchObject({
    name: "dev-dask",
    setting: [{ name: "containerInsights", value: "disabled" }],
  });
  expect(stack.one(EcsClusterCapacityProviders).capacity_providers).toEqual(["FARGATE", "FARGATE_SPOT"]);
  const enhanced = build({ containerInsights: "enhanced" }).one(EcsCluster);
  expect(enhanced.setting).toEqual([{ name: "containerInsights", value: "enhanced" }]);
});
it("keeps logs for a month, as long as asked, and under a key", () => {
  const logs = (props?: Partial<DaskClusterProps>) =>
    build(props)
      .all(CloudwatchLogGroup)
      .find(({ name }) => name === "/ecs/dev-dask");
  expect(logs()).toEqual({ name: "/ecs/dev-dask", retention_in_days: 30 });
  expect(logs({ logRetentionDays: 7, logKmsKeyArn: KEY })).toMatchObject({ retention_in_days: 7, kms_key_id: KEY });
});
it("hands disk key and logged sessions to the cluster", () => {
  const { configuration } = build({ diskKmsKeyArn: KEY, logSessions: true }).one(EcsCluster);
  expect(configuration).toMatchObject({
    managed_storage_configuration: { fargate_ephemeral_storage_kms_key_id: KEY },
    execute_command_configuration: { logging: "OVERRIDE" },
  });
});
it("stands on ids that exist already, and on a Network", () => {
  expect(build().outputs).toMatchObject({
    vpcId: { value: NETWORK.vpcId },
    subnetIds: { value: NETWORK.privateSubnetIds },
  });
  const { json } = synth((scope) => {
    const network = new Network(scope, "network", {
      name: "net",
      cidr: "10.0.0.0/16",
      azs: ["us-east-1a", "us-east-1b"],
    });
    new DaskCluster(scope, "dask", { name: "dev-dask", network });
  });
  expect(json).toContain("aws_subnet.network_private");
});
it("tells everything that a call of FargateCluster needs", () => {
  const { outputs } = build();
  expect(outputs).toMatchObject({
    clusterName: { value: refTo(EcsCluster, "name") },
    clusterArn: { value: refTo(EcsCluster, "arn") },
    executionRoleArn: { value: refTo(IamRole, "arn") },
    taskRoleArn: { value: refTo(IamRole, "arn") },
    taskRoleName: { value: refTo(IamRole, "name") },
    securityGroupId: { value: refTo(SecurityGroup, "id") },
    logGroupName: { value: refTo(CloudwatchLogGroup, "name") },
    logGroupArn: { value: refTo(CloudwatchLogGroup, "arn") },
    clientPolicyArn: { value: refTo(IamPolicy, "arn") },
    image: { value: "ghcr.io/dask/dask:2026.3.0" },
    configUri: { value: "none" },
  });
  expect(outputs.executionRoleArn.value).not.toBe(outputs.taskRoleArn.value);
});
it("gives nothing the tag by which dask-cloudprovider finds what it may delete", () => {
  const { parsed } = build({ filesBucket: BUCKET, tags: { Team: "data" } });
  expect(JSON.stringify(parsed.resource)).not.toContain("dask-cloudprovider");
  expect(JSON.stringify(parsed.resource)).not.toContain("createdBy");
});
it("admits a client from another place by a rule there", () => {
  const stack = build({}, (scope, cluster) => cluster.admit(scope, "flows", { securityGroupId: "sg-0flows" }));
  expect(stack.all(VpcSecurityGroupIngressRule)).toContainEqual({
    security_group_id: refTo(SecurityGroup, "id"),
    description: "Dask client flows",
    referenced_security_group_id: "sg-0flows",
    ip_protocol: "tcp",
    from_port: 8786,
    to_port: 8787,
  });
});
it("writes configuration and helper where flow images read them, and lets clients do so", () => {
  const stack = build({ filesBucket: { ...BUCKET, kmsKeyArn: KEY } });
  expect(stack.all(S3Object).map(({ key }) => key)).toEqual([
    "dask/dev-dask/dask.yaml",
    "dask/dev-dask/ml_infra_dask.py",
  ]);
  const { Statement } = JSON.parse(stack.one(IamPolicy).policy);
  expect(Statement).toContainEqual({
    Sid: "KeyOfConfiguration",
    Effect: "Allow",
    Action: "kms:Decrypt",
    Resource: KEY,
  });
  expect(build().all(S3Object)).toEqual([]);
});
it("sweeps what its clients leave behind, each night and a day old, unless told otherwise", () => {
  const stack = build();
  expect(JSON.parse(stack.one(LambdaFunction).environment.variables.SWEEP)).toEqual({
    prefix: "dask-",
    groupSuffixes: ["-scheduler", "-worker"],
    keepNewest: 0,
    hours: 24,
    tags: { DaskCluster: "dev-dask" },
    clusters: [refTo(EcsCluster, "arn")],
  });
  expect(stack.one(LambdaFunction).function_name).toBe("dev-dask-sweeper");
  expect(stack.one(CloudwatchEventRule).schedule_expression).toBe("cron(17 3 * * ? *)");
  const other = build({ sweeper: { hours: 48, schedule: "0 5 * * SUN" }, logKmsKeyArn: KEY });
  expect(JSON.parse(other.one(LambdaFunction).environment.variables.SWEEP).hours).toBe(48);
  expect(other.one(CloudwatchEventRule).schedule_expression).toBe("cron(0 5 ? * SUN *)");
  for (const { kms_key_id } of other.all(CloudwatchLogGroup)) expect(kms_key_id).toBe(KEY);
});
it("has no sweeper where asked", () => {
  const { parsed } = build({ sweeper: false });
  expect(JSON.stringify(parsed.resource)).not.toMatch(/lambda|sqs|event/);
});
it("takes an image of ECR where the network reaches nothing else", () => {
  const privateReach = ["ecr.api", "ecr.dkr", "logs", "s3"];
  const image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/dask:1";
  expect(build({ network: { ...NETWORK, privateReach }, image }).outputs.image.value).toBe(image);
});

const rows: BadInput<Record<string, unknown>>[] = [
  ["name", { name: "" }, "a letter first"],
  ["name", { name: "dev_dask" }, "letters, digits and hyphens", '"dev_dask"'],
  ["name", { name: "x".repeat(41) }, "at most 40", "41"],
  ["network", { network: undefined }, "a Network", "got nothing"],
  ["network", { network: { vpcId: "vpc-1" } }, "vpcId, privateSubnetIds"],
  [
    "network",
    {
      network: { ...NETWORK, privateReach: ["s3", "logs"] },
      image: "111122223333.dkr.ecr.us-east-1.amazonaws.com/a:1",
    },
    "ecr.api, ecr.dkr",
    "add NAT",
  ],
  [
    "image",
    { network: { ...NETWORK, privateReach: ["ecr.api", "ecr.dkr", "logs", "s3"] } },
    "must be in ECR",
    "ghcr.io/dask/dask:2026.3.0",
  ],
  ["image", { image: "ghcr.io/dask/dask:2026.6.0" }, "before 2026.6.0", "got ghcr.io/dask/dask:2026.6.0"],
  ["image", { image: "ghcr.io/dask/dask:latest" }, "latest moves"],
  ["allowedFrom.VPN", { allowedFrom: { VPN: { securityGroupId: "sg-1" } } }, "lower-case letters"],
  ["allowedFrom.vpn", { allowedFrom: { vpn: "sg-1" } }, "securityGroupId", '"sg-1"'],
  ["buckets.out.bucketArn", { buckets: { out: { bucketArn: "out" } } }, "the ARN of a bucket", '"out"'],
  ["buckets.out.access", { buckets: { out: { ...BUCKET, access: "all" } } }, "one of read, read-write"],
  ["filesBucket", { filesBucket: "files" }, "bucketName, bucketArn"],
  ["workers.memory", { workers: { cpu: 256, memory: 512 } }, "multiple of 1024", "got 512"],
  ["workers.memory", { workers: { cpu: 512, memory: 8192 } }, "1024, 2048, 3072, 4096", "got 8192"],
  ["workers.cpu", { workers: { cpu: 1000 } }, "one of 256, 512", "got 1000"],
  ["workers.count", { workers: { count: -1 } }, "at least 0"],
  ["workers.threads", { workers: { threads: 0 } }, "at least 1"],
  ["scheduler.memory", { scheduler: { cpu: 1024, memory: 1024 } }, "2048 to 8192", "got 1024"],
  ["scheduler.idleMinutes", { scheduler: { idleMinutes: 0 } }, "at least 1"],
  ["environment.AWS_SECRET_ACCESS_KEY", { environment: { AWS_SECRET_ACCESS_KEY: "x" } }, "Secrets Manager"],
  ["tags.createdBy", { tags: { createdBy: "me" } }, "another key", "got me"],
  ["sweeper", { sweeper: true }, "must be false or an object"],
  ["sweeper.hours", { sweeper: { hours: 0 } }, "at least 1", "got 0"],
  ["sweeper.schedule", { sweeper: { schedule: "* * * * *" } }, "must give the minute"],
  ["clientCleanup", { clientCleanup: "yes" }, "of type boolean"],
  ["containerInsights", { containerInsights: "on" }, "one of disabled, enabled, enhanced"],
  ["logRetentionDays", { logRetentionDays: 2 }, "got 2"],
  ["spot", { spot: true }, "unknown key"],
];
rejects(
  "test/dask",
  rows,
  (scope, props) => new DaskCluster(scope, "dask", { ...MINIMAL, ...props } as DaskClusterProps),
);
