import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { Construct } from "constructs";
import { endpointService } from "./endpoint-service";

export interface GatewayEndpointProps {
  service: "s3" | "dynamodb";
  name: string;
  vpcId: string;
  routeTableIds: string[];
  /** Policy document; the default of AWS when absent. */
  policy?: string;
}

/** Gateway endpoint: a free route to S3 or DynamoDB, bypassing the NAT, in every route table. */
export class GatewayEndpoint extends Construct {
  constructor(scope: Construct, id: string, { service, name, vpcId, routeTableIds, policy }: GatewayEndpointProps) {
    super(scope, id);
    new VpcEndpoint(this, "endpoint", {
      vpcId,
      vpcEndpointType: "Gateway",
      serviceName: endpointService(this, service, "Gateway").serviceName,
      routeTableIds,
      policy,
      tags: { Name: `${name}-${service}` },
    });
  }
}
