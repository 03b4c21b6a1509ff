import { AutoscalingGroup, type AutoscalingGroupConfig } from "@cdktf/provider-aws/lib/autoscaling-group";
import { AutoscalingPolicy } from "@cdktf/provider-aws/lib/autoscaling-policy";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { Fn, TerraformLocal, Token } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { hardwareOf } from "../aws/ec2/instance-types";
import { instanceTypeSchema } from "../aws/ec2/machine-settings";
import { areDistinct } from "../common/collections";
import { refuse } from "../common/settings/faults";
import { show } from "../common/settings/props";
import { blockDeviceMappings, type DataVolume } from "./data-volumes";
import { imageId } from "./image";
import { type MachineProps, type MachineSettings, rootVolumeGib, subnetsFor, TAGGED_METADATA } from "./machine";
import { SCHEDULED_FLEET_IGNORES } from "./schedule";

/** Members of a group: AWS sets no limit below its quotas; more than this is hardly meant. */
const size = z.int().min(0).max(100);

const fleetSchema = z
  .strictObject({
    /** Least number of machines, 0 to 100; 1, as the document says. */
    minSize: size.default(1),
    /** Greatest number of machines, 1 to 100; 10, as the document says. */
    maxSize: size.min(1).default(10),
    /** Number to begin with, from `minSize` to `maxSize`, after which `targetCpu` decides; `minSize` when absent. */
    desiredSize: size.optional(),
    /**
     * Percent of the CPU, 10 to 90, about which the fleet is held by starting and ending machines; 70 by default. `false`
     * leaves the number alone, for jobs that must not be cut short.
     */
    targetCpu: z
      .union([z.literal(false), z.number().min(10).max(90)], {
        error: ({ input }) => `must be a number from 10 to 90, or false, got ${show(input)}`,
      })
      .default(70),
    /** Seconds, 0 to 3600, from the start of a machine until it counts as ready; 900, since it first installs its libraries. */
    warmupSeconds: z.int().min(0).max(3600).default(900),
    /** Further instance types, at most 39, in the order of preference; for spot, the more there are the fewer interruptions. */
    otherInstanceTypes: z
      .array(instanceTypeSchema)
      .max(39) // EC2 Auto Scaling quotas: 40 types of a mixed group
      .refine(areDistinct, "must name each type once")
      .default([]),
    /** Percent, 0 to 100, of the machines beyond `onDemandBase` that are spot; 0 by default. */
    spotPercentage: z.int().min(0).max(100).default(0),
    /** Machines, 0 to 100, that are never spot; 0 by default. */
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

/** Inputs that concern machines that come and go. */
export const fleetShape = {
  /** Auto Scaling group in place of `instanceCount` machines; none when absent. */
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
    refuse(ctx, ["terminationProtection"], "must be false with fleet, whose machines come and go, got true");
  }
  if (settings.userDataReplaceOnChange) {
    refuse(
      ctx,
      ["userDataReplaceOnChange"],
      "must be false with fleet, which always replaces its machines by turns, got true",
    );
  }
  const fault = typesFault(settings, fleet);
  if (fault) refuse(ctx, ["fleet", "otherInstanceTypes"], `${fault}, got ${fleet.otherInstanceTypes.join(", ")}`);
}

/** What is wrong with the types of a fleet together: they share one image and one script. */
function typesFault({ instanceType, amiId }: MachineSettings, { otherInstanceTypes }: FleetSettings) {
  if (otherInstanceTypes.length === 0) return undefined;
  if (otherInstanceTypes.includes(instanceType)) return `must not repeat instanceType (${instanceType})`;
  const { faults } = hardwareOf({ instanceTypes: [instanceType, ...otherInstanceTypes] });
  if (faults.some(({ key }) => key === "instanceTypes")) {
    return `must have the architecture and the kind of accelerator of instanceType (${instanceType})`;
  }
  return faults.length > 0 && !amiId ? "must be types of this project's table, or amiId be given" : undefined;
}

export interface FleetProps extends MachineProps {
  /** Volumes that each machine is made with, and which go with it. */
  readonly dataVolumes: readonly DataVolume[];
  /** Whether a schedule empties and fills the fleet. */
  readonly scheduled: boolean;
  /** Target groups that the machines serve; their health checks then decide which machine is replaced. */
  readonly targetGroupArns: string[];
  readonly settings: MachineSettings & { readonly fleet: FleetSettings };
}

/** Machines that an Auto Scaling group starts, replaces when they fail, and renews by turns when their template changes. */
export class Fleet extends Construct {
  readonly autoScalingGroupName: string;
  readonly autoScalingGroupArn: string;
  readonly launchTemplateId: string;
  readonly minSize: number;

  constructor(scope: Construct, id: string, props: FleetProps) {
    super(scope, id);
    const { prefix, settings, targetGroupArns, dependsOn } = props;
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
      ...(spotPercentage > 0 && { capacityRebalance: true }), // replaces a machine that EC2 is about to take
      healthCheckType: targetGroupArns.length > 0 ? "ELB" : "EC2",
      healthCheckGracePeriod: warmupSeconds,
      defaultInstanceWarmup: warmupSeconds,
      ...(targetGroupArns.length > 0 && { targetGroupArns }),
      instanceRefresh: {
        strategy: "Rolling",
        // new machines before old ones go, and back to the old template when they do not become healthy
        preferences: { minHealthyPercentage: 100, maxHealthyPercentage: 110, autoRollback: true },
      },
      tag: Object.entries({ ...props.tags, Name: name }).map(([key, value]) => ({
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

  private template(name: string, props: FleetProps): LaunchTemplate {
    const { settings, securityGroupIds, dataVolumes } = props;
    const tags = { ...props.tags, Name: name };
    // The script is text in Terraform's own notation, which an argument of a function is not.
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
          deviceName: "/dev/xvda", // root of Amazon Linux 2023, with NVIDIA's driver too
          ebs: {
            volumeType: "gp3",
            volumeSize: rootVolumeGib(settings),
            encrypted: "true",
            kmsKeyId: settings.rootVolumeKmsKeyArn,
            deleteOnTermination: "true",
          },
        },
        ...blockDeviceMappings(dataVolumes),
      ],
      ...(props.detailedMonitoring && { monitoring: { enabled: true } }),
      // the provider's default tags end at the template
      tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({ resourceType, tags })),
      tags: { Name: name },
      // a newer image would renew the whole fleet at the next apply
      lifecycle: settings.amiId ? undefined : { ignoreChanges: ["image_id"] },
    });
  }
}

/** The template alone, or with several types and ways to pay. */
function launching(
  { id, latestVersion }: LaunchTemplate,
  { instanceType, fleet }: FleetProps["settings"],
): Partial<AutoscalingGroupConfig> {
  const version = Token.asString(latestVersion); // a number, which is what a rollback needs
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
