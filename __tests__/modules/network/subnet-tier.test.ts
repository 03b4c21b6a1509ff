import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { expect, it } from "vitest";
import { SubnetTier, type SubnetTierProps } from "../../../modules/network/subnet-tier";
import { synth } from "../../support/synth";

const cidrBlocks = ["10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24"];
const build = (props: Partial<SubnetTierProps> = {}) =>
  synth(
    (stack) =>
      new SubnetTier(stack, "tier", {
        vpcId: "vpc-1",
        name: "ml-net-private",
        azs: ["us-east-1a", "us-east-1b"],
        cidrBlocks,
        routeTableIds: ["rtb-1"],
        tags: {},
        ...props,
      }),
  );

it("starts again at the first zone when there are more blocks than zones, and numbers the names", () => {
  const subnets = build().all(Subnet);
  expect(subnets.map((subnet) => subnet.cidr_block)).toEqual(cidrBlocks);
  expect(subnets.map((subnet) => subnet.availability_zone)).toEqual(["us-east-1a", "us-east-1b", "us-east-1a"]);
  expect(subnets.map((subnet) => subnet.tags.Name)).toEqual([
    "ml-net-private-us-east-1a",
    "ml-net-private-us-east-1b",
    "ml-net-private-us-east-1a-2",
  ]);
});
it("uses the one table for all zones, or that of the zone", () => {
  const tables = (routeTableIds: string[]) =>
    build({ routeTableIds })
      .all(RouteTableAssociation)
      .map((association) => association.route_table_id);
  expect(tables(["rtb-1"])).toEqual(["rtb-1", "rtb-1", "rtb-1"]);
  expect(tables(["rtb-1", "rtb-2"])).toEqual(["rtb-1", "rtb-2", "rtb-1"]);
});
it("lets a tag of the user win over the name", () => {
  expect(build({ tags: { Name: "mine" } }).all(Subnet)[0].tags).toEqual({ Name: "mine" });
});
it("makes nothing of no blocks", () => {
  expect(build({ cidrBlocks: [] }).parsed.resource).toBeUndefined();
});
