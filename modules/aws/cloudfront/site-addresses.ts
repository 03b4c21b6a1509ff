import type { CloudfrontDistribution } from "@cdktf/provider-aws/lib/cloudfront-distribution";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";

export interface SiteAddressesProps {
  readonly hosts: readonly string[];
  readonly hostedZoneId: string;
  readonly distribution: CloudfrontDistribution;
}

/** Addresses, IPv4 and IPv6, of a distribution under its own hosts. */
export class SiteAddresses extends Construct {
  constructor(scope: Construct, id: string, { hosts, hostedZoneId, distribution }: SiteAddressesProps) {
    super(scope, id);
    for (const name of hosts) {
      for (const type of ["A", "AAAA"]) {
        new Route53Record(this, `${type.toLowerCase()}-${name}`, {
          zoneId: hostedZoneId,
          name,
          type,
          alias: {
            name: distribution.domainName,
            zoneId: distribution.hostedZoneId,
            evaluateTargetHealth: false, // Route 53 takes no other for CloudFront
          },
        });
      }
    }
  }
}
