import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { ManagedRole } from "../../common/iam/managed-role";
import { policy, type Statement } from "../../common/iam/policy";
import { boundedName } from "../../common/names";

export interface AtOnceProps {
  /** Beginning of the schedule's name; one that is too long is cut and hashed. */
  readonly name: string;
  readonly roleName: string;
  /** What is wanted, as letters, digits and hyphens, at most 30: another one is started at once. */
  readonly tag: string;
  readonly description: string;
  readonly accountId: string;
  /** What the schedule's role may do. */
  readonly statement: Statement;
  readonly target: { readonly arn: string; readonly input: string };
  /** What must be there before it starts. */
  readonly ready: readonly ITerraformDependable[];
}

/**
 * Adds to `scope` a schedule that starts its target at once and then daily. A rate-based schedule invokes its target as soon as
 * it is created (EventBridge Scheduler User Guide, "Rate-based schedules"). As its name holds the tag, each new tag gets a
 * schedule of its own, which retries a failed call for a day. A bucket event would not do: S3 takes five minutes to start
 * sending them ("Enabling Amazon EventBridge"), and the first object is uploaded at once.
 */
export function startAtOnce(scope: Construct, props: AtOnceProps): void {
  const { name, tag, accountId, target } = props;
  const role = new ManagedRole(scope, "start-role", {
    name: props.roleName,
    assumeRolePolicy: policy({
      Principal: { Service: "scheduler.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "aws:SourceAccount": accountId } },
    }),
    policyArns: {},
    policies: { start: policy(props.statement) },
  });
  new SchedulerSchedule(scope, "start", {
    name: `${boundedName(64 - 1 - tag.length, name)}-${tag}`,
    description: props.description,
    scheduleExpression: "rate(1 day)",
    flexibleTimeWindow: { mode: "OFF" },
    target: { arn: target.arn, roleArn: role.arn, input: target.input },
    dependsOn: [...props.ready, ...role.policies],
  });
}
