import { SsmMaintenanceWindow } from "@cdktf/provider-aws/lib/ssm-maintenance-window";
import { SsmMaintenanceWindowTarget } from "@cdktf/provider-aws/lib/ssm-maintenance-window-target";
import { SsmMaintenanceWindowTask } from "@cdktf/provider-aws/lib/ssm-maintenance-window-task";
import { Construct } from "constructs";
import { z } from "zod";
import { awsCron, cronSchema, timezoneSchema } from "../common/settings/cron";
import { refuse } from "../common/settings/faults";

/** Settings of operating system patches. */
export const patchingShape = {
  /** Patching by Systems Manager in a maintenance window, for machines that run at the time. */
  patching: z
    .strictObject({
      /** Start of the window, as `minute hour day-of-month month day-of-week`. */
      cron: cronSchema.default("0 4 * * SUN"),
      /** IANA time zone of `cron`. */
      timezone: timezoneSchema.default("UTC"),
      /** Length of the window, hours, 1 to 24: no machine is started on after that. */
      hours: z.int().min(1).max(24).default(2),
      /** Install patches, or only report the missing ones. */
      operation: z.enum(["Install", "Scan"]).default("Install"),
      /** Reboot a machine if a patch requires it, which ends a running training. */
      reboot: z.boolean().default(false),
    })
    .superRefine(({ operation, reboot }, ctx) => {
      if (operation !== "Scan" || !reboot) return;
      refuse(ctx, ["reboot"], "must be off where operation is Scan, got true");
    })
    .optional(),
};
type Settings = NonNullable<z.output<(typeof patchingShape)["patching"]>>;

/** Tag by which the window finds the machines. */
const TARGET_TAG = "PatchWindow";

/** Tags of the instances to patch; none if `patching` is off. */
export const patchTags = (prefix: string, { patching }: { patching?: object }): Record<string, string> =>
  patching ? { [TARGET_TAG]: prefix } : {};

export interface PatchingProps {
  prefix: string;
  settings: Settings;
}

/** Maintenance window in which Systems Manager patches the machines, one at a time. */
export class Patching extends Construct {
  readonly windowId: string;

  constructor(scope: Construct, id: string, { prefix, settings }: PatchingProps) {
    super(scope, id);
    const name = `${prefix}-patching`;
    // A window rather than an association, which has no time zone.
    const window = new SsmMaintenanceWindow(this, "window", {
      name,
      schedule: awsCron(settings.cron),
      scheduleTimezone: settings.timezone,
      duration: settings.hours,
      cutoff: 0,
    });
    const target = new SsmMaintenanceWindowTarget(this, "target", {
      windowId: window.id,
      name,
      resourceType: "INSTANCE",
      targets: [{ key: `tag:${TARGET_TAG}`, values: [prefix] }],
    });
    new SsmMaintenanceWindowTask(this, "task", {
      windowId: window.id,
      name,
      taskType: "RUN_COMMAND",
      taskArn: "AWS-RunPatchBaseline",
      targets: [{ key: "WindowTargetIds", values: [target.id] }],
      maxConcurrency: "1",
      maxErrors: "100%", // a failed machine does not stop the others
      taskInvocationParameters: {
        runCommandParameters: {
          parameter: [
            { name: "Operation", values: [settings.operation] },
            { name: "RebootOption", values: [settings.reboot ? "RebootIfNeeded" : "NoReboot"] },
          ],
        },
      },
    });
    this.windowId = window.id;
  }
}
