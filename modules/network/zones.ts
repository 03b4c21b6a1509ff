import { DataAwsAvailabilityZones } from "@cdktf/provider-aws/lib/data-aws-availability-zones";
import type { Construct } from "constructs";

/** Zones that do not support EKS control planes. Source: EKS user guide, "Amazon EKS networking requirements". */
const ZONES_WITHOUT_EKS = ["use1-az3", "usw1-az2", "cac1-az3"];

/** The region's first `count` availability zones, without Local Zones and Wavelength Zones; the plan fails if there are fewer. */
export function regionZones(scope: Construct, count: number, excludeZoneIds = ZONES_WITHOUT_EKS): string[] {
  const advice = "Lower azCount, shorten excludeZoneIds, or name the zones in azs.";
  const zones = new DataAwsAvailabilityZones(scope, "zones", {
    state: "available",
    filter: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
    ...(excludeZoneIds.length > 0 && { excludeZoneIds }),
    lifecycle: {
      postcondition: [
        {
          condition: `\${length(self.names) >= ${count}}`,
          errorMessage: `The network needs ${count} availability zones, but the region offers \${length(self.names)}. ${advice}`,
        },
      ],
    },
  });
  // By index, because element() wraps around, which would put two subnets of a tier into one zone.
  return [...Array(count).keys()].map((index) => zones.getStringAttribute(`names[${index}]`));
}
