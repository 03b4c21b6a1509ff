import { Instance } from "@cdktf/provider-aws/lib/instance";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { SsmMaintenanceWindow } from "@cdktf/provider-aws/lib/ssm-maintenance-window";
import { SsmMaintenanceWindowTarget } from "@cdktf/provider-aws/lib/ssm-maintenance-window-target";
import { SsmMaintenanceWindowTask } from "@cdktf/provider-aws/lib/ssm-maintenance-window-task";
import { expect, it } from "vitest";
import { type Json, refTo } from "../../support/synth";
import { build, type OperationsSettings, rejectsSettings } from "./operations.fixture";

const window = (patching: OperationsSettings["patching"] = {}): Json => build({ patching }).one(SsmMaintenanceWindow);
const task = (patching: OperationsSettings["patching"] = {}): Json => build({ patching }).one(SsmMaintenanceWindowTask);
const parameters = (patching?: OperationsSettings["patching"]) =>
  Object.fromEntries(
    task(patching).task_invocation_parameters.run_command_parameters.parameter.map(({ name, values }: Json) => [
      name,
      values,
    ]),
  );

it("is off by default", () => {
  const { all, one } = build();
  expect([...all(SsmMaintenanceWindow), ...all(SsmMaintenanceWindowTarget), ...all(SsmMaintenanceWindowTask)]).toEqual(
    [],
  );
  expect(one(Instance).tags).not.toHaveProperty("PatchWindow");
});
it("has two hours on Sundays from 4 by default", () => {
  expect(window()).toEqual({
    name: "ml-dev-patching",
    schedule: "cron(0 4 ? * SUN *)",
    schedule_timezone: "UTC",
    duration: 2,
    cutoff: 0,
  });
});
it("has the hours that are asked for", () => {
  expect(window({ cron: "30 22 1 * *", timezone: "Asia/Tokyo" })).toMatchObject({
    schedule: "cron(30 22 1 * ? *)",
    schedule_timezone: "Asia/Tokyo",
  });
  for (const hours of [1, 24]) expect(window({ hours }).duration).toBe(hours);
});
it("is for the instances that bear its tag, which all machines do", () => {
  expect(build({ patching: {} }).one(SsmMaintenanceWindowTarget)).toMatchObject({
    window_id: refTo(SsmMaintenanceWindow, "id"),
    resource_type: "INSTANCE",
    targets: [{ key: "tag:PatchWindow", values: ["ml-dev"] }],
  });
  expect(build({ patching: {} }).one(Instance).tags.PatchWindow).toBe("ml-dev");
  const [of] = build({ patching: {}, fleet: {} }).one(LaunchTemplate).tag_specifications;
  expect(of.tags.PatchWindow).toBe("ml-dev");
});
it("patches one machine after the other by the baseline, whether or not one fails", () => {
  expect(task()).toMatchObject({
    window_id: refTo(SsmMaintenanceWindow, "id"),
    task_type: "RUN_COMMAND",
    task_arn: "AWS-RunPatchBaseline",
    targets: [{ key: "WindowTargetIds", values: [refTo(SsmMaintenanceWindowTarget, "id")] }],
    max_concurrency: "1",
    max_errors: "100%",
  });
});
it("installs without a restart by default, restarts or only looks where asked", () => {
  expect(parameters()).toEqual({ Operation: ["Install"], RebootOption: ["NoReboot"] });
  expect(parameters({ reboot: true })).toEqual({ Operation: ["Install"], RebootOption: ["RebootIfNeeded"] });
  expect(parameters({ operation: "Scan" })).toEqual({ Operation: ["Scan"], RebootOption: ["NoReboot"] });
});

rejectsSettings(
  ["patching.cron", { patching: { cron: "rate(7 days)" } }, "five fields", '"rate(7 days)"'],
  ["patching.cron", { patching: { cron: "0 4 * * SUNDAY" } }, "day of week"],
  ["patching.timezone", { patching: { timezone: "CET/Berlin" } }, "IANA time zone", '"CET/Berlin"'],
  ["patching.hours", { patching: { hours: 0 } }, "at least 1", "got 0"],
  ["patching.hours", { patching: { hours: 25 } }, "at most 24", "got 25"],
  ["patching.operation", { patching: { operation: "install" } }, "one of Install, Scan", '"install"'],
  ["patching.reboot", { patching: { reboot: "IfNeeded" } }, "of type boolean"],
  ["patching.reboot", { patching: { operation: "Scan", reboot: true } }, "must be off where operation is Scan"],
  ["patching.schedule", { patching: { schedule: "0 4 * * SUN" } }, "unknown key"],
  ["patching", { patching: true }, "of type object", "got true"],
);
