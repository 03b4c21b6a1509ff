import fc from "fast-check";
import { ClientVpn, type ClientVpnProps } from "../../../../modules/aws/client-vpn/client-vpn";
import { subnet } from "../../../../modules/common/settings/cidr";
import { fuzz, type Wrong } from "../../../support/fuzz";
import { DIRECTORY, MINIMAL, NETWORK, PORTAL, RADIUS, ROOT, SAML, SERVER, SIGN_IN } from "./client-vpn.fixture";

const KEY = "arn:aws:kms:eu-west-2:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";

const authentication = fc.oneof(
  fc.constantFrom({ rootCertificateChainArn: ROOT }, { rootCertificateChainArn: SERVER, selfServicePortal: false }),
  fc.constantFrom(
    { samlProviderArn: SAML },
    { samlProviderArn: SAML, selfServicePortal: true },
    { samlProviderArn: SAML, selfServicePortal: true, selfServiceSamlProviderArn: PORTAL },
    { samlProviderArn: SAML, rootCertificateChainArn: ROOT },
    { activeDirectory: { directoryId: DIRECTORY } },
    { activeDirectory: { directoryId: DIRECTORY, mfa: RADIUS }, selfServicePortal: true },
    { activeDirectory: { directoryId: DIRECTORY, mfa: RADIUS }, rootCertificateChainArn: ROOT },
  ),
  fc
    .record(
      {
        radiusServers: fc.uniqueArray(fc.ipV4(), { minLength: 1, maxLength: 20 }),
        sharedSecretArn: fc.constant(RADIUS.sharedSecretArn),
        radiusPort: fc.integer({ min: 1025, max: 65535 }),
        radiusRetries: fc.integer({ min: 0, max: 10 }),
        radiusTimeout: fc.integer({ min: 1, max: 50 }),
        authenticationProtocol: fc.constantFrom("PAP", "CHAP", "MS-CHAPv1", "MS-CHAPv2"),
        displayLabel: fc.string({ minLength: 1, maxLength: 64 }),
      },
      { requiredKeys: ["radiusServers", "sharedSecretArn"] },
    )
    .map((mfa) => ({ activeDirectory: { directoryId: DIRECTORY, mfa } })),
  fc
    .record(
      {
        clients: fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{0,39}$/), { minLength: 1, maxLength: 5 }),
        validityDays: fc.integer({ min: 60, max: 1825 }),
        kmsKeyArn: fc.constant(KEY),
      },
      { requiredKeys: ["clients"] },
    )
    .map((generatedPki) => ({ generatedPki, serverCertificateArn: undefined })),
);
/** Groups of those who sign in, by SIDs, which are good ids of SAML groups too. */
const groups = fc
  .uniqueArray(fc.tuple(fc.stringMatching(/^[a-z][a-z0-9-]{0,31}$/), fc.integer({ min: 1, max: 9999 })), {
    maxLength: 4,
    comparator: ([name, rid], [otherName, otherRid]) => name === otherName || rid === otherRid,
  })
  .map((named) => Object.fromEntries(named.map(([name, rid]) => [name, { id: `S-1-5-21-1-2-3-${rid}` }])));
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
        logKmsKeyArn: fc.constant(KEY),
        disconnectOnSessionTimeout: fc.boolean(),
        dnsServers: fc.uniqueArray(fc.ipV4(), { minLength: 1, maxLength: 2 }),
        banner: fc.string({ minLength: 1, maxLength: 1400 }),
        routeEnforcement: fc.boolean(),
        splitTunnel: fc.boolean(),
        groups,
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ authentication: proof, options: { groups: named, ...options }, ...rest }) => ({
    ...rest,
    serverCertificateArn: SERVER,
    ...(proof as Partial<ClientVpnProps>),
    ...(options as Partial<ClientVpnProps>),
    ...("samlProviderArn" in proof || "activeDirectory" in proof ? { groups: named } : {}),
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
  bad("serverCertificateArn", "", "cert", SAML, 1, null),
  under("serverCertificateArn", { serverCertificateArn: undefined, generatedPki: undefined }),
  bad("generatedPki", true, null),
  under("generatedPki", { serverCertificateArn: SERVER, generatedPki: { clients: ["a"] } }),
  under("generatedPki.clients", { generatedPki: {} }, { generatedPki: { clients: [] } }),
  under("generatedPki.clients.0", { generatedPki: { clients: ["A"] } }, { generatedPki: { clients: [""] } }),
  under("rootCertificateChainArn", { rootCertificateChainArn: "x", samlProviderArn: undefined }),
  under("rootCertificateChainArn", {
    serverCertificateArn: SERVER,
    rootCertificateChainArn: undefined,
    samlProviderArn: undefined,
    activeDirectory: undefined,
    generatedPki: undefined,
    groups: {},
  }),
  under("samlProviderArn", { ...SIGN_IN, samlProviderArn: ROOT }, { ...SIGN_IN, samlProviderArn: null }),
  under("activeDirectory", { samlProviderArn: SAML, activeDirectory: { directoryId: DIRECTORY } }),
  bad("activeDirectory", true, null, DIRECTORY),
  under("activeDirectory.directoryId", { activeDirectory: { directoryId: "d-1" } }, { activeDirectory: {} }),
  under(
    "activeDirectory.mfa.sharedSecretArn",
    { activeDirectory: { directoryId: DIRECTORY, mfa: { radiusServers: ["a"] } } },
    { activeDirectory: { directoryId: DIRECTORY, mfa: { ...RADIUS, sharedSecretArn: "hunter2" } } },
  ),
  under("selfServicePortal", { rootCertificateChainArn: ROOT, selfServicePortal: true }, { selfServicePortal: 1 }),
  under("selfServiceSamlProviderArn", { selfServicePortal: false, selfServiceSamlProviderArn: PORTAL }),
  under("groups", {
    ...MINIMAL,
    ...{ samlProviderArn: undefined, activeDirectory: undefined, generatedPki: undefined },
    groups: { staff: { id: "a" } },
  }),
  under("groups.staff.id", { ...SIGN_IN, groups: { staff: { id: "" } } }, { ...SIGN_IN, groups: { staff: {} } }),
  under("groups.staff.cidrs", { ...SIGN_IN, splitTunnel: true, groups: { staff: { id: "a", cidrs: [] } } }),
  bad("splitTunnel", "no", 1, null),
  bad("disconnectOnSessionTimeout", "no", 1, null),
  bad("routeEnforcement", "no", 1, null),
  bad("dnsServers", [], ["10.0.0.1", "10.0.0.2", "10.0.0.3"], "10.0.0.1", null),
  bad("dnsServers.0", "x").map(() => ({ key: "dnsServers.0", set: { dnsServers: ["x"] } })),
  bad("banner", "", "x".repeat(1401), 1, null),
  bad("sessionTimeoutHours", 0, 7, 9, 11, 13, 25, "12", null, Number.NaN),
  bad("transport", "UDP", "sctp", "", 1, null),
  bad("port", 0, 442, 444, 1193, 1195, "443", null),
  bad("logRetentionDays", 4, 2, 3654, "90", null),
  bad("logKmsKeyArn", "", "alias/a", 1, null),
  bad("tunnel", true, false),
);
const invalid: fc.Arbitrary<Wrong<ClientVpnProps>> = fc
  .tuple(valid, breaks)
  .map(([props, { key, set }]) => ({ key, props: { ...props, ...set } as ClientVpnProps }));

fuzz("test/vpn", { valid, invalid }, (stack, props) => new ClientVpn(stack, "vpn", props));
