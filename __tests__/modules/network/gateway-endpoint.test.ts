import { DataAwsVpcEndpointService } from "@cdktf/provider-aws/lib/data-aws-vpc-endpoint-service";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { expect, it } from "vitest";
import { refTo } from "../../support/synth";
import { build, serviceOf, target } from "./network.fixture";

it.each(["single", "perAz"] as const)("sends S3 past the NAT gateway from every table (nat %s)", (nat) => {
  const { byId, one, parsed } = build({ nat });
  const endpoint = one(VpcEndpoint);
  expect(endpoint).toMatchObject({ vpc_endpoint_type: "Gateway", vpc_id: refTo(Vpc, "id") });
  expect(endpoint.route_table_ids.map(target).sort()).toEqual(Object.keys(byId(RouteTable)).sort());
  expect(endpoint.route_table_ids).toHaveLength(nat === "perAz" ? 5 : 3);
  expect(serviceOf({ parsed }, endpoint)).toMatchObject({
    service: "s3",
    service_type: "Gateway",
  });
});
it("does the same for DynamoDB when asked", () => {
  const { all, parsed } = build({ s3Endpoint: false, dynamodbEndpoint: true });
  expect(all(VpcEndpoint)).toHaveLength(1);
  expect(serviceOf({ parsed }, all(VpcEndpoint)[0])).toMatchObject({
    service: "dynamodb",
    service_type: "Gateway",
  });
});
it("has no endpoint when all are off", () => {
  const { all, data } = build({ s3Endpoint: false });
  for (const type of [VpcEndpoint, SecurityGroup]) expect(all(type)).toEqual([]);
  expect(data(DataAwsVpcEndpointService)).toEqual([]);
});
