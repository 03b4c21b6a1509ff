import type { Construct } from "constructs";
import { z } from "zod";
import {
  checkFleetShape,
  Fleet,
  fleetShape as fleetSettings,
  fleetSize,
  fleetTypes,
  fleetTypesFault,
  MAX_FLEET_TYPES,
} from "../aws/ec2/fleet";
import { refuse } from "../common/settings/faults";
import { show } from "../common/settings/props";
import { type DataVolume, fleetVolumes } from "./data-volumes";
import { type MachineProps, type MachineSettings, rootVolumeGib, subnetsFor, TAGGED_METADATA } from "./machine";
import { SCHEDULED_FLEET_IGNORES } from "./schedule";

const fleetSchema = z
  .strictObject({
    ...fleetSettings({ minSize: 1, maxSize: 10, warmupSeconds: 900, spotPercentage: 0 }),
    /** Initial number of machines, from `minSize` to `maxSize`, later set by `targetCpu`; `minSize` when absent. */
    desiredSize: fleetSize.optional(),
    /**
     * Target CPU utilization, percent, 10 to 90, for which machines are started and terminated. `false` keeps the number
     * of machines, for jobs that must not be interrupted.
     */
    targetCpu: z
      .union([z.literal(false), z.number().min(10).max(90)], {
        error: ({ input }) => `must be a number from 10 to 90, or false, got ${show(input)}`,
      })
      .default(70),
    /** More instance types, at most 39, in order of preference. More types mean fewer spot interruptions. */
    otherInstanceTypes: fleetTypes.max(MAX_FLEET_TYPES - 1).default([]),
  })
  .superRefine((fleet, ctx) => {
    checkFleetShape(fleet, ctx);
    const { minSize, maxSize, desiredSize } = fleet;
    if (maxSize >= minSize && desiredSize !== undefined && (desiredSize < minSize || desiredSize > maxSize)) {
      refuse(ctx, "desiredSize", `must be from minSize (${minSize}) to maxSize (${maxSize}), got ${desiredSize}`);
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

/** Fault of the instance types of a fleet, if any. */
function typesFault({ instanceType, amiId }: MachineSettings, { otherInstanceTypes }: FleetSettings) {
  if (otherInstanceTypes.includes(instanceType)) return `must not repeat instanceType (${instanceType})`;
  return fleetTypesFault([instanceType, ...otherInstanceTypes], "amiId", amiId);
}

export interface MachineFleetProps extends MachineProps {
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

/** Fleet of the machines. */
export function machineFleet(scope: Construct, id: string, props: MachineFleetProps): Fleet {
  const { prefix, settings, dataVolumes } = props;
  const { fleet, instanceType, amiId } = settings;
  const { desiredSize, targetCpu } = fleet;
  return new Fleet(scope, id, {
    name: `${prefix}-ml-training`,
    subnetIds: subnetsFor(settings, props.network),
    instanceTypes: [instanceType, ...fleet.otherInstanceTypes],
    amiId,
    sizes: fleet,
    scaling: targetCpu === false ? undefined : { cpu: targetCpu },
    keyName: settings.keyName,
    instanceProfileName: props.instanceProfileName,
    securityGroupIds: props.securityGroupIds,
    publicAddress: settings.placement === "public",
    metadataOptions: TAGGED_METADATA,
    userData: props.userData,
    rootVolume: { gib: rootVolumeGib(settings), kmsKeyArn: settings.diskKmsKeyArn },
    dataVolumes: fleetVolumes(dataVolumes),
    detailedMonitoring: props.detailedMonitoring,
    tags: { ...props.stackTags, ...props.tags },
    targetGroupArns: props.targetGroupArns,
    ignoreChanges: props.scheduled
      ? SCHEDULED_FLEET_IGNORES
      : desiredSize !== undefined && targetCpu !== false
        ? ["desired_capacity"]
        : undefined,
    dependsOn: props.dependsOn,
  });
}
