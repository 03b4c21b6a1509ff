import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DlmLifecyclePolicy } from "@cdktf/provider-aws/lib/dlm-lifecycle-policy";
import { Construct } from "constructs";
import { z } from "zod";
import { volumeKeyStatements } from "../aws/kms/volume-key";
import { ManagedRole } from "../common/iam/managed-role";
import { policy } from "../common/iam/policy";

/** Settings of the volume snapshots. */
export const snapshotsShape = {
  /** Snapshots of all volumes of every machine, crash-consistent per machine. Bounds: DLM API reference. */
  snapshots: z
    .strictObject({
      /** Interval, hours: 1, 2, 3, 4, 6, 8, 12 or 24. */
      intervalHours: z.literal([1, 2, 3, 4, 6, 8, 12, 24]).default(24),
      /** Time of the first snapshot of a day in UTC, `HH:MM`; it starts within the following hour. */
      time: z
        .string()
        .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day in UTC such as "03:00"')
        .default("03:00"),
      /** Number of snapshots to retain per volume, 1 to 1000. */
      retain: z.int().min(1).max(1000).default(7),
      /** Copy the tags of the volume to the snapshot. */
      copyTags: z.boolean().default(true),
    })
    .optional(),
};
type Settings = NonNullable<z.output<(typeof snapshotsShape)["snapshots"]>>;

/** Tag by which the policy finds the machines. */
const TARGET_TAG = "SnapshotPolicy";
/** Tag of the snapshots that the role may delete; a different key, which copied tags cannot match. */
const SNAPSHOT_TAG = "SnapshotOf";

/** Tags of the instances to snapshot; none if `snapshots` is off. */
export const snapshotTags = (prefix: string, { snapshots }: { snapshots?: object }): Record<string, string> =>
  snapshots ? { [TARGET_TAG]: prefix } : {};

export interface SnapshotsProps {
  prefix: string;
  /** Customer managed keys of the machines' volumes, which the snapshots lie under too. */
  volumeKmsKeyArns?: string[];
  /** Tags of snapshots that do not have those of their volume. */
  stackTags?: Readonly<Record<string, string>>;
  settings: Settings;
}

/** Data Lifecycle Manager policy that snapshots the machines' volumes and deletes old snapshots. */
export class Snapshots extends Construct {
  readonly policyId: string;
  readonly policyArn: string;

  constructor(
    scope: Construct,
    id: string,
    { prefix, volumeKmsKeyArns = [], stackTags = {}, settings }: SnapshotsProps,
  ) {
    super(scope, id);
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const role = new ManagedRole(this, "role", {
      name: `${prefix}-snapshots`,
      assumeRolePolicy: policy({
        Principal: { Service: "dlm.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "aws:SourceAccount": accountId },
          ArnLike: { "aws:SourceArn": `arn:aws:dlm:*:${accountId}:policy/*` },
        },
      }),
      policyArns: {},
      policies: { snapshots: permissions(prefix, accountId, volumeKmsKeyArns) },
    });
    const lifecycle = new DlmLifecyclePolicy(this, "policy", {
      description: `Snapshots of the machines of ${prefix}`,
      executionRoleArn: role.arn,
      state: "ENABLED",
      policyDetails: {
        resourceTypes: ["INSTANCE"],
        targetTags: { [TARGET_TAG]: prefix },
        schedule: [
          {
            name: `${prefix}-snapshots`,
            createRule: { interval: settings.intervalHours, intervalUnit: "HOURS", times: [settings.time] },
            retainRule: { count: settings.retain },
            copyTags: settings.copyTags,
            tagsToAdd: { ...(!settings.copyTags && stackTags), [SNAPSHOT_TAG]: prefix },
          },
        ],
      },
      tags: { Name: `${prefix}-snapshots` },
      dependsOn: role.policies,
    });
    this.policyId = lifecycle.id;
    this.policyArn = lifecycle.arn;
  }
}

/** Like AWS's managed policy for the service, but limited to the machines of `prefix` and their snapshots. */
const permissions = (prefix: string, accountId: string, volumeKmsKeyArns: string[]) =>
  policy(
    {
      Sid: "Look",
      Action: ["ec2:DescribeInstances", "ec2:DescribeVolumes", "ec2:DescribeSnapshots"],
      Resource: "*", // these actions have no resources
    },
    {
      Sid: "SnapshotMachines",
      Action: "ec2:CreateSnapshots",
      Resource: `arn:aws:ec2:*:${accountId}:instance/*`,
      Condition: { StringEquals: { [`aws:ResourceTag/${TARGET_TAG}`]: prefix } },
    },
    {
      Sid: "SnapshotVolumes",
      Action: ["ec2:CreateSnapshot", "ec2:CreateSnapshots"],
      Resource: [`arn:aws:ec2:*:${accountId}:volume/*`, "arn:aws:ec2:*::snapshot/*"],
    },
    { Sid: "Tag", Action: "ec2:CreateTags", Resource: "arn:aws:ec2:*::snapshot/*" },
    {
      Sid: "DeleteOwn",
      Action: "ec2:DeleteSnapshot",
      Resource: "arn:aws:ec2:*::snapshot/*",
      Condition: { StringEquals: { [`aws:ResourceTag/${SNAPSHOT_TAG}`]: prefix } },
    },
    // Source: EBS User Guide, "Control access to Amazon Data Lifecycle Manager using IAM", permissions for encryption
    ...volumeKeyStatements(volumeKmsKeyArns),
  );
