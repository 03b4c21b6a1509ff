import { Ec2ClientVpnEndpoint } from "@cdktf/provider-aws/lib/ec2-client-vpn-endpoint";
import { TerraformOutput, Token } from "cdktf";
import { expect, it } from "vitest";
import { ClientVpn, type ClientVpnProps } from "../../../../modules/aws/client-vpn/client-vpn";
import { type BadInput, errorOf, rejects } from "../../../support/bad-input";
import { refTo } from "../../../support/synth";
import {
  BY_DIRECTORY,
  build,
  DIRECTORY,
  GENERATED,
  MINIMAL,
  PORTAL,
  ROOT,
  SAML,
  SERVER,
  SIGN_IN,
} from "./client-vpn.fixture";

it.each<[string, Partial<ClientVpnProps>, object]>([
  ["certificates", {}, { type: "certificate-authentication", root_certificate_chain_arn: ROOT }],
  ["sign-in", SIGN_IN, { type: "federated-authentication", saml_provider_arn: SAML }],
  [
    "sign-in with a page of its own provider",
    { ...SIGN_IN, selfServicePortal: true, selfServiceSamlProviderArn: PORTAL },
    { type: "federated-authentication", saml_provider_arn: SAML, self_service_saml_provider_arn: PORTAL },
  ],
])("is by %s", (_, settings, expected) => {
  const endpoint = build(settings).one(Ec2ClientVpnEndpoint);
  expect(endpoint.authentication_options).toEqual([expected]);
  expect(endpoint.server_certificate_arn).toBe(SERVER);
});
it("takes the server's own certificate for that of the clients' authority", () => {
  const { one } = build({ rootCertificateChainArn: SERVER });
  expect(one(Ec2ClientVpnEndpoint).authentication_options[0].root_certificate_chain_arn).toBe(SERVER);
});
it("has a page for those who sign in, only where asked", () => {
  expect(build(SIGN_IN).one(Ec2ClientVpnEndpoint)).not.toHaveProperty("self_service_portal");
  const { one, outputs } = build({ ...SIGN_IN, selfServicePortal: true }, (vpn) => {
    new TerraformOutput(vpn, "page", { value: vpn.selfServicePortalUrl, staticId: true });
  });
  expect(one(Ec2ClientVpnEndpoint).self_service_portal).toBe("enabled");
  expect(outputs.page.value).toEqual(refTo(Ec2ClientVpnEndpoint, "self_service_portal_url"));
  const { name, message } = errorOf(() => build(SIGN_IN, (vpn) => vpn.selfServicePortalUrl));
  expect([name, message]).toEqual(["InputError", "test/vpn: selfServicePortal: must be on for its address, got off"]);
});
it("takes what other resources give", () => {
  const later = Token.asString({});
  const settings = { serverCertificateArn: later, rootCertificateChainArn: later };
  expect(build(settings).all(Ec2ClientVpnEndpoint)).toHaveLength(1);
  expect(build({ ...SIGN_IN, samlProviderArn: later }).all(Ec2ClientVpnEndpoint)).toHaveLength(1);
});

it("takes both, a certificate first and a sign-in after it", () => {
  const certificate = { type: "certificate-authentication", root_certificate_chain_arn: ROOT };
  expect(build({ samlProviderArn: SAML }).one(Ec2ClientVpnEndpoint).authentication_options).toEqual([
    certificate,
    { type: "federated-authentication", saml_provider_arn: SAML },
  ]);
  const directory = build({ activeDirectory: { directoryId: DIRECTORY } });
  expect(directory.one(Ec2ClientVpnEndpoint).authentication_options).toEqual([
    certificate,
    { type: "directory-service-authentication", active_directory_id: DIRECTORY },
  ]);
});
it("is by a directory alone", () => {
  expect(build(BY_DIRECTORY).one(Ec2ClientVpnEndpoint).authentication_options).toEqual([
    { type: "directory-service-authentication", active_directory_id: DIRECTORY },
  ]);
  const { one } = build({ ...BY_DIRECTORY, selfServicePortal: true });
  expect(one(Ec2ClientVpnEndpoint).self_service_portal).toBe("enabled");
});
it("has no private key anywhere with certificates of your own", () => {
  for (const settings of [{}, SIGN_IN, BY_DIRECTORY]) {
    expect(build(settings).json).not.toMatch(/tls_|private_key|BEGIN|aws_acm_certificate/);
  }
});

const rows: BadInput<object>[] = [
  ["rootCertificateChainArn", { rootCertificateChainArn: undefined }, "or samlProviderArn or activeDirectory", "none"],
  ["rootCertificateChainArn", { rootCertificateChainArn: "ca.pem" }, "ARN of an ACM certificate", '"ca.pem"'],
  ["serverCertificateArn", { serverCertificateArn: undefined }, "or generatedPki is required", "got neither"],
  ["serverCertificateArn", { serverCertificateArn: SAML }, "ARN of an ACM certificate", SAML],
  ["generatedPki", { generatedPki: { clients: ["a"] } }, "must be left out with serverCertificateArn", "got both"],
  [
    "generatedPki",
    { ...GENERATED, rootCertificateChainArn: ROOT },
    "must be left out with serverCertificateArn and rootCertificateChainArn",
  ],
  ["samlProviderArn", { ...SIGN_IN, samlProviderArn: ROOT }, "ARN of a SAML provider"],
  [
    "activeDirectory",
    { ...SIGN_IN, activeDirectory: { directoryId: DIRECTORY } },
    "must be left out with samlProviderArn",
    "got both",
  ],
  ["selfServicePortal", { selfServicePortal: true }, "must be off without samlProviderArn or activeDirectory", "true"],
  [
    "selfServicePortal",
    { samlProviderArn: SAML, selfServicePortal: true },
    "must be off where clients have certificates",
    "got true",
  ],
  ["selfServicePortal", { ...SIGN_IN, selfServicePortal: "enabled" }, "of type boolean", '"enabled"'],
  ["selfServiceSamlProviderArn", { ...SIGN_IN, selfServiceSamlProviderArn: PORTAL }, "selfServicePortal is off"],
  [
    "selfServiceSamlProviderArn",
    { ...BY_DIRECTORY, selfServicePortal: true, selfServiceSamlProviderArn: PORTAL },
    "must be left out without samlProviderArn",
  ],
  [
    "selfServiceSamlProviderArn",
    { ...SIGN_IN, selfServicePortal: true, selfServiceSamlProviderArn: "portal" },
    "ARN of a SAML provider",
    '"portal"',
  ],
];
rejects(
  "test/vpn",
  rows.map(([key, settings, ...words]) => [key, { ...MINIMAL, ...settings }, ...words]),
  (stack, props) => new ClientVpn(stack, "vpn", props as ClientVpnProps),
);
