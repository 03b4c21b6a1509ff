import { Eip } from "@cdktf/provider-aws/lib/eip";
import { FlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { describe, expect, it } from "vitest";
import { defineEnvironment, type EnvironmentSettings } from "../../../stacks/environment";
import { type Json, publishedOutputs, synthApp } from "../../support/synth";
import { EXISTING } from "./configurations.fixture";

const KEY = "arn:aws:kms:eu-west-2:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const build = (dask: EnvironmentSettings["dask"] = {}) =>
  synthApp(defineEnvironment({ name: "dev", region: "eu-west-2", dask })).stack("dev-dask-network");
type Made = ReturnType<typeof build>;
interface Found {
  name: string;
  isPublic: boolean;
  zone: string;
}
const subnets = (made: Made): Record<string, Found> =>
  Object.fromEntries(
    Object.entries<Json>(made.byId(Subnet)).map(([name, { cidr_block, map_public_ip_on_launch = false, ...rest }]) => [
      cidr_block,
      { name, isPublic: map_public_ip_on_launch, zone: rest.availability_zone },
    ]),
  );
const nameOf = (reference: string) => /\.([\w-]+)\./.exec(reference)?.[1] ?? "";

describe("the network", () => {
  const made = build();
  it("is that of the reference, in the first two zones of the region", () => {
    expect(made.one(Vpc)).toMatchObject({
      cidr_block: "10.0.0.0/16",
      enable_dns_hostnames: true,
      enable_dns_support: true,
    });
    const found = subnets(made);
    expect(Object.keys(found).sort()).toEqual(["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24"]);
    const addressed = Object.keys(found).filter((cidr) => found[cidr]?.isPublic);
    expect(addressed.sort()).toEqual(["10.0.0.0/24", "10.0.1.0/24"]);
    for (const { zone } of Object.values(found)) expect(zone).toContain("data.aws_availability_zones");
    expect(found["10.0.0.0/24"]?.zone).toBe(found["10.0.2.0/24"]?.zone);
    expect(found["10.0.0.0/24"]?.zone).not.toBe(found["10.0.1.0/24"]?.zone);
  });
  it("has a NAT gateway with an address in each zone, to which that zone's private route leads", () => {
    expect(made.all(Eip).map(({ domain }) => domain)).toEqual(["vpc", "vpc"]);
    const found = subnets(made);
    const zoneOf = (name: string) => Object.values(found).find((subnet) => subnet.name === name)?.zone;
    const gateways = made.byId(NatGateway);
    const routes = made.all(Route).filter(({ nat_gateway_id }) => nat_gateway_id);
    expect(routes).toHaveLength(2);
    for (const route of routes) {
      expect(route).toMatchObject({ destination_cidr_block: "0.0.0.0/0" });
      expect(route).not.toHaveProperty("gateway_id");
      const members = made
        .all(RouteTableAssociation)
        .filter(({ route_table_id }) => route_table_id === route.route_table_id)
        .map(({ subnet_id }) => zoneOf(nameOf(subnet_id)));
      expect(members).toEqual([zoneOf(nameOf(gateways[nameOf(route.nat_gateway_id)].subnet_id))]);
    }
  });
  it("has endpoints for what tasks call, by their usual names, for HTTPS from the VPC", () => {
    const services = Object.values<Json>(made.parsed.data.aws_vpc_endpoint_service).map(({ service }) => service);
    expect(services.sort()).toEqual(["ecr.api", "ecr.dkr", "ecs", "logs", "s3", "secretsmanager", "sts"]);
    const interfaces = made.all(VpcEndpoint).filter(({ vpc_endpoint_type }) => vpc_endpoint_type === "Interface");
    expect(interfaces).toHaveLength(6);
    for (const { private_dns_enabled } of interfaces) expect(private_dns_enabled).toBe(true);
    const rules = made.all(VpcSecurityGroupIngressRule).filter(({ cidr_ipv4 }) => cidr_ipv4);
    expect(rules).toEqual([expect.objectContaining({ cidr_ipv4: "10.0.0.0/16", from_port: 443, to_port: 443 })]);
    const gateway = made.all(VpcEndpoint).find(({ vpc_endpoint_type }) => vpc_endpoint_type === "Gateway");
    expect(gateway?.route_table_ids.length).toBe(3); // public, and private of each zone
  });
  it("records flows, and lets members of its private group reach each other", () => {
    expect(made.all(FlowLog)).toHaveLength(1);
    expect(made.all(SecurityGroup).map(({ tags }) => tags.Name)).toContain("dev-dask-private");
  });
  it("tells everything that a layer above or a person needs, under a name each", () => {
    expect(publishedOutputs(made)).toEqual([
      "azs",
      "bucket_logs_bucket_name",
      "model_bucket_name",
      "output_bucket_name",
      "private_route_table_ids",
      "private_security_group_id",
      "private_subnets",
      "private_subnets_cidr_blocks",
      "public_subnets",
      "vpc_cidr_block",
      "vpc_id",
    ]);
    const buckets = ["output", "model", "bucket_logs"].map((noun) => made.outputs[`${noun}_bucket_name`].value);
    expect(new Set(buckets).size).toBe(3);
  });
});
describe("the buckets", () => {
  it("are three, closed and encrypted, two with their access logs in the third", () => {
    const { all } = build();
    expect(
      all(S3Bucket)
        .map(({ bucket_prefix }) => bucket_prefix)
        .sort(),
    ).toEqual(["dev-dask-access-logs-", "dev-dask-model-", "dev-dask-output-"]);
    expect(all(S3BucketPublicAccessBlock)).toHaveLength(3);
    for (const closed of all(S3BucketPublicAccessBlock)) {
      expect(closed).toMatchObject({ block_public_acls: true, restrict_public_buckets: true });
    }
    expect(all(S3BucketServerSideEncryptionConfigurationA)).toHaveLength(3);
    expect(all(S3BucketLoggingA)).toHaveLength(2);
  });
  it("are encrypted by your key, named by you and without logs where told to", () => {
    const { all, outputs } = build({
      outputBucket: { kmsKeyArn: KEY, bucket: "our-results" },
      modelBucket: { kmsKeyArn: KEY },
      bucketLogs: false,
    });
    for (const { rule } of all(S3BucketServerSideEncryptionConfigurationA)) {
      expect(rule[0].apply_server_side_encryption_by_default.kms_master_key_id).toBe(KEY);
    }
    expect(all(S3Bucket).map(({ bucket }) => bucket)).toContain("our-results");
    expect(all(S3BucketLoggingA)).toEqual([]);
    expect(outputs).not.toHaveProperty("bucket_logs_bucket_name");
  });
});
it("has three zones where told to, with computed blocks", () => {
  const made = build({ network: { azCount: 3 } });
  expect(made.all(Subnet)).toHaveLength(6);
  expect(made.all(NatGateway)).toHaveLength(3);
});
it("takes a block of your own", () => {
  const made = build({ network: { cidr: "10.7.0.0/16", nat: "single" } });
  expect(Object.keys(subnets(made)).every((cidr) => cidr.startsWith("10.7."))).toBe(true);
  expect(made.all(NatGateway)).toHaveLength(1);
});
it("takes a network that exists, and adds buckets and group", () => {
  const made = build({ existingNetwork: EXISTING });
  expect(made.all(Vpc)).toEqual([]);
  expect(made.all(S3Bucket)).toHaveLength(3);
  expect(made.one(SecurityGroup).vpc_id).toBe("vpc-0a1b2c3d4e5f60718");
  expect(made.outputs.vpc_id.value).toBe("vpc-0a1b2c3d4e5f60718");
  expect(made.outputs).not.toHaveProperty("public_subnets");
});
