import { AutoscalingSchedule } from "@cdktf/provider-aws/lib/autoscaling-schedule";
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import { Construct } from "constructs";
import { z } from "zod";
import { ManagedRole } from "../common/iam/managed-role";
import { policy, type Statement } from "../common/iam/policy";
import { awsCron, cronSchema, timezoneSchema, unixCron } from "../common/settings/cron";
import { refuse } from "../common/settings/faults";
import { type Fleet, type Instances, isFleet } from "./metrics";

/** Settings of the schedule. */
export const scheduleShape = {
  /** Schedule on which the machines stop and start, to pay for working hours only; they always run when absent. */
  schedule: z
    .strictObject({
      /** Stop time, as `minute hour day-of-month month day-of-week`, such as `0 20 * * MON-FRI`. Without it they are only started. */
      stop: cronSchema.optional(),
      /** Start time in the same form, such as `0 8 * * MON-FRI`. Without it they are only stopped. */
      start: cronSchema.optional(),
      /** IANA time zone of both. */
      timezone: timezoneSchema.default("UTC"),
    })
    .superRefine(({ stop, start }, ctx) => {
      if (stop === undefined && start === undefined) refuse(ctx, "stop", "must be given, or start, got neither");
      if (
        stop !== undefined &&
        isCron(stop) &&
        start !== undefined &&
        isCron(start) &&
        awsCron(stop) === awsCron(start)
      ) {
        refuse(ctx, "start", `must differ from stop, got ${start}`);
      }
    })
    .optional(),
};
type Settings = NonNullable<z.output<(typeof scheduleShape)["schedule"]>>;

interface Machines {
  schedule?: Settings;
  fleet?: { readonly minSize: number };
}

/** Rules across the settings of schedule and machines. */
export function checkSchedule({ schedule, spot, fleet }: Machines & { spot?: unknown }, ctx: z.RefinementCtx) {
  if (!schedule) return;
  if (spot && !fleet) {
    // Source: EC2 User Guide, "Stop and start a Spot Instance": only those of a persistent request
    const message = "must be left out with spot, since EC2 does not stop a one-time Spot Instance; use a fleet";
    refuse(ctx, ["schedule"], `${message}, got ${schedule.stop ?? schedule.start}`);
  }
  if (fleet?.minSize === 0 && schedule.start !== undefined) {
    refuse(
      ctx,
      ["schedule", "start"],
      `must be left out where fleet.minSize is 0, since it would start no machine, got ${schedule.start}`,
    );
  }
}

/** Whether the machines stop on a schedule, so that missing data is normal. */
export const stopsByPlan = (schedule: Machines["schedule"], fleet?: Machines["fleet"]): boolean =>
  schedule?.stop !== undefined || fleet?.minSize === 0;

/**
 * Attributes of a scheduled fleet that Terraform must ignore, in its spelling: otherwise an apply at night would start the
 * fleet.
 */
export const SCHEDULED_FLEET_IGNORES = ["min_size", "desired_capacity"];

export interface ScheduleProps {
  prefix: string;
  /** Instances to stop and start, or the fleet, with the size to start it with. */
  targets: Instances | (Fleet & { readonly minSize: number });
  /** KMS keys of the instances' volumes: starting an instance requires a grant on them for EC2. */
  volumeKmsKeyArns?: string[];
  settings: Settings;
}

const ACTIONS = { stop: "StopInstances", start: "StartInstances" } as const;
type Event = keyof typeof ACTIONS;

/** Stops and starts machines on a schedule. */
export class Schedule extends Construct {
  constructor(scope: Construct, id: string, props: ScheduleProps) {
    super(scope, id);
    const { targets } = props;
    if (isFleet(targets)) this.scale(targets, props);
    else this.switch(targets, props);
  }

  /** An Auto Scaling group would replace a stopped instance, so it is scaled to 0 and back to its minimum size. */
  private scale({ autoScalingGroupName, minSize }: Fleet & { minSize: number }, { prefix, settings }: ScheduleProps) {
    for (const [event, cron] of events(settings)) {
      const size = event === "stop" ? 0 : minSize;
      new AutoscalingSchedule(this, event, {
        scheduledActionName: `${prefix}-${event}`,
        autoscalingGroupName: autoScalingGroupName,
        recurrence: unixCron(cron),
        timeZone: settings.timezone,
        minSize: size,
        maxSize: -1, // unchanged
        desiredCapacity: size,
      });
    }
  }

  private switch({ instances }: Instances, { prefix, settings, volumeKmsKeyArns = [] }: ScheduleProps) {
    const ids = [...instances].sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ instanceId }) => instanceId);
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const planned = events(settings);
    const statements: Statement[] = [
      {
        Action: planned.map(([event]) => `ec2:${ACTIONS[event]}`),
        Resource: ids.map((instance) => `arn:aws:ec2:*:${accountId}:instance/${instance}`),
      },
    ];
    if (settings.start !== undefined && volumeKmsKeyArns.length > 0) {
      statements.push({
        Action: "kms:CreateGrant",
        Resource: [...volumeKmsKeyArns].sort(),
        Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
      });
    }
    const role = new ManagedRole(this, "role", {
      name: `${prefix}-schedule`,
      assumeRolePolicy: policy({
        Principal: { Service: "scheduler.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": accountId } },
      }),
      policyArns: {},
      policies: { "stop-and-start": policy(...statements) },
    });
    for (const [event, cron] of planned) {
      const action = ACTIONS[event];
      new SchedulerSchedule(this, event, {
        name: `${prefix}-${event}`,
        description: `${event === "stop" ? "Stops" : "Starts"} the machines of ${prefix}`,
        scheduleExpression: awsCron(cron),
        scheduleExpressionTimezone: settings.timezone,
        flexibleTimeWindow: { mode: "OFF" },
        target: {
          arn: `arn:aws:scheduler:::aws-sdk:ec2:${action.charAt(0).toLowerCase()}${action.slice(1)}`,
          roleArn: role.arn,
          input: JSON.stringify({ InstanceIds: ids }),
          // the default is to retry for a day, which could stop machines in the morning
          retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 20 },
        },
        dependsOn: role.policies,
      });
    }
  }
}

const events = (settings: Settings): [Event, string][] =>
  (["start", "stop"] as const).flatMap((event) => {
    const cron = settings[event];
    return cron === undefined ? [] : [[event, cron] as [Event, string]];
  });

const isCron = (text: string) => cronSchema.safeParse(text).success;
