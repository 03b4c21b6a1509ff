import { DataAwsSecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/data-aws-secretsmanager-secret-version";
import { DirectoryServiceRadiusSettings } from "@cdktf/provider-aws/lib/directory-service-radius-settings";
import { Ec2ClientVpnEndpoint } from "@cdktf/provider-aws/lib/ec2-client-vpn-endpoint";
import { Token } from "cdktf";
import { expect, it } from "vitest";
import { ClientVpn, type ClientVpnProps } from "../../../../modules/aws/client-vpn/client-vpn";
import { type BadInput, rejects } from "../../../support/bad-input";
import { BY_DIRECTORY, build, DIRECTORY, MINIMAL, RADIUS } from "./client-vpn.fixture";

const withMfa = (mfa: object = {}, directory: object = {}) =>
  ({
    ...BY_DIRECTORY,
    activeDirectory: { directoryId: DIRECTORY, mfa: { ...RADIUS, ...mfa }, ...directory },
  }) as Partial<ClientVpnProps>;

it("asks RADIUS servers for a second factor, before anybody signs in", () => {
  const { one, data } = build(withMfa());
  expect(one(DirectoryServiceRadiusSettings)).toEqual({
    directory_id: DIRECTORY,
    radius_servers: ["10.0.2.10", "10.0.3.10"],
    radius_port: 1812,
    radius_retries: 4,
    radius_timeout: 20,
    authentication_protocol: "MS-CHAPv2",
    display_label: "MFA",
    shared_secret: expect.stringMatching(/^\$\{data\.aws_secretsmanager_secret_version\.[\w-]+\.secret_string\}$/),
  });
  expect(data(DataAwsSecretsmanagerSecretVersion)).toEqual([{ secret_id: RADIUS.sharedSecretArn }]);
  expect(one(Ec2ClientVpnEndpoint).depends_on).toEqual([
    expect.stringMatching(/^aws_directory_service_radius_settings\.vpn_mfa_radius_/),
  ]);
});
it("asks for none unless told to", () => {
  const { all, one } = build(BY_DIRECTORY);
  expect(all(DirectoryServiceRadiusSettings)).toEqual([]);
  expect(one(Ec2ClientVpnEndpoint)).not.toHaveProperty("depends_on");
});
it.each<[object, object]>([
  [{ radiusServers: ["radius.example.com"] }, { radius_servers: ["radius.example.com"] }],
  [{ radiusPort: 1025 }, { radius_port: 1025 }],
  [{ radiusPort: 65535 }, { radius_port: 65535 }],
  [{ radiusRetries: 0 }, { radius_retries: 0 }],
  [{ radiusRetries: 10 }, { radius_retries: 10 }],
  [{ radiusTimeout: 1 }, { radius_timeout: 1 }],
  [{ radiusTimeout: 50 }, { radius_timeout: 50 }],
  [{ authenticationProtocol: "PAP" }, { authentication_protocol: "PAP" }],
  [{ authenticationProtocol: "CHAP" }, { authentication_protocol: "CHAP" }],
  [{ authenticationProtocol: "MS-CHAPv1" }, { authentication_protocol: "MS-CHAPv1" }],
  [{ displayLabel: "x".repeat(64) }, { display_label: "x".repeat(64) }],
])("takes other settings (%j)", (mfa, expected) => {
  expect(build(withMfa(mfa)).one(DirectoryServiceRadiusSettings)).toMatchObject(expected);
});
it("takes a directory that is known later", () => {
  const { one } = build(withMfa({}, { directoryId: Token.asString({}) }));
  expect(one(Ec2ClientVpnEndpoint).authentication_options).toHaveLength(1);
});

const key = (name: string) => `activeDirectory.mfa.${name}`;
const rows: BadInput<object>[] = [
  ["activeDirectory.directoryId", withMfa({}, { directoryId: "corp" }), "id of a directory", '"corp"'],
  ["activeDirectory.directoryId", withMfa({}, { directoryId: undefined }), "is required", "got nothing"],
  [key("radiusServers"), withMfa({ radiusServers: [] }), "at least 1 items"],
  [key("radiusServers"), withMfa({ radiusServers: ["a", "a"] }), "must name each once"],
  [key("radiusServers"), withMfa({ radiusServers: Array.from({ length: 21 }, String) }), "at most 20 items"],
  [key("radiusServers.0"), withMfa({ radiusServers: ["a".repeat(257)] }), "at most 256 characters"],
  [key("sharedSecretArn"), withMfa({ sharedSecretArn: "hunter2" }), "ARN of a secret", '"hunter2"'],
  [key("radiusPort"), withMfa({ radiusPort: 1024 }), "at least 1025", "got 1024"],
  [key("radiusPort"), withMfa({ radiusPort: 65536 }), "at most 65535", "got 65536"],
  [key("radiusRetries"), withMfa({ radiusRetries: -1 }), "at least 0", "got -1"],
  [key("radiusRetries"), withMfa({ radiusRetries: 11 }), "at most 10", "got 11"],
  [key("radiusTimeout"), withMfa({ radiusTimeout: 0 }), "at least 1", "got 0"],
  [key("radiusTimeout"), withMfa({ radiusTimeout: 51 }), "at most 50", "got 51"],
  [key("authenticationProtocol"), withMfa({ authenticationProtocol: "EAP" }), "one of PAP", '"EAP"'],
  [key("displayLabel"), withMfa({ displayLabel: "" }), "at least 1 characters"],
  [key("displayLabel"), withMfa({ displayLabel: "x".repeat(65) }), "at most 64 characters", "got 65"],
  [key("sharedSecret"), withMfa({ sharedSecret: "hunter2" }), "unknown key", "did you mean sharedSecretArn?"],
];
rejects(
  "test/vpn",
  rows.map(([name, settings, ...words]) => [name, { ...MINIMAL, ...settings }, ...words]),
  (stack, props) => new ClientVpn(stack, "vpn", props as ClientVpnProps),
);
