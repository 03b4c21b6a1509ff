import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { Construct } from "constructs";
import { z } from "zod";
import { SharedFiles } from "../../../modules/aws/storage/shared-files";
import { parseProps } from "../../../modules/common/settings/props";
import { checkAlarms, maintenanceOptions } from "../../../modules/ml-ec2/alarms";
import { DataVolumes, dataVolumesShape, fleetVolumes } from "../../../modules/ml-ec2/data-volumes";
import { InstanceConnect, instanceConnectShape } from "../../../modules/ml-ec2/instance-connect";
import { Monitoring, monitoringShape } from "../../../modules/ml-ec2/monitoring";
import { checkMounts, sharedMountShape } from "../../../modules/ml-ec2/mounts";
import { Patching, patchingShape, patchTags } from "../../../modules/ml-ec2/patching";
import {
  checkSchedule,
  SCHEDULED_FLEET_IGNORES,
  Schedule,
  scheduleShape,
  stopsByPlan,
} from "../../../modules/ml-ec2/schedule";
import { Snapshots, snapshotsShape, snapshotTags } from "../../../modules/ml-ec2/snapshots";
import { TrainingLogs, trainingLogsShape } from "../../../modules/ml-ec2/training-logs";
import { rejects as rejectsProps } from "../../support/bad-input";
import { synth } from "../../support/synth";

const schema = z
  .strictObject({
    // inputs of other parts that the rules of these look at
    instanceType: z.string().default("t3.medium"),
    instanceCount: z.int().default(1),
    spot: z.boolean().default(false),
    fleet: z.strictObject({ minSize: z.int().default(1) }).optional(),
    ...trainingLogsShape,
    ...monitoringShape,
    ...scheduleShape,
    ...snapshotsShape,
    ...patchingShape,
    ...instanceConnectShape,
    ...sharedMountShape,
    ...dataVolumesShape,
  })
  .superRefine((settings, ctx) => {
    checkAlarms(settings, ctx);
    checkSchedule(settings, ctx);
    checkMounts(settings, ctx);
  });
export type OperationsSettings = z.input<typeof schema>;

const prefix = "ml-dev";

/** The parts about operations put together as the front door puts them, on a machine or a fleet with no more than it must have. */
export class Operations extends Construct {
  readonly logs: TrainingLogs;
  readonly monitoring: Monitoring;
  readonly dataVolumes?: DataVolumes;
  readonly sharedFiles?: SharedFiles;

  constructor(scope: Construct, id: string, props: OperationsSettings) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { schedule, snapshots, patching, sharedFiles, dataVolumes, fleet } = settings;

    const vpcId = new Vpc(this, "vpc", { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true }).id;
    const subnetIds = ["a", "b"].map(
      (zone, i) =>
        new Subnet(this, `subnet-${zone}`, {
          vpcId,
          cidrBlock: `10.0.${i}.0/24`,
          availabilityZone: `us-east-1${zone}`,
        }).id,
    );
    const subnetId = subnetIds[0] ?? "";
    const machineSecurityGroupId = new SecurityGroup(this, "machine", { namePrefix: "machine-", vpcId }).id;
    const tags = { ...snapshotTags(prefix, settings), ...patchTags(prefix, settings) };
    const ami = "ami-0123456789abcdef0";

    this.logs = new TrainingLogs(this, "logs", { prefix, settings });
    const instances = fleet
      ? []
      : Array.from({ length: settings.instanceCount }, (_, i) => {
          const instance = new Instance(this, `instance-${i}`, {
            ami,
            instanceType: settings.instanceType,
            subnetId,
            vpcSecurityGroupIds: [machineSecurityGroupId],
            maintenanceOptions: maintenanceOptions(settings),
            tags: { Name: `${prefix}-${i}`, ...tags },
          });
          return { key: `${i}`, instanceId: instance.id, availabilityZone: instance.availabilityZone };
        });
    const targets = fleet ? this.group({ ...fleet, ami, subnetId, settings, tags }) : { instances };
    this.monitoring = new Monitoring(this, "monitoring", {
      prefix,
      agentNamespace: "ml/dev",
      region: "us-east-1",
      targets,
      gpu: settings.instanceType.startsWith("g"),
      stops: stopsByPlan(schedule, fleet),
      settings,
    });
    const volumeKmsKeyArns = dataVolumes.flatMap(({ kmsKeyArn }) => kmsKeyArn ?? []);
    if (schedule) new Schedule(this, "schedule", { prefix, targets, volumeKmsKeyArns, settings: schedule });
    if (snapshots) new Snapshots(this, "snapshots", { prefix, settings: snapshots });
    if (patching) new Patching(this, "patching", { prefix, settings: patching });
    if (settings.instanceConnect) {
      new InstanceConnect(this, "instance-connect", { prefix, vpcId, subnetId, machineSecurityGroupId });
    }
    if (sharedFiles) {
      const { mountPoint, ...rest } = sharedFiles;
      const clientSecurityGroupIds = { machine: machineSecurityGroupId };
      this.sharedFiles = new SharedFiles(this, "shared-files", {
        name: prefix,
        vpcId,
        subnetIds,
        clientSecurityGroupIds,
        ...rest,
      });
    }
    if (dataVolumes.length > 0 && !fleet) {
      this.dataVolumes = new DataVolumes(this, "data-volumes", { prefix, instances, volumes: dataVolumes });
    }
  }

  private group({ minSize, ami, subnetId, settings, tags }: FleetInput) {
    const template = new LaunchTemplate(this, "template", {
      namePrefix: `${prefix}-`,
      imageId: ami,
      instanceType: settings.instanceType,
      blockDeviceMappings: fleetVolumes(settings.dataVolumes).map(({ mapping }) => mapping),
      tagSpecifications: [{ resourceType: "instance", tags: { Name: prefix, ...tags } }],
    });
    const group = new AutoscalingGroup(this, "group", {
      namePrefix: `${prefix}-`,
      minSize,
      maxSize: 10,
      vpcZoneIdentifier: [subnetId],
      launchTemplate: { id: template.id, version: "$Latest" },
      lifecycle: settings.schedule && { ignoreChanges: SCHEDULED_FLEET_IGNORES },
    });
    return { autoScalingGroupName: group.name, minSize };
  }
}

interface FleetInput {
  minSize: number;
  ami: string;
  subnetId: string;
  settings: z.output<typeof schema>;
  tags: Record<string, string>;
}

/** Synthesizes the parts; `seen` gets the construct. */
export const build = (settings: OperationsSettings = {}, seen?: (operations: Operations) => void) =>
  synth((stack) => {
    const operations = new Operations(stack, "ml", settings);
    seen?.(operations);
  });

/** Declares a test per row: a wrong setting, the key that the error names, and words of it. */
export const rejectsSettings = (...rows: readonly [key: string, settings: unknown, ...words: string[]][]) =>
  rejectsProps<unknown>(
    "test/ml",
    rows,
    (stack, settings) => new Operations(stack, "ml", settings as OperationsSettings),
  );

/** Settings that switch everything on. */
export const EVERYTHING = {
  instanceType: "g5.xlarge",
  logRetentionDays: 30,
  logKmsKeyArn: "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f",
  diskAlarmThreshold: 85,
  memoryAlarmThreshold: 90,
  gpuAlarmThreshold: 95,
  networkAnomalyAlarm: true,
  alertEmails: ["ops@example.com", "ml@example.com"],
  autoRecovery: true,
  dashboard: true,
  schedule: { stop: "0 20 * * MON-FRI", start: "0 8 * * MON-FRI", timezone: "Europe/Berlin" },
  snapshots: { intervalHours: 12, time: "01:30", retain: 14 },
  patching: { cron: "0 10 * * SUN", reboot: true },
  instanceConnect: true,
  sharedFiles: {},
  dataVolumes: [
    { name: "data", size: 500, mountPoint: "/data", iops: 6000, throughput: 500 },
    {
      name: "scratch",
      size: 100,
      mountPoint: "/scratch",
      kmsKeyArn: "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f",
    },
  ],
} satisfies OperationsSettings;

/** The same of a fleet, which has no recovery of single instances. */
export const FLEET = { ...EVERYTHING, autoRecovery: false, fleet: { minSize: 2 } } satisfies OperationsSettings;
