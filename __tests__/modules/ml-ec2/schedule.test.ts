import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { AutoscalingSchedule } from "@cdktf/provider-aws/lib/autoscaling-schedule";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import { describe, expect, it } from "vitest";
import { type Json, refTo } from "../../support/synth";
import { build, type OperationsSettings, rejectsSettings } from "./operations.fixture";

const BOTH = { stop: "30 20 * * MON-FRI", start: "0 8 * * MON-FRI", timezone: "Europe/Berlin" };
const KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const schedules = (settings: OperationsSettings = { schedule: BOTH }): Record<string, Json> =>
  Object.fromEntries(
    build(settings)
      .all(SchedulerSchedule)
      .map((schedule) => [schedule.name.replace(/^ml-dev-/, ""), schedule]),
  );
const statements = (settings: OperationsSettings): Json[] =>
  JSON.parse(build(settings).one(IamRolePolicy).policy).Statement;

it("is off by default", () => {
  const { all } = build();
  expect([...all(SchedulerSchedule), ...all(AutoscalingSchedule), ...all(IamRole)]).toEqual([]);
});

describe("instances", () => {
  it("are stopped and started at their hours", () => {
    const { stop, start, ...more } = schedules();
    expect(more).toEqual({});
    expect(stop).toMatchObject({
      schedule_expression: "cron(30 20 ? * MON,TUE,WED,THU,FRI *)",
      schedule_expression_timezone: "Europe/Berlin",
      flexible_time_window: { mode: "OFF" },
      target: {
        arn: "arn:aws:scheduler:::aws-sdk:ec2:stopInstances",
        role_arn: refTo(IamRole, "arn"),
        retry_policy: { maximum_event_age_in_seconds: 3600, maximum_retry_attempts: 20 },
      },
    });
    expect(start).toMatchObject({
      schedule_expression: "cron(0 8 ? * MON,TUE,WED,THU,FRI *)",
      schedule_expression_timezone: "Europe/Berlin",
      target: { arn: "arn:aws:scheduler:::aws-sdk:ec2:startInstances", role_arn: refTo(IamRole, "arn") },
    });
  });
  it("are all of them, and the role may touch no other", () => {
    const settings = { schedule: BOTH, instanceCount: 2 };
    const ids = Object.keys(build(settings).byId(Instance)).map((name) => `\${aws_instance.${name}.id}`);
    for (const { target } of Object.values(schedules(settings))) {
      expect(JSON.parse(target.input)).toEqual({ InstanceIds: ids });
    }
    const [statement, ...more] = statements(settings);
    expect(more).toEqual([]);
    expect(statement.Action).toEqual(["ec2:StartInstances", "ec2:StopInstances"]);
    const account = /^arn:aws:ec2:\*:\$\{data\.aws_caller_identity\.[\w-]+\.account_id\}:instance\/(.*)$/;
    expect(statement.Resource.map((arn: string) => account.exec(arn)?.[1])).toEqual(ids);
  });
  it("are only stopped, or only started, where only that is asked", () => {
    for (const [event, action] of [
      ["stop", "ec2:StopInstances"],
      ["start", "ec2:StartInstances"],
    ]) {
      const settings = { schedule: { [event as string]: "0 20 * * *" } };
      expect(Object.keys(schedules(settings))).toEqual([event]);
      expect(statements(settings)[0].Action).toEqual([action]);
    }
  });
  it("go by UTC unless another zone is given", () => {
    expect(schedules({ schedule: { stop: "0 20 * * *" } }).stop.schedule_expression_timezone).toBe("UTC");
  });
  it("start although a key of the user's encrypts their volumes", () => {
    const dataVolumes = [{ name: "data", size: 10, mountPoint: "/data", kmsKeyArn: KEY }];
    expect(statements({ schedule: BOTH, dataVolumes })[1]).toEqual({
      Effect: "Allow",
      Action: "kms:CreateGrant",
      Resource: [KEY],
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    });
    expect(statements({ schedule: { stop: "0 20 * * *" }, dataVolumes })).toHaveLength(1);
  });
  it("are handed to the scheduler of this account only, once its role may do so", () => {
    const { one, all } = build({ schedule: BOTH });
    expect(JSON.parse(one(IamRole).assume_role_policy).Statement).toEqual([
      {
        Effect: "Allow",
        Principal: { Service: "scheduler.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": expect.stringMatching(/account_id\}$/) } },
      },
    ]);
    for (const { depends_on } of all(SchedulerSchedule)) {
      expect(depends_on).toEqual([expect.stringMatching(/^aws_iam_role_policy\./)]);
    }
  });
});

describe("a fleet", () => {
  const fleet = { schedule: BOTH, fleet: { minSize: 2 } };

  it("is emptied and filled, by no role and up to its own limit", () => {
    const { all } = build(fleet);
    expect([...all(SchedulerSchedule), ...all(IamRole)]).toEqual([]);
    const common = {
      autoscaling_group_name: refTo(AutoscalingGroup, "name"),
      time_zone: "Europe/Berlin",
      max_size: -1,
    };
    const byName = Object.fromEntries(all(AutoscalingSchedule).map((made) => [made.scheduled_action_name, made]));
    expect(byName).toEqual({
      "ml-dev-stop": {
        ...common,
        scheduled_action_name: "ml-dev-stop",
        recurrence: "30 20 * * 1,2,3,4,5",
        min_size: 0,
        desired_capacity: 0,
      },
      "ml-dev-start": {
        ...common,
        scheduled_action_name: "ml-dev-start",
        recurrence: "0 8 * * 1,2,3,4,5",
        min_size: 2,
        desired_capacity: 2,
      },
    });
  });
  it("is not woken up by an apply at night", () => {
    expect(build(fleet).one(AutoscalingGroup).lifecycle).toEqual({ ignore_changes: ["min_size", "desired_capacity"] });
  });
  it("may be emptied only, whatever its least size", () => {
    const { one } = build({ fleet: { minSize: 0 }, schedule: { stop: "0 20 * * *" } });
    expect(one(AutoscalingSchedule)).toMatchObject({ min_size: 0, desired_capacity: 0 });
  });
  it("may be of Spot Instances", () => {
    expect(build({ ...fleet, spot: true }).all(AutoscalingSchedule)).toHaveLength(2);
  });
});

rejectsSettings(
  ["schedule.stop", { schedule: {} }, "must be given, or start", "got neither"],
  ["schedule.stop", { schedule: { timezone: "UTC" } }, "must be given, or start"],
  ["schedule.stop", { schedule: { stop: "20:00" } }, "five fields", '"20:00"'],
  ["schedule.stop", { schedule: { stop: "* 20 * * *" } }, "must give the minute"],
  ["schedule.start", { schedule: { start: "0 25 * * *" } }, "hour of 0 to 23", '"0 25 * * *"'],
  ["schedule.start", { schedule: { start: "0 8 * * *", stop: "0 08 * * SUN-SAT" } }, "must differ from stop"],
  ["schedule.timezone", { schedule: { stop: "0 8 * * *", timezone: "Berlin" } }, "IANA time zone", '"Berlin"'],
  ["schedule.begin", { schedule: { begin: "0 8 * * *" } }, "known keys: stop, start, timezone"],
  ["schedule", { schedule: "0 8 * * *" }, "of type object"],
  ["schedule", { spot: true, schedule: BOTH }, "must be left out with spot", "got 30 20 * * MON-FRI"],
  ["schedule.start", { fleet: { minSize: 0 }, schedule: BOTH }, "fleet.minSize is 0", "got 0 8 * * MON-FRI"],
);
