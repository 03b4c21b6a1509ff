import { Apigatewayv2ApiMapping } from "@cdktf/provider-aws/lib/apigatewayv2-api-mapping";
import { Apigatewayv2DomainName } from "@cdktf/provider-aws/lib/apigatewayv2-domain-name";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { certificateFor } from "../load-balancer/certificate";
import type { HttpApiSettings } from "./http-api-settings";

export interface ApiDomainProps {
  domain: NonNullable<HttpApiSettings["domain"]>;
  apiId: string;
  /** Id of its stage. */
  stage: string;
}

/** Domain name of an API, with its certificate and its records. */
export class ApiDomain extends Construct {
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, { domain, apiId, stage }: ApiDomainProps) {
    super(scope, id);
    const { name: domainName, hostedZoneId, certificateArn } = domain;
    const made = new Apigatewayv2DomainName(this, "name", {
      domainName,
      domainNameConfiguration: {
        certificateArn: certificateFor(this, certificateArn ? { certificateArn } : { domainName, hostedZoneId }),
        endpointType: "REGIONAL",
        ipAddressType: "dualstack", // else the record AAAA leads nowhere
        securityPolicy: "TLS_1_2",
      },
    });
    const mapping = new Apigatewayv2ApiMapping(this, "mapping", { apiId, domainName: made.id, stage });
    const { targetDomainName: name, hostedZoneId: zoneId } = made.domainNameConfiguration;
    const records = ["A", "AAAA"].map(
      (type) =>
        new Route53Record(this, type.toLowerCase(), {
          zoneId: hostedZoneId,
          name: domainName,
          type,
          alias: { name, zoneId, evaluateTargetHealth: false },
        }),
    );
    this.ready = [mapping, ...records];
  }
}
