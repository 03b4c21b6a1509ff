import fc from "fast-check";
import { ClientVpn, type ClientVpnProps } from "../../../../modules/aws/client-vpn/client-vpn";
import { subnet } from "../../../../modules/common/settings/cidr";
import { fuzz, type Wrong } from "../../../support/fuzz";
import { NETWORK, PORTAL, ROOT, SAML, SERVER, SIGN_IN } from "./client-vpn.fixture";

const authentication = fc.oneof(
  fc.constantFrom({ rootCertificateChainArn: ROOT }, { rootCertificateChainArn: SERVER, selfServicePortal: false }),
  fc.constantFrom(
    { samlProviderArn: SAML },
    { samlProviderArn: SAML, selfServicePortal: true },
    { samlProviderArn: SAML, selfServicePortal: true, selfServiceSamlProviderArn: PORTAL },
  ),
);
/** Blocks for clients in 10.0.0.0/8, and the VPC's outside of it. */
const clientCidr = fc
  .record({ prefix: fc.integer({ min: 12, max: 22 }), seed: fc.nat() })
  .map(({ prefix, seed }) => subnet("10.0.0.0/8", prefix - 8, seed % 2 ** (prefix - 8)));
const vpcCidrBlocks = fc
  .uniqueArray(fc.integer({ min: 0, max: 15 }), { minLength: 1, maxLength: 3 })
  .map((places) => places.map((place) => subnet("172.16.0.0/12", 4, place)));

const valid: fc.Arbitrary<ClientVpnProps> = fc
  .record({
    name: fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,99}$/).filter((name) => !name.startsWith("sg-")),
    network: vpcCidrBlocks.map((blocks) => ({ vpcId: "vpc-1", vpcCidrBlocks: blocks })),
    subnetIds: fc.uniqueArray(fc.stringMatching(/^subnet-[0-9a-f]{8}$/), { minLength: 1, maxLength: 4 }),
    clientCidr,
    authentication,
    options: fc.record(
      {
        sessionTimeoutHours: fc.constantFrom(8, 10, 12, 24),
        transport: fc.constantFrom("udp", "tcp"),
        port: fc.constantFrom(443, 1194),
        logRetentionDays: fc.constantFrom(1, 90, 3653),
        logKmsKeyArn: fc.constant("arn:aws:kms:eu-west-2:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f"),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ authentication: proof, options, ...rest }) => ({
    ...rest,
    ...proof,
    ...(options as Partial<ClientVpnProps>),
    serverCertificateArn: SERVER,
  }));

const bad = (key: string, ...values: unknown[]) =>
  fc.constantFrom(...values).map((value) => ({ key, set: { [key]: value } }));
const under = (key: string, ...sets: object[]) => fc.constantFrom(...sets).map((set) => ({ key, set }));
const breaks = fc.oneof(
  bad("name", undefined, "", "-a", "a b", "é", "sg-a", "x".repeat(101), 5, null),
  bad(
    "network",
    undefined,
    null,
    "vpc-1",
    { vpcId: "vpc-1" },
    { ...NETWORK, vpcCidrBlocks: [] },
    { ...NETWORK, vpcCidrBlocks: ["10.0.0.0"] },
  ),
  bad("subnetIds", undefined, [], ["a", "a"], "subnet-a", {}, null),
  bad("clientCidr", undefined, "10.0.0.0/11", "10.0.0.0/23", "10.0.0.1/16", "10.0.0.0", "", 5, null),
  fc.integer({ min: 12, max: 22 }).map((prefix) => ({
    key: "clientCidr",
    set: {
      clientCidr: subnet("172.16.0.0/12", prefix - 12, 0),
      network: { vpcId: "v", vpcCidrBlocks: ["172.16.0.0/16"] },
    },
  })),
  bad("serverCertificateArn", undefined, "", "cert", SAML, 1, null),
  under("rootCertificateChainArn", { rootCertificateChainArn: "x", samlProviderArn: undefined }),
  under(
    "rootCertificateChainArn",
    { rootCertificateChainArn: ROOT, samlProviderArn: SAML },
    { rootCertificateChainArn: undefined, samlProviderArn: undefined },
  ),
  under("samlProviderArn", { ...SIGN_IN, samlProviderArn: ROOT }, { ...SIGN_IN, samlProviderArn: null }),
  under(
    "selfServicePortal",
    { rootCertificateChainArn: ROOT, samlProviderArn: undefined, selfServicePortal: true },
    { selfServicePortal: 1 },
  ),
  under("selfServiceSamlProviderArn", { selfServicePortal: false, selfServiceSamlProviderArn: PORTAL }),
  bad("sessionTimeoutHours", 0, 7, 9, 11, 13, 25, "12", null, Number.NaN),
  bad("transport", "UDP", "sctp", "", 1, null),
  bad("port", 0, 442, 444, 1193, 1195, "443", null),
  bad("logRetentionDays", 4, 2, 3654, "90", null),
  bad("logKmsKeyArn", "", "alias/a", 1, null),
  bad("splitTunnel", true, false),
);
const invalid: fc.Arbitrary<Wrong<ClientVpnProps>> = fc
  .tuple(valid, breaks)
  .map(([props, { key, set }]) => ({ key, props: { ...props, ...set } as ClientVpnProps }));

fuzz("test/vpn", { valid, invalid }, (stack, props) => new ClientVpn(stack, "vpn", props));
