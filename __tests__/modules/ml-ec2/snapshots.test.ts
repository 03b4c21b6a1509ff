import { DlmLifecyclePolicy } from "@cdktf/provider-aws/lib/dlm-lifecycle-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { expect, it } from "vitest";
import { type Json, refTo } from "../../support/synth";
import { build, type OperationsSettings, rejectsSettings } from "./operations.fixture";

const policy = (snapshots: OperationsSettings["snapshots"] = {}): Json => build({ snapshots }).one(DlmLifecyclePolicy);
const schedule = (snapshots: OperationsSettings["snapshots"] = {}): Json => {
  const [only, ...more] = policy(snapshots).policy_details.schedule;
  expect(more).toEqual([]);
  return only;
};

it("are off by default", () => {
  const { all, one } = build();
  expect([...all(DlmLifecyclePolicy), ...all(IamRole)]).toEqual([]);
  expect(one(Instance).tags).not.toHaveProperty("SnapshotPolicy");
});
it("are taken daily at 3 and kept for a week", () => {
  expect(policy()).toMatchObject({ state: "ENABLED", execution_role_arn: refTo(IamRole, "arn") });
  expect(schedule()).toEqual({
    name: "ml-dev-snapshots",
    create_rule: { interval: 24, interval_unit: "HOURS", times: ["03:00"] },
    retain_rule: { count: 7 },
    copy_tags: true,
    tags_to_add: { SnapshotOf: "ml-dev" },
  });
});
it("are of the instances that bear the tag, which all machines do", () => {
  expect(policy().policy_details).toMatchObject({
    resource_types: ["INSTANCE"],
    target_tags: { SnapshotPolicy: "ml-dev" },
  });
  expect(build({ snapshots: {} }).one(Instance).tags.SnapshotPolicy).toBe("ml-dev");
  const [of] = build({ snapshots: {}, fleet: {} }).one(LaunchTemplate).tag_specifications;
  expect(of).toMatchObject({ resource_type: "instance", tags: { SnapshotPolicy: "ml-dev" } });
});
it.each([1, 2, 3, 4, 6, 8, 12, 24] as const)("are taken every %i hours where asked", (intervalHours) => {
  expect(schedule({ intervalHours }).create_rule.interval).toBe(intervalHours);
});
it.each(["00:00", "23:59"])("begin at %s where asked", (time) => {
  expect(schedule({ time }).create_rule.times).toEqual([time]);
});
it.each([1, 1000])("stay as many as %i where asked", (retain) => {
  expect(schedule({ retain }).retain_rule).toEqual({ count: retain });
});
it("do not bear the tags of their volume where that is off", () => {
  expect(schedule({ copyTags: false }).copy_tags).toBe(false);
});

it("are made by a role of this account's own, with no policy of AWS's", () => {
  const { one, all } = build({ snapshots: {} });
  const account = expect.stringMatching(/^\$\{data\.aws_caller_identity\.[\w-]+\.account_id\}$/);
  expect(JSON.parse(one(IamRole).assume_role_policy).Statement).toEqual([
    {
      Effect: "Allow",
      Principal: { Service: "dlm.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: {
        StringEquals: { "aws:SourceAccount": account },
        ArnLike: {
          "aws:SourceArn": expect.stringMatching(/^arn:aws:dlm:\*:\$\{data\..*account_id\}:policy\/\*$/),
        },
      },
    },
  ]);
  expect(all(IamRolePolicyAttachment)).toEqual([]);
  expect(one(DlmLifecyclePolicy).depends_on).toEqual([expect.stringMatching(/^aws_iam_role_policy\./)]);
});
it("are of no other machines, and no others are deleted", () => {
  const statements: Json[] = JSON.parse(build({ snapshots: {} }).one(IamRolePolicy).policy).Statement;
  const of = (action: string) => statements.filter(({ Action }) => [Action].flat().includes(action));
  expect(of("ec2:DeleteSnapshot")).toEqual([
    expect.objectContaining({
      Resource: "arn:aws:ec2:*::snapshot/*",
      Condition: { StringEquals: { "aws:ResourceTag/SnapshotOf": "ml-dev" } },
    }),
  ]);
  const machines = of("ec2:CreateSnapshots").filter(({ Resource }) => JSON.stringify(Resource).includes(":instance/"));
  expect(machines).toEqual([
    expect.objectContaining({ Condition: { StringEquals: { "aws:ResourceTag/SnapshotPolicy": "ml-dev" } } }),
  ]);
  const anywhere = statements.filter(({ Resource }) => Resource === "*").flatMap(({ Action }) => Action);
  expect(anywhere.every((action: string) => action.startsWith("ec2:Describe"))).toBe(true);
  expect(JSON.stringify(statements)).not.toContain('"ec2:*"');
});

rejectsSettings(
  ["snapshots.intervalHours", { snapshots: { intervalHours: 5 } }, "one of 1, 2, 3, 4, 6, 8, 12, 24", "got 5"],
  ["snapshots.intervalHours", { snapshots: { intervalHours: 48 } }, "got 48"],
  ["snapshots.time", { snapshots: { time: "24:00" } }, "time of day in UTC", '"24:00"'],
  ["snapshots.time", { snapshots: { time: "3:00" } }, "time of day in UTC", '"3:00"'],
  ["snapshots.retain", { snapshots: { retain: 0 } }, "at least 1", "got 0"],
  ["snapshots.retain", { snapshots: { retain: 1001 } }, "at most 1000", "got 1001"],
  ["snapshots.retain", { snapshots: { retain: 1.5 } }, "whole number", "got 1.5"],
  ["snapshots.copyTags", { snapshots: { copyTags: "no" } }, "of type boolean", '"no"'],
  ["snapshots.interval", { snapshots: { interval: 24 } }, "unknown key"],
  ["snapshots", { snapshots: true }, "of type object", "got true"],
);
