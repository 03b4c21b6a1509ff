import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Ec2ClientVpnAuthorizationRule } from "@cdktf/provider-aws/lib/ec2-client-vpn-authorization-rule";
import { Ec2ClientVpnEndpoint } from "@cdktf/provider-aws/lib/ec2-client-vpn-endpoint";
import { Ec2ClientVpnNetworkAssociation } from "@cdktf/provider-aws/lib/ec2-client-vpn-network-association";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { expect, it } from "vitest";
import { defineEnvironment, type EnvironmentSettings } from "../../../stacks/environment";
import { errorOf } from "../../support/bad-input";
import { publishedOutputs, refTo, synthApp } from "../../support/synth";
import { daskConfigurations } from "./configurations.fixture";

const CERTIFICATE = "arn:aws:acm:eu-west-2:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef";
const SAML = "arn:aws:iam::123456789012:saml-provider/staff";
const CERTIFICATES = { serverCertificateArn: CERTIFICATE, rootCertificateChainArn: CERTIFICATE };
type Vpn = NonNullable<NonNullable<EnvironmentSettings["dask"]>["vpn"]>;
const app = (vpn: Vpn, network = {}) =>
  synthApp(defineEnvironment({ name: "dev", region: "eu-west-2", dask: { vpn, network } }));
const build = (vpn: Vpn = CERTIFICATES, network = {}) => app(vpn, network).stack("dev-dask-vpn");

it("leads people with certificates into the VPC, by each private subnet", () => {
  const { one, all } = build();
  expect(one(Ec2ClientVpnEndpoint)).toMatchObject({
    server_certificate_arn: CERTIFICATE,
    client_cidr_block: "10.5.0.0/20",
    split_tunnel: true,
    dns_servers: ["10.0.0.2"],
    vpc_id: expect.stringContaining("terraform_remote_state"),
    security_group_ids: [refTo(SecurityGroup, "id")],
    authentication_options: [{ type: "certificate-authentication", root_certificate_chain_arn: CERTIFICATE }],
    connection_log_options: { enabled: true, cloudwatch_log_group: refTo(CloudwatchLogGroup, "name") },
  });
  expect(one(CloudwatchLogGroup)).toMatchObject({ name: "/vpn/dev-dask", retention_in_days: 90 });
  expect(new Set(all(Ec2ClientVpnNetworkAssociation).map(({ subnet_id }) => subnet_id)).size).toBe(2);
});
it("associates one subnet of each zone", () => {
  const cidrs = ["10.7.0.0/24", "10.7.1.0/24", "10.7.2.0/24", "10.7.3.0/24"];
  const made = build(CERTIFICATES, { cidr: "10.7.0.0/16", azCount: 2, private: { cidrs } });
  expect(made.all(Ec2ClientVpnNetworkAssociation)).toHaveLength(2);
});
it("tells how a client gets its configuration", () => {
  const { outputs, ...rest } = build();
  expect(publishedOutputs({ outputs })).toEqual([
    "vpn_client_configuration",
    "vpn_dns_name",
    "vpn_endpoint_id",
    "vpn_security_group_id",
  ]);
  expect(Object.keys(outputs.vpn_client_configuration.value)).toEqual(["1_export", "2_append", "3_connect"]);
  expect(outputs.vpn_client_configuration.value["1_export"]).toMatch(/--region eu-west-2 .* > dev-dask\.ovpn$/);
  expect(rest.json).not.toMatch(/private_key|BEGIN/);
});
it("tells the address of the portal where there is one", () => {
  const { outputs } = build({
    serverCertificateArn: CERTIFICATE,
    samlProviderArn: SAML,
    selfServicePortal: true,
    groups: { staff: { id: "data" } },
  });
  expect(outputs.vpn_self_service_portal_url.value).toEqual(refTo(Ec2ClientVpnEndpoint, "self_service_portal_url"));
});
it("lets groups of a directory in, with a second factor", () => {
  const { one, all } = synthApp(daskConfigurations.lake).stack("lake-dask-vpn");
  expect(one(Ec2ClientVpnEndpoint).authentication_options.map(({ type }: { type: string }) => type)).toEqual([
    "certificate-authentication",
    "directory-service-authentication",
  ]);
  const rules = all(Ec2ClientVpnAuthorizationRule);
  expect(rules).toHaveLength(3);
  for (const rule of rules) {
    expect(rule.access_group_id).toMatch(/^S-1-5-21-/);
    expect(rule).not.toHaveProperty("authorize_all_groups");
  }
});
it.each<[string, Vpn, RegExp]>([
  [
    "a block of the VPC",
    { ...CERTIFICATES, clientCidr: "10.0.16.0/20" },
    /^dev: dask\.vpn\.clientCidr: must not overlap 10\.0\.0\.0\/16/,
  ],
  ["too small a block", { ...CERTIFICATES, clientCidr: "10.5.0.0/23" }, /^dev: dask\.vpn\.clientCidr: .*\/12 to \/22/],
  [
    "people without groups",
    { serverCertificateArn: CERTIFICATE, samlProviderArn: SAML },
    /^dev: dask\.vpn\.groups: must name who is let in where people sign in/,
  ],
  [
    "two ways to sign in",
    {
      serverCertificateArn: CERTIFICATE,
      samlProviderArn: SAML,
      activeDirectory: { directoryId: "d-1234567890" },
      groups: { staff: { id: "S-1-5-21-1" } },
    },
    /^dev: dask\.vpn\.activeDirectory: must be left out with samlProviderArn/,
  ],
])("refuses %s", (_, vpn, message) => {
  expect(errorOf(() => app(vpn)).message).toMatch(message);
});
