import { Eip } from "@cdktf/provider-aws/lib/eip";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

export interface NatProps {
  mode: "single" | "perAz" | "regional";
  name: string;
  vpcId: string;
  azs: string[];
  /** One per zone at least when the mode is perAz; not read when it is regional. */
  publicSubnetIds: string[];
  /** One for all zones, or one per zone when the mode is perAz. */
  privateRouteTableIds: string[];
  /** The internet gateway, without which no NAT gateway starts. */
  dependsOn: ITerraformDependable[];
}

/** Way out of the private subnets: NAT gateways and a default route to them in each private table. */
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
      // AWS spreads a regional gateway over the zones in use and gives it addresses itself; it stands in no subnet.
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
    this.routes = gateways.map(
      (gateway, i) =>
        new Route(this, gateways.length > 1 ? `route-${i}` : "route", {
          routeTableId: privateRouteTableIds[i] as string,
          destinationCidrBlock: "0.0.0.0/0",
          natGatewayId: gateway.id,
        }),
    );
  }
}
