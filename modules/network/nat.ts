import { Eip } from "@cdktf/provider-aws/lib/eip";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { INTERNET } from "../common/settings/allowed-cidrs";

export interface NatProps {
  mode: "single" | "perAz" | "regional";
  name: string;
  vpcId: string;
  azs: string[];
  /** At least one per zone when the mode is perAz; unused when it is regional. */
  publicSubnetIds: string[];
  /** One for all zones, or one per zone when the mode is perAz. */
  privateRouteTableIds: string[];
  /** The internet gateway, which NAT gateways need. */
  dependsOn: ITerraformDependable[];
}

/** NAT gateways, and a default route to one of them in each private route table. */
export class Nat extends Construct {
  readonly gatewayIds: string[];
  readonly publicIps: string[];
  readonly routes: Route[];

  constructor(scope: Construct, id: string, props: NatProps) {
    super(scope, id);
    const { mode, name, vpcId, azs, publicSubnetIds, privateRouteTableIds, dependsOn } = props;
    const eips: Eip[] = [];
    const zonal = (key: string, subnetId: string | undefined, Name: string) => {
      const eip = new Eip(this, `${key}-eip`, { domain: "vpc", tags: { Name } });
      eips.push(eip);
      return new NatGateway(this, key, { allocationId: eip.id, subnetId, tags: { Name }, dependsOn });
    };
    const gateways = {
      single: () => [zonal("gateway", publicSubnetIds[0], `${name}-nat`)],
      perAz: () => azs.map((az, i) => zonal(`gateway-${i}`, publicSubnetIds[i], `${name}-nat-${az}`)),
      // A regional gateway has no subnet: AWS spreads it over the zones in use and allocates its addresses.
      regional: () => [
        new NatGateway(this, "gateway", {
          vpcId,
          availabilityMode: "regional",
          tags: { Name: `${name}-nat` },
          dependsOn,
        }),
      ],
    }[mode]();

    this.gatewayIds = gateways.map((gateway) => gateway.id);
    this.publicIps = eips.map((eip) => eip.publicIp);
    this.routes = privateRouteTableIds.map(
      (routeTableId, i) =>
        new Route(this, gateways.length > 1 ? `route-${i}` : "route", {
          routeTableId,
          destinationCidrBlock: INTERNET,
          natGatewayId: gateways[i]?.id,
        }),
    );
  }
}
