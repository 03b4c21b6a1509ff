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

/** Inputs that concern when the machines run. */
export const scheduleShape = {
  /** When the machines stop and start, to pay for the hours of work only; they run all the time when absent. */
  schedule: z
    .strictObject({
      /** When they stop: `minute hour day-of-month month day-of-week`, such as `0 20 * * MON-FRI`. Without it they are only started. */
      stop: cronSchema.optional(),
      /** When they start, in the same form, such as `0 8 * * MON-FRI`. Without it they are only stopped, and someone starts them. */
      start: cronSchema.optional(),
      /** IANA time zone of both; UTC by default. */
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
        refuse(ctx, "start", `must be another time than stop, got ${start}`);
      }
    })
    .optional(),
};
type Settings = NonNullable<z.output<(typeof scheduleShape)["schedule"]>>;

interface Machines {
  schedule?: Settings;
  fleet?: { readonly minSize: number };
}

/** Rules across the schedule and the machines it is for. */
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
      `must be left out where fleet.minSize is 0: it would start none, got ${schedule.start}`,
    );
  }
}

/** Whether the machines are off at times by plan, so that silence is no fault. */
export const stopsByPlan = (schedule: Machines["schedule"], fleet?: Machines["fleet"]): boolean =>
  schedule?.stop !== undefined || fleet?.minSize === 0;

/**
 * What Terraform must leave alone in a fleet with a schedule, in its own words: an apply at night would otherwise wake
 * the fleet up.
 */
export const SCHEDULED_FLEET_IGNORES = ["min_size", "desired_capacity"];

export interface ScheduleProps {
  prefix: string;
  /** Instances that are stopped and started, or the fleet, with the number of machines that it starts with. */
  targets: Instances | (Fleet & { readonly minSize: number });
  /** KMS keys of the instances' volumes: who starts an instance must be able to let EC2 use them. */
  volumeKmsKeyArns?: string[];
  settings: Settings;
}

const ACTIONS = { stop: "StopInstances", start: "StartInstances" } as const;
type Event = keyof typeof ACTIONS;

/** Stops and starts machines by the clock. */
export class Schedule extends Construct {
  constructor(scope: Construct, id: string, props: ScheduleProps) {
    super(scope, id);
    const { targets } = props;
    if (isFleet(targets)) this.scale(targets, props);
    else this.switch(targets, props);
  }

  /** A group would replace an instance that was stopped: it is emptied, and filled up to its least size. */
  private scale({ autoScalingGroupName, minSize }: Fleet & { minSize: number }, { prefix, settings }: ScheduleProps) {
    for (const [event, cron] of events(settings)) {
      const size = event === "stop" ? 0 : minSize;
      new AutoscalingSchedule(this, event, {
        scheduledActionName: `${prefix}-${event}`,
        autoscalingGroupName: autoScalingGroupName,
        recurrence: unixCron(cron),
        timeZone: settings.timezone,
        minSize: size,
        maxSize: -1, // as it is
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
          // by itself it would try for a day, and stop in the morning what it could not stop in the evening
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
