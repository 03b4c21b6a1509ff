import { AutoscalingGroup, type AutoscalingGroupConfig } from "@cdktf/provider-aws/lib/autoscaling-group";
import { AutoscalingLifecycleHook } from "@cdktf/provider-aws/lib/autoscaling-lifecycle-hook";
import { AutoscalingPolicy } from "@cdktf/provider-aws/lib/autoscaling-policy";
import {
  LaunchTemplate,
  type LaunchTemplateBlockDeviceMappings,
  type LaunchTemplateConfig,
} from "@cdktf/provider-aws/lib/launch-template";
import { Fn, type ITerraformDependable, TerraformLocal, Token } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { areDistinct } from "../../common/collections";
import { refuse } from "../../common/settings/faults";
import { VolumeKeyGrant } from "../kms/volume-key-grant";
import { BACKLOG_GROUP_METRICS, BacklogScaling, type QueuesByKey } from "./backlog-scaling";
import { hardwareOf } from "./instance-types";
import { imageId } from "./machine-image";
import { instanceTypeSchema, METADATA_OPTIONS } from "./machine-settings";

/** Size of a group: AWS has no limit below its quotas; a larger number is most likely a mistake. */
export const fleetSize = z.int().min(0).max(100);

/** Instance types of a group, each once. */
export const fleetTypes = z.array(instanceTypeSchema).refine(areDistinct, "must name each type once");

/** Source: EC2 Auto Scaling quotas, instance types of a mixed group. */
export const MAX_FLEET_TYPES = 40;

interface FleetDefaults {
  readonly minSize: number;
  readonly maxSize: number;
  readonly warmupSeconds: number;
  readonly spotPercentage: number;
}

/** Settings of any fleet, with these defaults. */
export const fleetShape = ({ minSize, maxSize, warmupSeconds, spotPercentage }: FleetDefaults) => ({
  /** Minimum number of machines, 0 to 100. */
  minSize: fleetSize.default(minSize),
  /** Maximum number of machines, 1 to 100. */
  maxSize: fleetSize.min(1).default(maxSize),
  /** Warm-up of a machine, seconds, 0 to 3600; it installs its libraries first. */
  warmupSeconds: z.int().min(0).max(3600).default(warmupSeconds),
  /** Percentage of spot machines beyond `onDemandBase`, 0 to 100. */
  spotPercentage: z.int().min(0).max(100).default(spotPercentage),
  /** Number of machines that are always on-demand, 0 to 100. */
  onDemandBase: fleetSize.default(0),
});
type Sizes = z.output<z.ZodObject<ReturnType<typeof fleetShape>>>;

/** Rules across the settings of any fleet. */
export function checkFleetShape(settings: Sizes, ctx: z.RefinementCtx): void {
  const { minSize, maxSize, spotPercentage, onDemandBase } = settings;
  if (maxSize < minSize) refuse(ctx, "maxSize", `must be at least minSize (${minSize}), got ${maxSize}`);
  if (onDemandBase > 0 && spotPercentage === 0) {
    refuse(ctx, "onDemandBase", `must be 0 where spotPercentage is 0, as all are on-demand, got ${onDemandBase}`);
  }
}

/**
 * Fault of the instance types of a fleet, if any: they share one image and one script. `imageKey` is the setting of the
 * image, and `image` what it is.
 */
export function fleetTypesFault(
  instanceTypes: readonly [string, ...string[]],
  imageKey: string,
  image?: string,
): string | undefined {
  const [first, ...others] = instanceTypes;
  if (others.length === 0) return undefined;
  const { faults } = hardwareOf({ instanceTypes });
  if (faults.some(({ path: [key] }) => key === "instanceTypes")) {
    return `must have the architecture and the kind of accelerator of ${first}`;
  }
  return faults.length > 0 && !image
    ? `must be types in this project's table, or ${imageKey} must be given`
    : undefined;
}

/** What a group holds: the CPU utilization in percent, or the messages of SQS queues for each machine. */
export type FleetScaling =
  | { readonly cpu: number }
  | { readonly queues: QueuesByKey; readonly messagesPerMachine: number };

/** Volume of each machine beside its root. */
export interface FleetVolume {
  readonly name: string;
  readonly kmsKeyArn?: string;
  readonly mapping: LaunchTemplateBlockDeviceMappings;
}

export interface FleetProps {
  /** Name of the group and its machines. */
  readonly name: string;
  readonly subnetIds: string[];
  /** In order of preference where all are on-demand. */
  readonly instanceTypes: readonly [string, ...string[]];
  /** Fixed image; the newest for the first type at the first apply when absent. */
  readonly amiId?: string;
  /** SSM parameter of the image instead: each machine starts from the newest of its time. */
  readonly imageParameter?: string;
  readonly sizes: Sizes & { readonly desiredSize?: number };
  /** How the number of machines follows the work; it stays when absent. */
  readonly scaling?: FleetScaling;
  readonly keyName?: string;
  readonly instanceProfileName: string;
  readonly securityGroupIds: string[];
  /** Whether machines get public addresses. */
  readonly publicAddress: boolean;
  readonly metadataOptions?: LaunchTemplateConfig["metadataOptions"];
  /** User data as a Terraform string: references stay, and shell expansions are escaped. */
  readonly userData: string;
  readonly rootVolume: { readonly gib: number; readonly kmsKeyArn?: string };
  /** Volumes that are created and deleted with each machine. */
  readonly dataVolumes?: readonly FleetVolume[];
  /** EC2 metrics every minute instead of every five, at extra cost. */
  readonly detailedMonitoring?: boolean;
  /** Tags of the group and of what it starts, which the provider's default tags do not reach. */
  readonly tags: Readonly<Record<string, string>>;
  /** Target groups of the machines; with one, its health checks decide which machine is replaced. */
  readonly targetGroupArns?: string[];
  /** Seconds that a machine which is about to be terminated keeps, to save its work. */
  readonly terminationSeconds?: number;
  /** Attributes of the group that Terraform must leave to others, in its spelling. */
  readonly ignoreChanges?: string[];
  /** What a machine needs at boot: permissions, routes to the internet. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** Auto Scaling group of machines, with a rolling refresh when the launch template changes. */
export class Fleet extends Construct {
  readonly autoScalingGroupName: string;
  readonly autoScalingGroupArn: string;
  readonly launchTemplateId: string;
  readonly minSize: number;

  constructor(scope: Construct, id: string, props: FleetProps) {
    super(scope, id);
    const { name, sizes, scaling, targetGroupArns = [] } = props;
    const { minSize, maxSize, desiredSize, warmupSeconds, spotPercentage } = sizes;
    const dependsOn = [...props.dependsOn, ...this.keyGrants(props)];
    const template = this.template(props);
    const byQueues = scaling !== undefined && "queues" in scaling;

    const group = new AutoscalingGroup(this, "group", {
      name,
      minSize,
      maxSize,
      desiredCapacity: desiredSize,
      vpcZoneIdentifier: props.subnetIds,
      ...launching(template, props),
      ...(spotPercentage > 0 && { capacityRebalance: true }), // replaces a machine before EC2 interrupts it
      healthCheckType: targetGroupArns.length > 0 ? "ELB" : "EC2",
      healthCheckGracePeriod: warmupSeconds,
      defaultInstanceWarmup: warmupSeconds,
      targetGroupArns, // Absent, the provider keeps those of before.
      ...(byQueues && { enabledMetrics: BACKLOG_GROUP_METRICS }),
      instanceRefresh: {
        strategy: "Rolling",
        preferences: {
          // start new machines before old ones are terminated, and roll back if they do not become healthy
          minHealthyPercentage: 100,
          maxHealthyPercentage: 110,
          // Source: EC2 Auto Scaling API reference, RollbackInstanceRefresh: not to a template whose image is a parameter
          ...(props.imageParameter === undefined && { autoRollback: true }),
          ...(byQueues && { scaleInProtectedInstances: "Ignore" }), // a job goes on with the template that it began with
        },
      },
      tag: Object.entries({ ...props.tags, Name: name }).map(([key, value]) => ({
        key,
        value,
        propagateAtLaunch: true,
      })),
      ...(dependsOn.length > 0 && { dependsOn }),
      lifecycle: props.ignoreChanges && { ignoreChanges: props.ignoreChanges },
    });
    if (props.terminationSeconds !== undefined) {
      new AutoscalingLifecycleHook(this, "termination", {
        name: `${name}-termination`,
        autoscalingGroupName: group.name,
        lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
        heartbeatTimeout: props.terminationSeconds,
        defaultResult: "CONTINUE",
      });
    }
    if (scaling) this.scale(name, group, scaling);
    this.autoScalingGroupName = group.name;
    this.autoScalingGroupArn = group.arn;
    this.launchTemplateId = template.id;
    this.minSize = minSize;
  }

  private scale(name: string, group: AutoscalingGroup, scaling: FleetScaling): void {
    if ("queues" in scaling) {
      const { queues, messagesPerMachine: target } = scaling;
      new BacklogScaling(this, "scaling", { name, group, queues, target });
      return;
    }
    new AutoscalingPolicy(this, "target-cpu", {
      name: `${name}-cpu`,
      autoscalingGroupName: group.name,
      policyType: "TargetTrackingScaling",
      targetTrackingConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
        targetValue: scaling.cpu,
      },
    });
  }

  /** Lets Auto Scaling create the volumes, by a grant on each key. */
  private keyGrants({ rootVolume, dataVolumes = [] }: FleetProps): ITerraformDependable[] {
    const root = rootVolume.kmsKeyArn;
    const keys = new Map<string, string>(root === undefined ? [] : [[root, "disk-key-grant"]]);
    for (const { name, kmsKeyArn } of dataVolumes) {
      if (kmsKeyArn !== undefined && !keys.has(kmsKeyArn)) keys.set(kmsKeyArn, `${name}-key-grant`);
    }
    return [...keys].flatMap(([keyArn, id]) => new VolumeKeyGrant(this, id, { keyArn }).ready);
  }

  private template(props: FleetProps): LaunchTemplate {
    const { name, instanceTypes, amiId, imageParameter, rootVolume, dataVolumes = [] } = props;
    const [instanceType] = instanceTypes;
    const tags = { ...props.tags, Name: name };
    // A local, since the script is escaped as a Terraform string, which a function argument is not.
    const userData = new TerraformLocal(this, "user-data", props.userData);
    return new LaunchTemplate(this, "template", {
      namePrefix: `${name}-`,
      // Source: EC2 User Guide, "Use a Systems Manager parameter instead of an AMI ID"
      imageId: imageParameter ? `resolve:ssm:${imageParameter}` : imageId(this, { instanceType, amiId }),
      instanceType,
      keyName: props.keyName,
      iamInstanceProfile: { name: props.instanceProfileName },
      userData: Fn.base64encode(userData.asString),
      networkInterfaces: [
        {
          associatePublicIpAddress: String(props.publicAddress),
          deleteOnTermination: "true",
          securityGroups: props.securityGroupIds,
        },
      ],
      metadataOptions: props.metadataOptions ?? METADATA_OPTIONS,
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda", // root device of Amazon Linux 2023, with and without NVIDIA's driver
          ebs: {
            volumeType: "gp3",
            volumeSize: rootVolume.gib,
            encrypted: "true",
            kmsKeyId: rootVolume.kmsKeyArn,
            deleteOnTermination: "true",
          },
        },
        ...dataVolumes.map(({ mapping }) => mapping),
      ],
      ...(props.detailedMonitoring && { monitoring: { enabled: true } }),
      // the provider's default tags apply to the template only
      tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({ resourceType, tags })),
      tags: { Name: name },
      // a newer image would refresh the whole fleet at the next apply
      lifecycle: amiId || imageParameter ? undefined : { ignoreChanges: ["image_id"] },
    });
  }
}

/** Launch template alone, or in a mixed instances policy. */
function launching(
  { id, latestVersion }: LaunchTemplate,
  { instanceTypes, sizes: { spotPercentage, onDemandBase } }: FleetProps,
): Partial<AutoscalingGroupConfig> {
  const version = Token.asString(latestVersion); // a number, which a rollback requires
  if (spotPercentage === 0 && instanceTypes.length === 1) return { launchTemplate: { id, version } };
  return {
    mixedInstancesPolicy: {
      instancesDistribution: {
        onDemandAllocationStrategy: "prioritized",
        onDemandBaseCapacity: onDemandBase,
        onDemandPercentageAboveBaseCapacity: 100 - spotPercentage,
        spotAllocationStrategy: "price-capacity-optimized", // always, as the provider keeps what is no longer mentioned
      },
      launchTemplate: {
        launchTemplateSpecification: { launchTemplateId: id, version },
        override: instanceTypes.map((instanceType) => ({ instanceType })),
      },
    },
  };
}
