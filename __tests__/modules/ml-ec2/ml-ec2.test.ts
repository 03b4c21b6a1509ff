import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { describe, expect, it } from "vitest";
import { type BadInput, rejects } from "../../support/bad-input";
import type { Json } from "../../support/synth";
import { addBox, type BoxSettings, build, OPTIONS } from "./ml-ec2.fixture";

const typesOf = (settings: BoxSettings = {}) => Object.keys(build(settings).parsed.resource).sort();
const BASE = typesOf();
const box = build();

describe("by default", () => {
  it("is one machine, two buckets, a role, a log, two alarms and nothing else", () => {
    expect(BASE).toEqual([
      "aws_cloudwatch_log_group",
      "aws_cloudwatch_metric_alarm",
      "aws_iam_instance_profile",
      "aws_iam_role",
      "aws_iam_role_policy",
      "aws_iam_role_policy_attachment",
      "aws_instance",
      "aws_s3_bucket",
      "aws_s3_bucket_lifecycle_configuration",
      "aws_s3_bucket_ownership_controls",
      "aws_s3_bucket_policy",
      "aws_s3_bucket_public_access_block",
      "aws_s3_bucket_server_side_encryption_configuration",
      "aws_s3_bucket_versioning",
      "aws_s3_object",
      "aws_secretsmanager_secret",
      "aws_secretsmanager_secret_version",
      "aws_security_group",
      "aws_vpc_security_group_egress_rule",
      "terraform_data",
    ]);
    expect(box.all(S3Bucket)).toHaveLength(2);
    expect(box.all(CloudwatchMetricAlarm)).toHaveLength(2);
    expect(box.one(Instance)).toMatchObject({ instance_type: "t3.medium", monitoring: true });
  });
  it("lets nobody in", () => {
    expect(box.all(VpcSecurityGroupIngressRule)).toEqual([]);
    expect(box.one(Instance).subnet_id).toBe("subnet-1a");
    expect(box.one(Instance).associate_public_ip_address).toBe(false);
  });
  it("names everything after project and environment", () => {
    const names = ["bucket_prefix", "name", "name_prefix", "alarm_name"];
    for (const [type, resources] of Object.entries<Json>(box.parsed.resource)) {
      if (type === "aws_iam_role_policy") continue; // its name is within its role's
      for (const resource of Object.values<Json>(resources)) {
        const name = names.map((key) => resource[key]).find(Boolean);
        if (name) expect(name, type).toContain("ml-dev");
      }
    }
  });
  it("makes no user, and takes no managed policy but Session Manager's", () => {
    expect(JSON.stringify(box.parsed)).not.toContain("aws_iam_user");
    expect(box.all(IamRolePolicyAttachment).map(({ policy_arn }) => policy_arn)).toEqual([
      "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
    ]);
  });
  it("takes Jupyter out by one setting: its service, its secret and the right to read that", () => {
    const without = build({ jupyter: false });
    expect(without.json).not.toMatch(/aws_secretsmanager|GetSecretValue|jupyter\.service/);
    expect(box.one(Instance).user_data).toContain("jupyter.service");
  });
});

describe("the machine, its permissions and its alarms agree", () => {
  const settings = { diskAlarmThreshold: 85, memoryAlarmThreshold: 90, dashboard: true, alertEmails: ["a@b.cd"] };
  const watched = build(settings);
  const namespace = "ml/dev";

  it("on the namespace of its metrics", () => {
    const metrics = watched.all(IamRolePolicy).find(({ name }) => name === "metrics");
    const [statement] = JSON.parse(metrics.policy).Statement;
    expect(statement.Condition).toEqual({ StringEquals: { "cloudwatch:namespace": namespace } });
    expect(watched.one(Instance).user_data).toContain(`"namespace":"${namespace}"`);
    const own = watched.all(CloudwatchMetricAlarm).filter((alarm) => !alarm.namespace?.startsWith("AWS/"));
    expect(own.length).toBeGreaterThan(1);
    for (const alarm of own) expect(alarm.namespace).toBe(namespace);
  });
  it("on the metrics that the agent sends", () => {
    const { user_data } = watched.one(Instance);
    for (const name of ["mem_used_percent", "disk_used_percent"]) {
      expect(
        watched.all(CloudwatchMetricAlarm).some(({ metric_name }) => metric_name === name),
        name,
      ).toBe(true);
    }
    expect(user_data).toContain("mem");
    expect(user_data).toContain('"used_percent"');
  });
  it("on who is told: every alarm has the topic, and the dashboard every alarm's metric", () => {
    const body = JSON.stringify(JSON.parse(watched.one(CloudwatchDashboard).dashboard_body));
    for (const { metric_name, alarm_actions, ok_actions } of watched.all(CloudwatchMetricAlarm)) {
      expect(alarm_actions, metric_name).toHaveLength(1);
      expect(ok_actions, metric_name).toEqual(alarm_actions);
      expect(body).toContain(metric_name);
    }
  });
  it("on the fleet in place of single machines", () => {
    const fleet = build({ ...settings, fleet: {} });
    expect(fleet.all(Instance)).toEqual([]);
    const { user_data } = fleet.one(LaunchTemplate);
    expect(user_data).toMatch(/AutoScalingGroupName|\$\{base64encode/);
    for (const alarm of fleet.all(CloudwatchMetricAlarm)) {
      if (alarm.dimensions) expect(Object.keys(alarm.dimensions)).toContain("AutoScalingGroupName");
    }
  });
});

describe("where the services listen", () => {
  const userData = (settings: BoxSettings) => build(settings).one(Instance).user_data;
  const { allowedCidrs, loadBalancer } = OPTIONS;

  it("is the loopback, unless somebody is let in from the network", () => {
    expect(userData({})).toContain("127.0.0.1");
    expect(userData({})).not.toContain("0.0.0.0");
    for (const settings of [allowedCidrs, loadBalancer]) expect(userData(settings)).toContain("0.0.0.0");
  });
});

describe("an option", () => {
  it.each(Object.entries(OPTIONS))("%s leaves its trace only when it is on", (name, settings) => {
    const { json } = build(settings);
    expect(json).not.toBe(box.json);
    expect(build({}).json).toBe(box.json);
    const types = Object.keys(JSON.parse(json).resource);
    const replaced = name === "fleet" ? ["aws_instance", "terraform_data"] : [];
    expect(BASE.filter((type) => !types.includes(type))).toEqual(replaced);
  });
  it("goes with all the others", () => {
    const { fleet, spot, instanceCount, autoRecovery, ...others } = OPTIONS;
    const single = { ...OPTIONS, spot: {}, fleet: {}, instanceCount: {} };
    const together = (options: Record<string, object>) => Object.assign({}, ...Object.values(options)) as BoxSettings;
    expect(typesOf(together({ ...others, fleet })).length).toBeGreaterThan(BASE.length + 20);
    expect(typesOf(together(single)).length).toBeGreaterThan(BASE.length + 20);
  });
});

const bad: BadInput<Json>[] = [
  ["projectName", { projectName: "Ml" }, '"Ml"', "lower-case letters"],
  ["projectName", { projectName: "-x" }, '"-x"'],
  ["projectName", { projectName: "a".repeat(38) }, "2 to 37"],
  ["projectName", { projectName: "sg" }, "which EC2 reserves"],
  ["projectName", { projectName: "sg-ml" }, "which EC2 reserves"],
  ["environment", { environment: "qa" }, "must be dev, staging or prod", '"qa"'],
  ["region", { region: "east" }, '"east"'],
  ["network", { network: { vpcId: "vpc-1" } }, "must be a Network"],
  ["instancetype", { instancetype: "t3.large" }, "did you mean instanceType?"],
  ["instanceType", { instanceType: "bad" }, '"bad"'],
  ["rootVolumeSize", { rootVolumeSize: 19 }, "20", "19"],
  ["rootVolumeSize", { rootVolumeSize: 1001 }, "1000", "1001"],
  ["rootVolumeSize", { instanceType: "g5.xlarge", rootVolumeSize: 60 }, "75", "60"],
  ["s3LifecycleDays", { s3LifecycleDays: 29 }, "30", "29"],
  ["cpuAlarmThreshold", { cpuAlarmThreshold: 0 }, "0"],
  ["cpuAlarmThreshold", { cpuAlarmThreshold: 101 }, "100", "101"],
  ["allowedCidrs[0]", { allowedCidrs: ["0.0.0.0/0"] }, "must not be the whole internet"],
  ["logRetentionDays", { logRetentionDays: 8 }, "8"],
  ["workloadType", { workloadType: "fun" }, "training, inference, notebook"],
  ["instanceCount", { instanceCount: 2, fleet: {} }, "fleet.minSize"],
  ["spot", { spot: true, fleet: {} }, "fleet.spotPercentage"],
  ["s3Versioning", { s3Versioning: false, replication: { region: "us-west-2" } }, "must be true"],
  ["replication.region", { replication: { region: "us-east-1" } }, "us-east-1"],
  ["loadBalancer.certificateArn", { loadBalancer: {} }, "is required for TLS"],
  ["loadBalancer.targetPort", { jupyter: false, loadBalancer: OPTIONS.loadBalancer.loadBalancer }, "jupyter is off"],
  ["ciRole.subjects[0]", { ciRole: { subjects: ["repo:*"] } }, "repo:*"],
  ["sharedFiles.mountPoint", { sharedFiles: { mountPoint: "/etc" } }, "/etc"],
  ["dataVolumes[0].size", { dataVolumes: [{ name: "a", size: 0, mountPoint: "/a" }] }, "1", "0"],
  ["terminationProtection", { spot: true, terminationProtection: true }, "must be false"],
  ["gpuAlarmThreshold", { gpuAlarmThreshold: 90 }, "t3.medium"],
  ["autoRecovery", { autoRecovery: true, alarms: false }, "alarms"],
  ["alertEmails", { alarms: false, alertEmails: ["a@b.cd"] }, "alarms"],
];
describe("a wrong setting", () => {
  rejects("test/box", bad, (stack, settings) => addBox(stack as never, settings));
});
describe("limits are accepted", () => {
  it.each<BoxSettings>([
    { projectName: "ab" },
    { projectName: `a${"b".repeat(36)}` },
    { environment: "staging" },
    { environment: "prod" },
    { rootVolumeSize: 20 },
    { rootVolumeSize: 1000 },
    { cpuAlarmThreshold: 100 },
    { s3LifecycleDays: 30 },
    { region: "us-gov-west-1" },
  ])("%j", (settings) => {
    expect(typesOf(settings)).toEqual(BASE);
  });
});
