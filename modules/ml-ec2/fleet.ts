import { AutoscalingGroup, type AutoscalingGroupConfig } from "@cdktf/provider-aws/lib/autoscaling-group";
import { AutoscalingPolicy } from "@cdktf/provider-aws/lib/autoscaling-policy";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { Fn, type ITerraformDependable, TerraformLocal, Token } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { hardwareOf } from "../aws/ec2/instance-types";
import { instanceTypeSchema } from "../aws/ec2/machine-settings";
import { VolumeKeyGrant } from "../aws/kms/volume-key-grant";
import { areDistinct } from "../common/collections";
import { refuse } from "../common/settings/faults";
import { show } from "../common/settings/props";
import { blockDeviceMappings, type DataVolume } from "./data-volumes";
import { imageId } from "./image";
import { type MachineProps, type MachineSettings, rootVolumeGib, subnetsFor, TAGGED_METADATA } from "./machine";
import { SCHEDULED_FLEET_IGNORES } from "./schedule";

/** Size of a group: AWS has no limit below its quotas; a larger number is most likely a mistake. */
const size = z.int().min(0).max(100);

const fleetSchema = z
  .strictObject({
    /** Minimum number of machines, 0 to 100. */
    minSize: size.default(1),
    /** Maximum number of machines, 1 to 100. */
    maxSize: size.min(1).default(10),
    /** Initial number of machines, from `minSize` to `maxSize`, later set by `targetCpu`; `minSize` when absent. */
    desiredSize: size.optional(),
    /**
     * Target CPU utilization, percent, 10 to 90, for which machines are started and terminated. `false` keeps the number
     * of machines, for jobs that must not be interrupted.
     */
    targetCpu: z
      .union([z.literal(false), z.number().min(10).max(90)], {
        error: ({ input }) => `must be a number from 10 to 90, or false, got ${show(input)}`,
      })
      .default(70),
    /** Warm-up of a machine, seconds, 0 to 3600; it installs its libraries first. */
    warmupSeconds: z.int().min(0).max(3600).default(900),
    /** More instance types, at most 39, in order of preference. More types mean fewer spot interruptions. */
    otherInstanceTypes: z
      .array(instanceTypeSchema)
      .max(39) // EC2 Auto Scaling quotas: 40 types of a mixed group
      .refine(areDistinct, "must name each type once")
      .default([]),
    /** Percentage of spot machines beyond `onDemandBase`, 0 to 100. */
    spotPercentage: z.int().min(0).max(100).default(0),
    /** Number of machines that are always on-demand, 0 to 100. */
    onDemandBase: size.default(0),
  })
  .superRefine(({ minSize, maxSize, desiredSize, spotPercentage, onDemandBase }, ctx) => {
    if (maxSize < minSize) refuse(ctx, "maxSize", `must be at least minSize (${minSize}), got ${maxSize}`);
    else if (desiredSize !== undefined && (desiredSize < minSize || desiredSize > maxSize)) {
      refuse(ctx, "desiredSize", `must be from minSize (${minSize}) to maxSize (${maxSize}), got ${desiredSize}`);
    }
    if (onDemandBase > 0 && spotPercentage === 0) {
      refuse(ctx, "onDemandBase", `must be 0 where spotPercentage is 0, as all are on-demand, got ${onDemandBase}`);
    }
  });

/** Settings of the fleet. */
export const fleetShape = {
  /** Auto Scaling group instead of `instanceCount` machines. */
  fleet: fleetSchema.optional(),
};
export type FleetSettings = z.output<typeof fleetSchema>;

/** Rules between a fleet and the settings of its machines. */
export function checkFleet(settings: MachineSettings & { fleet?: FleetSettings }, ctx: z.RefinementCtx): void {
  const { fleet, instanceCount, spot } = settings;
  if (!fleet) return;
  if (instanceCount > 1)
    refuse(ctx, ["instanceCount"], `must be left out with fleet; set fleet.minSize, got ${instanceCount}`);
  if (spot) refuse(ctx, ["spot"], `must be false with fleet; set fleet.spotPercentage, got ${JSON.stringify(spot)}`);
  if (settings.terminationProtection) {
    refuse(ctx, ["terminationProtection"], "must be false with fleet, which terminates machines, got true");
  }
  if (settings.userDataReplaceOnChange) {
    refuse(
      ctx,
      ["userDataReplaceOnChange"],
      "must be false with fleet, which always replaces its machines by a rolling refresh, got true",
    );
  }
  const fault = typesFault(settings, fleet);
  if (fault) refuse(ctx, ["fleet", "otherInstanceTypes"], `${fault}, got ${fleet.otherInstanceTypes.join(", ")}`);
}

/** Fault of the instance types of a fleet, if any: they share one image and one script. */
function typesFault({ instanceType, amiId }: MachineSettings, { otherInstanceTypes }: FleetSettings) {
  if (otherInstanceTypes.length === 0) return undefined;
  if (otherInstanceTypes.includes(instanceType)) return `must not repeat instanceType (${instanceType})`;
  const { faults } = hardwareOf({ instanceTypes: [instanceType, ...otherInstanceTypes] });
  if (faults.some(({ path: [key] }) => key === "instanceTypes")) {
    return `must have the architecture and the kind of accelerator of instanceType (${instanceType})`;
  }
  return faults.length > 0 && !amiId ? "must be types in this project's table, or amiId must be given" : undefined;
}

export interface FleetProps extends MachineProps {
  /** Volumes that are created and deleted with each machine. */
  readonly dataVolumes: readonly DataVolume[];
  /** Tags of the stack, which neither the group nor what it starts would have otherwise. */
  readonly stackTags?: Readonly<Record<string, string>>;
  /** Whether a schedule stops and starts the fleet. */
  readonly scheduled: boolean;
  /** Target groups of the machines; with one, its health checks decide which machine is replaced. */
  readonly targetGroupArns: string[];
  readonly settings: MachineSettings & { readonly fleet: FleetSettings };
}

/** Auto Scaling group of machines, with a rolling refresh when the launch template changes. */
export class Fleet extends Construct {
  readonly autoScalingGroupName: string;
  readonly autoScalingGroupArn: string;
  readonly launchTemplateId: string;
  readonly minSize: number;

  constructor(scope: Construct, id: string, props: FleetProps) {
    super(scope, id);
    const { prefix, settings, targetGroupArns } = props;
    const dependsOn = [...props.dependsOn, ...this.keyGrants(props)];
    const { fleet } = settings;
    const { minSize, maxSize, desiredSize, warmupSeconds, targetCpu, spotPercentage } = fleet;
    const name = `${prefix}-ml-training`;
    const template = this.template(name, props);

    const group = new AutoscalingGroup(this, "group", {
      name,
      minSize,
      maxSize,
      desiredCapacity: desiredSize,
      vpcZoneIdentifier: subnetsFor(settings, props.network),
      ...launching(template, settings),
      ...(spotPercentage > 0 && { capacityRebalance: true }), // replaces a machine before EC2 interrupts it
      healthCheckType: targetGroupArns.length > 0 ? "ELB" : "EC2",
      healthCheckGracePeriod: warmupSeconds,
      defaultInstanceWarmup: warmupSeconds,
      targetGroupArns, // Absent, the provider keeps those of before.
      instanceRefresh: {
        strategy: "Rolling",
        // start new machines before old ones are terminated, and roll back if they do not become healthy
        preferences: { minHealthyPercentage: 100, maxHealthyPercentage: 110, autoRollback: true },
      },
      tag: Object.entries({ ...props.stackTags, ...props.tags, Name: name }).map(([key, value]) => ({
        key,
        value,
        propagateAtLaunch: true,
      })),
      ...(dependsOn.length > 0 && { dependsOn }),
      lifecycle: props.scheduled
        ? { ignoreChanges: SCHEDULED_FLEET_IGNORES }
        : desiredSize !== undefined && targetCpu !== false
          ? { ignoreChanges: ["desired_capacity"] }
          : undefined,
    });
    if (targetCpu !== false) {
      new AutoscalingPolicy(this, "target-cpu", {
        name: `${name}-cpu`,
        autoscalingGroupName: group.name,
        policyType: "TargetTrackingScaling",
        targetTrackingConfiguration: {
          predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
          targetValue: targetCpu,
        },
      });
    }
    this.autoScalingGroupName = group.name;
    this.autoScalingGroupArn = group.arn;
    this.launchTemplateId = template.id;
    this.minSize = minSize;
  }

  /** Lets Auto Scaling create the volumes, by a grant on each key. */
  private keyGrants({ settings, dataVolumes }: FleetProps): ITerraformDependable[] {
    const root = settings.diskKmsKeyArn;
    const keys = new Map<string, string>(root === undefined ? [] : [[root, "disk-key-grant"]]);
    for (const { name, kmsKeyArn } of dataVolumes) {
      if (kmsKeyArn !== undefined && !keys.has(kmsKeyArn)) keys.set(kmsKeyArn, `${name}-key-grant`);
    }
    return [...keys].flatMap(([keyArn, id]) => new VolumeKeyGrant(this, id, { keyArn }).ready);
  }

  private template(name: string, props: FleetProps): LaunchTemplate {
    const { settings, securityGroupIds, dataVolumes } = props;
    const tags = { ...props.stackTags, ...props.tags, Name: name };
    // A local, since the script is escaped as a Terraform string, which a function argument is not.
    const userData = new TerraformLocal(this, "user-data", props.userData);
    return new LaunchTemplate(this, "template", {
      namePrefix: `${name}-`,
      imageId: imageId(this, settings),
      instanceType: settings.instanceType,
      keyName: settings.keyName,
      iamInstanceProfile: { name: props.instanceProfileName },
      userData: Fn.base64encode(userData.asString),
      networkInterfaces: [
        {
          associatePublicIpAddress: String(settings.placement === "public"),
          deleteOnTermination: "true",
          securityGroups: securityGroupIds,
        },
      ],
      metadataOptions: TAGGED_METADATA,
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda", // root device of Amazon Linux 2023, with and without NVIDIA's driver
          ebs: {
            volumeType: "gp3",
            volumeSize: rootVolumeGib(settings),
            encrypted: "true",
            kmsKeyId: settings.diskKmsKeyArn,
            deleteOnTermination: "true",
          },
        },
        ...blockDeviceMappings(dataVolumes),
      ],
      ...(props.detailedMonitoring && { monitoring: { enabled: true } }),
      // the provider's default tags apply to the template only
      tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({ resourceType, tags })),
      tags: { Name: name },
      // a newer image would refresh the whole fleet at the next apply
      lifecycle: settings.amiId ? undefined : { ignoreChanges: ["image_id"] },
    });
  }
}

/** Launch template alone, or in a mixed instances policy. */
function launching(
  { id, latestVersion }: LaunchTemplate,
  { instanceType, fleet }: FleetProps["settings"],
): Partial<AutoscalingGroupConfig> {
  const version = Token.asString(latestVersion); // a number, which a rollback requires
  const { spotPercentage, onDemandBase, otherInstanceTypes } = fleet;
  if (spotPercentage === 0 && otherInstanceTypes.length === 0) return { launchTemplate: { id, version } };
  return {
    mixedInstancesPolicy: {
      instancesDistribution: {
        onDemandAllocationStrategy: "prioritized",
        onDemandBaseCapacity: onDemandBase,
        onDemandPercentageAboveBaseCapacity: 100 - spotPercentage,
        ...(spotPercentage > 0 && { spotAllocationStrategy: "price-capacity-optimized" }),
      },
      launchTemplate: {
        launchTemplateSpecification: { launchTemplateId: id, version },
        override: [instanceType, ...otherInstanceTypes].map((type) => ({ instanceType: type })),
      },
    },
  };
}
