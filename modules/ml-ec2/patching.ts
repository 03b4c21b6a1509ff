import { SsmMaintenanceWindow } from "@cdktf/provider-aws/lib/ssm-maintenance-window";
import { SsmMaintenanceWindowTarget } from "@cdktf/provider-aws/lib/ssm-maintenance-window-target";
import { SsmMaintenanceWindowTask } from "@cdktf/provider-aws/lib/ssm-maintenance-window-task";
import { Construct } from "constructs";
import { z } from "zod";
import { awsCron, cronSchema, timezoneSchema } from "../common/settings/cron";
import { refuse } from "../common/settings/faults";

/** Inputs that concern patches of the operating system. */
export const patchingShape = {
  /** Patches by Systems Manager in a window of their own, on machines that run then; none when absent. */
  patching: z
    .strictObject({
      /** When the window opens: `minute hour day-of-month month day-of-week`; Sundays at 4 by default. */
      cron: cronSchema.default("0 4 * * SUN"),
      /** IANA time zone of `cron`; UTC by default. */
      timezone: timezoneSchema.default("UTC"),
      /** Hours, 1 to 24, that the window stays open: no machine is begun with after that. 2 by default. */
      hours: z.int().min(1).max(24).default(2),
      /** Whether patches are installed, or only what is missing is reported. */
      operation: z.enum(["Install", "Scan"]).default("Install"),
      /** Whether a machine restarts where a patch needs it; off, as that would end a training. */
      reboot: z.boolean().default(false),
    })
    .superRefine(({ operation, reboot }, ctx) => {
      if (operation !== "Scan" || !reboot) return;
      refuse(ctx, ["reboot"], "must be off where operation is Scan, got true");
    })
    .optional(),
};
type Settings = NonNullable<z.output<(typeof patchingShape)["patching"]>>;

/** By which the window finds the machines. */
const TARGET_TAG = "PatchWindow";

/** Tags that every instance must bear to be patched; none where `patching` is off. */
export const patchTags = (prefix: string, { patching }: { patching?: object }): Record<string, string> =>
  patching ? { [TARGET_TAG]: prefix } : {};

export interface PatchingProps {
  prefix: string;
  settings: Settings;
}

/** Maintenance window in which Systems Manager patches the machines, one after the other. */
export class Patching extends Construct {
  readonly windowId: string;

  constructor(scope: Construct, id: string, { prefix, settings }: PatchingProps) {
    super(scope, id);
    const name = `${prefix}-patching`;
    // A window and not an association: only a window knows time zones.
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
      maxErrors: "100%", // a machine that fails does not keep the others from their patches
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
