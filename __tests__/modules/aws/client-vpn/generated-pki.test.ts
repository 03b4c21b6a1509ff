import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { Ec2ClientVpnEndpoint } from "@cdktf/provider-aws/lib/ec2-client-vpn-endpoint";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import { describe, expect, it } from "vitest";
import { ClientVpn, type ClientVpnProps } from "../../../../modules/aws/client-vpn/client-vpn";
import { type BadInput, rejects } from "../../../support/bad-input";
import { type Json, refTo } from "../../../support/synth";
import { build, GENERATED, MINIMAL, SAML } from "./client-vpn.fixture";

const KEY = "arn:aws:kms:eu-west-2:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const generated = (settings: object = {}): Partial<ClientVpnProps> => ({
  ...GENERATED,
  generatedPki: { clients: ["anna"], ...settings },
});
/** Resources of a type of hashicorp/tls, by the noun in their names. */
const tls = ({ parsed }: { parsed: Json }, type: string): Record<string, Json> =>
  Object.fromEntries(
    Object.entries<Json>(parsed.resource[type]).map(([name, values]) => [
      name.replace(/^vpn_pki_(.+)_[0-9A-F]{8}$/, "$1"),
      values,
    ]),
  );

describe("a generated PKI", () => {
  it("has an authority for ten years, renewed before it would end earlier than what it certifies", () => {
    expect(tls(build(generated()), "tls_self_signed_cert").authority).toEqual({
      private_key_pem: expect.stringMatching(/^\$\{tls_private_key\.vpn_pki_authority-key_\w+\.private_key_pem\}$/),
      is_ca_certificate: true,
      subject: { common_name: "dev-fossa.vpn" },
      allowed_uses: ["cert_signing", "crl_signing"],
      validity_period_hours: 87_600,
      early_renewal_hours: 8_760,
    });
  });
  it("certifies the server as a server and each client as a client", () => {
    const stack = build(generated({ clients: ["ben", "anna"], validityDays: 90 }));
    const made = tls(stack, "tls_locally_signed_cert");
    expect(Object.keys(made).sort()).toEqual(["client-anna", "client-ben", "server"]);
    expect(made.server).toMatchObject({
      allowed_uses: ["digital_signature", "key_encipherment", "server_auth"],
      validity_period_hours: 2_160,
      early_renewal_hours: 720,
    });
    for (const client of ["client-anna", "client-ben"]) {
      expect(made[client].allowed_uses).toEqual(["digital_signature", "client_auth"]);
    }
    expect(tls(stack, "tls_cert_request")["server-request"]).toMatchObject({
      subject: { common_name: "server" },
      dns_names: ["server.dev-fossa.vpn"],
    });
    for (const key of Object.values(tls(stack, "tls_private_key"))) {
      expect(key).toEqual({ algorithm: "RSA", rsa_bits: 2048 });
    }
  });
  it("is the endpoint's, for the server and for the authority of the clients", () => {
    const { one } = build(generated());
    expect(one(AcmCertificate)).toMatchObject({
      private_key: expect.stringMatching(/tls_private_key\.vpn_pki_server-key/),
      certificate_body: expect.stringMatching(/tls_locally_signed_cert\.vpn_pki_server_/),
      certificate_chain: expect.stringMatching(/tls_self_signed_cert\.vpn_pki_authority_/),
      lifecycle: { create_before_destroy: true },
    });
    expect(one(Ec2ClientVpnEndpoint)).toMatchObject({
      server_certificate_arn: refTo(AcmCertificate, "arn"),
      authentication_options: [
        { type: "certificate-authentication", root_certificate_chain_arn: refTo(AcmCertificate, "arn") },
      ],
    });
  });
  it("keeps what each client appends in a secret", () => {
    const { one } = build(generated({ kmsKeyArn: KEY }));
    expect(one(SecretsmanagerSecret)).toEqual({
      name_prefix: "dev-fossa-vpn-anna-",
      description: "Certificate and key of anna for the VPN of dev-fossa",
      kms_key_id: KEY,
      recovery_window_in_days: 7,
    });
    expect(one(SecretsmanagerSecretVersion).secret_string).toMatch(
      /^<cert>\n\$\{tls_locally_signed_cert\.vpn_pki_client-anna_\w+\.cert_pem\}<\/cert>\n<key>\n\$\{tls_private_key\.vpn_pki_client-anna-key_\w+\.private_key_pem\}<\/key>\n$/,
    );
  });
  it("goes with people who sign in", () => {
    const { one } = build({ ...generated(), samlProviderArn: SAML });
    expect(one(Ec2ClientVpnEndpoint).authentication_options).toHaveLength(2);
  });
  it("warns that the keys are in the state", () => {
    let messages: string[] = [];
    build(generated(), (vpn) => {
      messages = vpn.node.findAll().flatMap(({ node }) => node.metadata.map(({ data }) => String(data)));
    });
    expect(messages.join()).toContain("private keys are in the state");
  });
  it("stays as it is, whatever the order of the clients", () => {
    const json = (...clients: string[]) => build(generated({ clients })).json;
    expect(json("anna", "ben")).toBe(json("ben", "anna"));
  });
  it.each([
    ["60 days", { validityDays: 60 }],
    ["1825 days", { validityDays: 1825 }],
    ["a client of 40 characters", { clients: ["a".repeat(40)] }],
    ["50 clients", { clients: Array.from({ length: 50 }, (_, i) => `c${i}`) }],
  ])("takes %s", (_, settings) => {
    expect(build(generated(settings)).all(Ec2ClientVpnEndpoint)).toHaveLength(1);
  });
  it("has names that X.509 and DNS take, of a system of any name", () => {
    const stack = build({ ...generated({ clients: ["a".repeat(40)] }), name: "A".repeat(100) });
    for (const { subject } of Object.values(tls(stack, "tls_self_signed_cert"))) {
      expect(subject.common_name.length).toBeLessThanOrEqual(64);
    }
    for (const { subject, dns_names } of Object.values(tls(stack, "tls_cert_request"))) {
      expect(subject.common_name.length).toBeLessThanOrEqual(64);
      for (const label of dns_names[0].split(".")) expect(label).toMatch(/^[a-z0-9-]{1,63}$/);
    }
  });
});

const rows: BadInput<object>[] = [
  ["generatedPki.clients", generated({ clients: [] }), "at least 1 items"],
  ["generatedPki.clients", generated({ clients: Array.from({ length: 51 }, (_, i) => `c${i}`) }), "at most 50 items"],
  ["generatedPki.clients", generated({ clients: ["anna", "anna"] }), "must name each once"],
  ["generatedPki.clients.0", generated({ clients: ["Anna"] }), "lower-case letters", '"Anna"'],
  ["generatedPki.clients.0", generated({ clients: ["a".repeat(41)] }), "1 to 40"],
  ["generatedPki.validityDays", generated({ validityDays: 59 }), "at least 60", "got 59"],
  ["generatedPki.validityDays", generated({ validityDays: 1826 }), "at most 1825", "got 1826"],
  ["generatedPki.kmsKeyArn", generated({ kmsKeyArn: "alias/vpn" }), "ARN of a KMS key", '"alias/vpn"'],
];
rejects(
  "test/vpn",
  rows.map(([key, settings, ...words]) => [key, { ...MINIMAL, ...settings }, ...words]),
  (stack, props) => new ClientVpn(stack, "vpn", props as ClientVpnProps),
);
