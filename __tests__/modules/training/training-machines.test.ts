import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { AutoscalingLifecycleHook } from "@cdktf/provider-aws/lib/autoscaling-lifecycle-hook";
import { AutoscalingPolicy } from "@cdktf/provider-aws/lib/autoscaling-policy";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { EfsAccessPoint } from "@cdktf/provider-aws/lib/efs-access-point";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import { describe, expect, it } from "vitest";
import { SingleTable } from "../../../modules/aws/dynamodb/single-table";
import { JobQueues } from "../../../modules/training/job-queues";
import { Registry } from "../../../modules/training/registry";
import { TrainingMachines, type TrainingMachinesProps } from "../../../modules/training/training-machines";
import { rejects } from "../../support/bad-input";
import { type Json, refTo, synth } from "../../support/synth";
import { filesIn } from "./training.fixture";

type Scope = Parameters<Parameters<typeof synth>[0]>[0];
type Given = Partial<TrainingMachinesProps>;
const make = (stack: Scope, props: Given = {}) =>
  new TrainingMachines(stack, "machines", {
    name: "dev-training",
    environment: "dev",
    region: "us-east-1",
    subnetIds: ["subnet-a", "subnet-b"],
    securityGroupId: "sg-1",
    files: filesIn(stack),
    queues: new JobQueues(stack, "queues", { name: "dev-training" }),
    registry: new Registry(stack, "registry", { table: new SingleTable(stack, "table", { name: "dev-training" }) }),
    topicArn: "arn:aws:sns:us-east-1:111122223333:interruptions",
    pythonVersion: "3.12",
    packages: ["ml-training"],
    trainer: ["python", "-m", "trainer"],
    ...props,
  });
const build = (props: Given = {}) => synth((stack) => make(stack, props));
const scriptOf = (made: ReturnType<typeof build>): string =>
  Object.values(made.parsed.locals as object).find(
    (text) => typeof text === "string" && text.startsWith("#!/bin/bash"),
  );

describe("the group", () => {
  const made = build();
  it("is empty until a job waits, and all spot, over four types in private subnets", () => {
    const group = made.one(AutoscalingGroup);
    expect(group).toMatchObject({
      name: "dev-training",
      min_size: 0,
      max_size: 4,
      capacity_rebalance: true,
      vpc_zone_identifier: ["subnet-a", "subnet-b"],
      default_instance_warmup: 300,
    });
    expect(group.mixed_instances_policy.instances_distribution).toMatchObject({
      on_demand_base_capacity: 0,
      on_demand_percentage_above_base_capacity: 0,
      spot_allocation_strategy: "price-capacity-optimized",
    });
    expect(group.mixed_instances_policy.launch_template.override).toEqual(
      ["g4dn.xlarge", "g5.xlarge", "g6.xlarge", "g6e.xlarge"].map((instance_type) => ({ instance_type })),
    );
  });
  it("follows all four queues, one job for each machine", () => {
    const dimensions = made
      .all(CloudwatchMetricAlarm)
      .flatMap(({ metric_query }) => metric_query.flatMap(({ metric }: Json) => metric?.dimensions.QueueName ?? []));
    expect(new Set(dimensions).size).toBe(4);
    for (const name of dimensions) expect(name).toEqual(refTo(SqsQueue, "name"));
    const [tracking] = made.all(AutoscalingPolicy).filter(({ policy_type }) => policy_type === "TargetTrackingScaling");
    expect(tracking.target_tracking_configuration.target_value).toBe(1);
  });
  it("gives a machine two minutes before it ends it", () => {
    expect(made.one(AutoscalingLifecycleHook).heartbeat_timeout).toBe(120);
  });
  it("starts from the newest image with NVIDIA's driver", () => {
    const parameter = "/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-amazon-linux-2023/latest/ami-id";
    expect(made.one(LaunchTemplate)).toMatchObject({
      image_id: `resolve:ssm:${parameter}`,
      metadata_options: { http_tokens: "required", http_put_response_hop_limit: 1 },
      network_interfaces: [{ associate_public_ip_address: "false", security_groups: ["sg-1"] }],
    });
    expect(made.one(LaunchTemplate)).not.toHaveProperty("key_name");
  });
  it("is waited for by no machine without its rights", () => {
    expect(made.one(AutoscalingGroup).depends_on).toHaveLength(6);
  });
});

describe("the settings of the runtime", () => {
  const made = build();
  const shared = {
    environment: "dev",
    region: "us-east-1",
    autoScalingGroup: "dev-training",
    topicArn: "arn:aws:sns:us-east-1:111122223333:interruptions",
    ttlHours: 2,
    leaseSeconds: 120,
    visibilitySeconds: 1800,
    maxReceives: 5,
    logGroup: refTo(CloudwatchLogGroup, "name"),
    deadLetterQueueUrl: refTo(SqsQueue, "url"),
  };

  it("stand in a parameter for the command, with the queues in polling order", () => {
    const parameter = made.one(SsmParameter);
    expect(parameter).toMatchObject({ name: "/dev/training/config", type: "String" });
    const config = JSON.parse(parameter.value);
    expect(config).toMatchObject(shared);
    expect(config.queues.map(({ priority }: Json) => priority)).toEqual(["critical", "high", "medium", "low"]);
    for (const key of ["trainer", "checkpoints", "training"]) expect(config).not.toHaveProperty(key);
  });
  it("stand in a file on machines, with the folders and the trainer", () => {
    const [, json = ""] = /put \/etc\/training\/config\.json 644 root <<'EOF'\n(.*)\nEOF/.exec(scriptOf(made)) ?? [];
    expect(JSON.parse(json)).toMatchObject({
      ...shared,
      trainer: ["python", "-m", "trainer"],
      checkpoints: "/mnt/checkpoints",
      training: "/mnt/training",
    });
  });
});

describe("the rights", () => {
  const made = build({ statements: [{ Action: "s3:GetObject", Resource: "arn:aws:s3:::data/*" }] });
  const statements: Json[] = made.all(IamRolePolicy).flatMap(({ policy }) => JSON.parse(policy).Statement);
  const byAction = (action: string) => statements.filter(({ Action }) => [Action].flat().includes(action));

  it("are Session Manager's and what the runtime calls", () => {
    expect(made.one(IamRolePolicyAttachment).policy_arn).toMatch(/AmazonSSMManagedInstanceCore$/);
    expect(
      made
        .all(IamRolePolicy)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["files", "group", "jobs", "logs", "metrics", "work"]);
    expect(byAction("s3:GetObject")).toHaveLength(1);
  });
  it("are to mount through the two access points, not as root", () => {
    const [mount] = byAction("elasticfilesystem:ClientWrite");
    expect(mount.Condition.ArnEquals["elasticfilesystem:AccessPointArn"]).toEqual([
      refTo(EfsAccessPoint, "arn"),
      refTo(EfsAccessPoint, "arn"),
    ]);
    expect(byAction("elasticfilesystem:ClientRootAccess")).toEqual([]);
  });
  it("are to protect machines of this group only", () => {
    expect(byAction("autoscaling:SetInstanceProtection")[0].Resource).toMatch(
      /^arn:aws:autoscaling:us-east-1:\$\{data\.aws_caller_identity\.[\w-]+\.account_id\}:autoScalingGroup:\*:autoScalingGroupName\/dev-training$/,
    );
  });
  it("are to publish metrics in its own namespace only", () => {
    expect(byAction("cloudwatch:PutMetricData")[0].Condition).toEqual({
      StringEquals: { "cloudwatch:namespace": "dev-training" },
    });
  });
  it("of people are to submit jobs and to read their output", () => {
    const own: Json[] = JSON.parse(made.one(IamPolicy).policy).Statement;
    expect(own[0]).toMatchObject({ Action: "ssm:GetParameter", Resource: refTo(SsmParameter, "arn") });
    const actions = own.flatMap(({ Action }) => Action);
    for (const action of ["logs:GetLogEvents", "sqs:SendMessage", "dynamodb:PutItem"])
      expect(actions).toContain(action);
    expect(actions).not.toContain("autoscaling:SetInstanceProtection");
  });
});

it("tells of a first boot that failed, where somebody is to hear of it", () => {
  const topic = "arn:aws:sns:us-east-1:111122223333:alerts";
  const named = (made: ReturnType<typeof build>) =>
    made.all(CloudwatchMetricAlarm).filter(({ metric_name }) => metric_name === "UserDataFailed");
  expect(named(build())).toEqual([]);
  expect(named(build({ alarmTopicArns: [topic] }))).toEqual([
    expect.objectContaining({ namespace: "dev-training", threshold: 0, alarm_actions: [topic], ok_actions: [topic] }),
  ]);
});
it("takes CPU machines of Graviton, with their image", () => {
  const made = build({ instanceTypes: ["c7g.xlarge", "c8g.xlarge"], rootVolumeSize: 20 });
  expect(made.one(LaunchTemplate).image_id).toMatch(/al2023-ami-kernel-default-arm64$/);
  expect(scriptOf(made)).not.toContain("nvidia_gpu");
});
it("takes an image of the user's", () => {
  expect(build({ imageParameter: "/images/training" }).one(LaunchTemplate).image_id).toBe(
    "resolve:ssm:/images/training",
  );
});

const types = (count: number) => Array.from({ length: count }, (_, i) => `m5.${i + 2}xlarge`);
rejects<Given>(
  "test/machines",
  [
    ["instanceTypes", { instanceTypes: [] }, "at least 1"],
    ["instanceTypes", { instanceTypes: types(41) }, "at most 40"],
    ["instanceTypes", { instanceTypes: ["g5.xlarge", "g5.xlarge"] }, "each type once"],
    ["instanceTypes", { instanceTypes: ["g5.xlarge", "m5.large"] }, "kind of accelerator", "got g5.xlarge, m5.large"],
    ["imageParameter", { instanceTypes: ["p3.2xlarge"] }, "is required", "driver"],
    ["imageParameter", { imageParameter: "images" }, "path of an SSM parameter"],
    ["minSize", { minSize: -1 }, "at least 0"],
    ["maxSize", { maxSize: 0 }, "at least 1"],
    ["maxSize", { minSize: 5, maxSize: 4 }, "at least minSize (5)", "got 4"],
    ["spotPercentage", { spotPercentage: 101 }, "at most 100"],
    ["onDemandBase", { onDemandBase: 1, spotPercentage: 0 }, "must be 0"],
    ["jobsPerMachine", { jobsPerMachine: 0.5 }, "at least 1"],
    ["jobsPerMachine", { jobsPerMachine: 101 }, "at most 100"],
    ["graceSeconds", { graceSeconds: 0 }, "at least 1"],
    ["graceSeconds", { graceSeconds: 101 }, "at most 100"],
    ["keepCheckpoints", { keepCheckpoints: 0 }, "at least 1"],
    ["keepCheckpoints", { keepCheckpoints: 1001 }, "at most 1000"],
    ["terminationSeconds", { terminationSeconds: 89 }, "at least 90", "30 more than graceSeconds"],
    ["terminationSeconds", { graceSeconds: 91 }, "at least 121", "got 120"],
    ["terminationSeconds", { terminationSeconds: 7201 }, "at most 7200"],
    ["rootVolumeSize", { rootVolumeSize: 74 }, "at least 75", "got 74"],
    ["rootVolumeSize", { rootVolumeSize: 1001 }, "at most 1000"],
    ["trainer", { trainer: [] }, "at least 1"],
    ["trainer[0]", { trainer: [""] }, "at least 1"],
    ["packages[0]", { packages: ["A"] }, "lower-case"],
    ["subnetIds", { subnetIds: [] }, "at least 1"],
  ],
  (stack, props) => make(stack, props),
);
