import { Token } from "cdktf";

/** Zones of a network; `Network` has them. */
export interface Zones {
  /** Zones in the order of the subnets: subnet i of a tier is in zone i mod their number. Absent, each subnet has a zone of its own. */
  readonly azs?: readonly string[];
}

/** The first subnet of each zone, for services that accept one per zone: EFS, load balancers, Client VPN. */
export const onePerZone = ({ azs }: Zones, subnetIds: string[]): string[] =>
  azs && !Token.isUnresolved(subnetIds) ? subnetIds.slice(0, azs.length) : subnetIds;
