import { Ec2ClientVpnEndpoint } from "@cdktf/provider-aws/lib/ec2-client-vpn-endpoint";
import { TerraformOutput, Token } from "cdktf";
import { expect, it } from "vitest";
import { ClientVpn, type ClientVpnProps } from "../../../../modules/aws/client-vpn/client-vpn";
import { type BadInput, errorOf, rejects } from "../../../support/bad-input";
import { refTo } from "../../../support/synth";
import { build, MINIMAL, PORTAL, ROOT, SAML, SERVER, SIGN_IN } from "./client-vpn.fixture";

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

const rows: BadInput<object>[] = [
  ["rootCertificateChainArn", { rootCertificateChainArn: undefined }, "or samlProviderArn", "got neither"],
  ["rootCertificateChainArn", { samlProviderArn: SAML }, "must be left out with samlProviderArn", "got both"],
  ["rootCertificateChainArn", { rootCertificateChainArn: "ca.pem" }, "ARN of an ACM certificate", '"ca.pem"'],
  ["serverCertificateArn", { serverCertificateArn: undefined }, "is required", "got nothing"],
  ["serverCertificateArn", { serverCertificateArn: SAML }, "ARN of an ACM certificate", SAML],
  ["samlProviderArn", { ...SIGN_IN, samlProviderArn: ROOT }, "ARN of a SAML provider"],
  ["selfServicePortal", { selfServicePortal: true }, "must be off without samlProviderArn", "got true"],
  ["selfServicePortal", { ...SIGN_IN, selfServicePortal: "enabled" }, "of type boolean", '"enabled"'],
  ["selfServiceSamlProviderArn", { ...SIGN_IN, selfServiceSamlProviderArn: PORTAL }, "selfServicePortal is off"],
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
