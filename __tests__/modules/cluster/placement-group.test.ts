import { PlacementGroup } from "@cdktf/provider-aws/lib/placement-group";
import { expect, it } from "vitest";
import { nodeGroupSchema } from "../../../modules/cluster/group-rules";
import { placementGroup } from "../../../modules/cluster/placement-group";
import { synth } from "../../support/synth";

function made(settings: object) {
  const group = { instanceTypes: ["c5n.18xlarge"], minSize: 0, maxSize: 2, subnetIndex: 0, ...settings };
  let name: string | undefined;
  const { all } = synth((stack) => {
    name = placementGroup(stack, { name: "runner-a", settings: nodeGroupSchema.parse(group) }, { clusterName: "ml" });
    return { name };
  });
  return { name, groups: all(PlacementGroup) };
}

it("is created where the pool wants one, or the user's, or none", () => {
  const own = [{ name: "ml-runner-a", strategy: "cluster" }];
  expect(made({})).toEqual({ name: undefined, groups: [] });
  expect(made({ placementGroupName: "near" })).toEqual({ name: "near", groups: [] });
  for (const settings of [{ efa: true }, { placementGroup: true }]) expect(made(settings).groups).toEqual(own);
  expect(made({ efa: true, placementGroup: false }).groups).toEqual([]);
});
