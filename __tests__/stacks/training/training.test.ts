import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { CodebuildProject } from "@cdktf/provider-aws/lib/codebuild-project";
import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { EfsAccessPoint } from "@cdktf/provider-aws/lib/efs-access-point";
import { EfsFileSystem } from "@cdktf/provider-aws/lib/efs-file-system";
import { EfsMountTarget } from "@cdktf/provider-aws/lib/efs-mount-target";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { describe, expect, it } from "vitest";
import { defineEnvironment, type EnvironmentSettings } from "../../../stacks/environment";
import { type Json, publishedOutputs, synthApp } from "../../support/synth";
import { trainingConfigurations } from "./configurations.fixture";

type Training = NonNullable<EnvironmentSettings["training"]>;
const MACHINES = { trainer: ["python", "-m", "trainer"] };
const build = (training: Partial<Training> = {}, name = "dev") =>
  synthApp(defineEnvironment({ name, region: "eu-west-2", training: { machines: MACHINES, ...training } }));
const app = build();
const stack = (layer: string) => app.stack(`dev-training-${layer}`);

it("is four stacks", () => {
  expect(app.ids).toEqual([
    "dev-training-compute",
    "dev-training-jobs",
    "dev-training-network",
    "dev-training-storage",
  ]);
});

describe("the network", () => {
  it("has public and private subnets in two zones, with NAT in each", () => {
    expect(stack("network").all(Subnet)).toHaveLength(4);
    expect(stack("network").all(NatGateway)).toHaveLength(2);
  });
  it("has gateways to S3 and DynamoDB, and the endpoints of what is called", () => {
    const endpoints = stack("network").all(VpcEndpoint);
    expect(endpoints.filter(({ vpc_endpoint_type }) => vpc_endpoint_type === "Gateway")).toHaveLength(2);
    const interfaces = endpoints.filter(({ vpc_endpoint_type }) => vpc_endpoint_type === "Interface");
    expect(interfaces.map(({ tags }) => tags.Name).sort()).toEqual(
      ["codebuild", "ecr.api", "ecr.dkr", "elasticfilesystem", "logs", "sqs"].map((name) => `dev-training-${name}`),
    );
    for (const { private_dns_enabled } of interfaces) expect(private_dns_enabled).toBe(true);
  });
  it("opens no port to the internet, and none for SSH", () => {
    const rules: Json[] = app.ids.flatMap((id) => app.stack(id).all(VpcSecurityGroupIngressRule));
    expect(rules.length).toBeGreaterThan(0);
    for (const { cidr_ipv4, from_port } of rules) {
      expect(cidr_ipv4).not.toBe("0.0.0.0/0");
      expect(from_port).not.toBe(22);
    }
  });
});

describe("the storage", () => {
  it("has a mount target in each private subnet, open to builds and machines only", () => {
    expect(stack("storage").all(EfsMountTarget)).toHaveLength(2);
    expect(
      stack("storage")
        .all(VpcSecurityGroupIngressRule)
        .map(({ from_port, description }) => `${description} ${from_port}`)
        .sort(),
    ).toEqual(["NFS from builds 2049", "NFS from machines 2049"]);
  });
  it("has an access point for packages and one for checkpoints", () => {
    expect(
      stack("storage")
        .all(EfsAccessPoint)
        .map(({ root_directory, posix_user }) => [root_directory.path, posix_user.uid, posix_user.gid]),
    ).toEqual([
      ["/checkpoints", 1000, 1000],
      ["/training", 1000, 1000],
    ]);
  });
  it("builds the runtime, and the user's packages after it", () => {
    expect(
      stack("storage")
        .all(CodebuildProject)
        .map(({ name }) => name),
    ).toEqual(["dev-training-ml-training"]);
    const own = synthApp(trainingConfigurations.builder).stack("builder-training-storage");
    expect(own.all(CodebuildProject).map(({ name }) => name)).toEqual([
      "builder-training-image-classes",
      "builder-training-ml-training",
    ]);
  });
  it("tells of failed builds, unless alarms are off", () => {
    expect(stack("storage").one(CloudwatchMetricAlarm).metric_name).toBe("FailedBuilds");
    const quiet = build({ alarms: false }).stack("dev-training-storage");
    expect(quiet.all(CloudwatchMetricAlarm)).toEqual([]);
    expect(quiet.all(SnsTopic)).toEqual([]);
  });
  it("moves files to the archive where asked", () => {
    expect(
      build({ files: { archiveDays: 90 } })
        .stack("dev-training-storage")
        .one(EfsFileSystem).lifecycle_policy,
    ).toEqual([
      { transition_to_ia: "AFTER_30_DAYS" },
      { transition_to_archive: "AFTER_90_DAYS" },
      { transition_to_primary_storage_class: "AFTER_1_ACCESS" },
    ]);
  });
});

describe("the jobs", () => {
  it("have a queue for each priority, one of dead letters, and a table", () => {
    const names = stack("jobs")
      .all(SqsQueue)
      .map(({ name }) => name)
      .filter((name) => name.endsWith(".fifo"));
    expect(names.sort()).toEqual(
      ["critical", "dead", "high", "low", "medium"].map((key) => `dev-training-jobs-${key}.fifo`),
    );
    expect(stack("jobs").one(DynamodbTable)).toMatchObject({ name: "dev-training", deletion_protection_enabled: true });
  });
  it("use a table that exists instead", () => {
    const made = synthApp(trainingConfigurations.tenant).stack("tenant-training-jobs");
    expect(made.all(DynamodbTable)).toEqual([]);
    expect(made.outputs.instance_registry_table_name.value).toBe("records");
  });
  it("have alarms that somebody hears, and e-mails only of who is given", () => {
    const actions = stack("jobs")
      .all(CloudwatchMetricAlarm)
      .map(({ alarm_actions }) => alarm_actions);
    expect(actions.length).toBeGreaterThan(3);
    for (const action of actions) expect(action).toHaveLength(1);
    expect(stack("jobs").all(SnsTopicSubscription)).toEqual([]);
    const told = build({ alertEmails: ["a@example.com"], interruption: { alertEmails: ["b@example.com"] } });
    expect(told.stack("dev-training-storage").one(SnsTopicSubscription).endpoint).toBe("a@example.com");
    expect(told.stack("dev-training-jobs").one(SnsTopicSubscription).endpoint).toBe("b@example.com");
  });
});

it("has the user's workflows, which tell people of what failed", () => {
  const made = synthApp(trainingConfigurations.builder).stack("builder-training-jobs");
  expect(made.all(SfnStateMachine).map(({ name }) => name)).toEqual([
    "builder-training-label",
    "builder-training-prepare",
  ]);
  const [label, prepare] = made.all(SfnStateMachine).map(({ definition }) => definition as string);
  expect(label).toContain('"DISTRIBUTED"');
  expect(prepare).not.toContain('"DISTRIBUTED"');
  for (const definition of [label, prepare]) expect(definition).toContain("sns:publish");
});

describe("the compute", () => {
  it("tags what it starts as the stack's", () => {
    const tags: Json[] = stack("compute").one(AutoscalingGroup).tag;
    expect(tags.map(({ key }) => key)).toEqual(expect.arrayContaining(["Environment", "System", "Stack", "Name"]));
  });
  it("installs the runtime first, then the user's packages", () => {
    const made = synthApp(trainingConfigurations.builder).text("builder-training-compute");
    expect(made).toContain("wheels python3.12 ml-training image-classes\\n");
  });
});

it("lives in a network that exists", () => {
  const made = synthApp(trainingConfigurations.tenant);
  expect(made.stack("tenant-training-network").all(Vpc)).toEqual([]);
  expect(made.stack("tenant-training-compute").one(AutoscalingGroup).vpc_zone_identifier).toEqual([
    "subnet-0b1b2c3d4e5f60718",
    "subnet-0c1b2c3d4e5f60718",
  ]);
});
it("publishes what people and programs need", () => {
  expect(publishedOutputs(stack("network"))).toEqual([
    "azs",
    "build_security_group_id",
    "machine_security_group_id",
    "private_route_table_ids",
    "private_subnets",
    "public_subnets",
    "vpc_cidr_block",
    "vpc_id",
  ]);
  expect(publishedOutputs(stack("storage"))).toEqual([
    "artifact_bucket_name",
    "build_project_names",
    "checkpoints_access_point_id",
    "file_system_dns_name",
    "file_system_id",
    "file_system_security_group_id",
    "packages",
    "training_access_point_id",
  ]);
  expect(publishedOutputs(stack("jobs"))).toEqual([
    "instance_registry_stream_arn",
    "instance_registry_table_arn",
    "instance_registry_table_name",
    "interruption_function_name",
    "interruption_rule_arns",
    "job_dead_letter_queue_arn",
    "job_dead_letter_queue_url",
    "job_queue_arns",
    "job_queue_urls",
    "spot_topic_arn",
    "workflow_arns",
  ]);
  expect(publishedOutputs(stack("compute"))).toEqual([
    "auto_scaling_group_name",
    "client_policy_arn",
    "config_parameter_name",
    "instance_profile_name",
    "instance_role_arn",
    "launch_template_id",
    "log_group_name",
    "train_command",
  ]);
});
it("shares no name between two environments", () => {
  const names = (made: ReturnType<typeof build>) =>
    made.ids.flatMap((id) =>
      [AutoscalingGroup, SqsQueue, DynamodbTable, CodebuildProject].flatMap((type) =>
        made
          .stack(id)
          .all(type)
          .map(({ name }) => name),
      ),
    );
  const [one, two] = [names(app), names(build({}, "test"))];
  expect(one).toHaveLength(two.length);
  expect(one.filter((name) => two.includes(name))).toEqual([]);
});
