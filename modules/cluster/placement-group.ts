import { PlacementGroup } from "@cdktf/provider-aws/lib/placement-group";
import type { Construct } from "constructs";
import { makesPlacementGroup } from "./group-rules";
import type { NodePool } from "./node-pool";

/** Name of the placement group that the pool's nodes start in, which is created unless it is the user's; undefined for none. */
export function placementGroup(
  scope: Construct,
  { name, settings }: Pick<NodePool, "name" | "settings">,
  { clusterName }: { readonly clusterName: string },
): string | undefined {
  if (!makesPlacementGroup(settings)) return settings.placementGroupName;
  // At most 255 characters: a cluster's name has up to 100, a group's up to 63.
  return new PlacementGroup(scope, "placement-group", { name: `${clusterName}-${name}`, strategy: "cluster" }).name;
}
