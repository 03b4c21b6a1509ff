import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

export interface SubnetTierProps {
  vpcId: string;
  /** Prefix of each subnet's Name tag, which the zone follows. */
  name: string;
  /** Zone names; subnet i is in zone i mod their number. */
  azs: string[];
  cidrBlocks: string[];
  /** One table for all zones, or one per zone. */
  routeTableIds: string[];
  tags: Record<string, string>;
  mapPublicIpOnLaunch?: boolean;
  dependsOn?: ITerraformDependable[];
}

/** Subnets of one tier, spread over the zones, each with its zone's route table. */
export class SubnetTier extends Construct {
  readonly subnetIds: string[];
  readonly subnetArns: string[];

  constructor(scope: Construct, id: string, props: SubnetTierProps) {
    super(scope, id);
    const { vpcId, name, azs, cidrBlocks, routeTableIds, tags, mapPublicIpOnLaunch, dependsOn } = props;
    const subnets = cidrBlocks.map((cidrBlock, index) => {
      const zone = index % azs.length;
      const round = Math.floor(index / azs.length);
      const Name = `${name}-${azs[zone]}${round > 0 ? `-${round + 1}` : ""}`;
      const subnet = new Subnet(this, `subnet-${index}`, {
        vpcId,
        cidrBlock,
        availabilityZone: azs[zone],
        ...(mapPublicIpOnLaunch ? { mapPublicIpOnLaunch } : {}),
        tags: { Name, ...tags },
        ...(dependsOn ? { dependsOn } : {}),
      });
      const routeTableId = routeTableIds[zone % routeTableIds.length] as string;
      new RouteTableAssociation(this, `association-${index}`, { subnetId: subnet.id, routeTableId });
      return subnet;
    });

    this.subnetIds = subnets.map((subnet) => subnet.id);
    this.subnetArns = subnets.map((subnet) => subnet.arn);
  }
}
