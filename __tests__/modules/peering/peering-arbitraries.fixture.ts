import type { TerraformStack } from "cdktf";
import fc from "fast-check";
import type { PeeringProps } from "../../../modules/peering/peering";
import type { PeerProps } from "../../../modules/peering/sides";
import { peerProvider } from "./peering.fixture";

/** Settings of a peer, with the provider as the wish for one: it can be made only in a stack. */
export type Peer = Omit<PeerProps, "provider"> & { provided: boolean };
export type Ours = Omit<PeeringProps, "peer">;

/** Puts a provider into the settings of a peer that wish for one. */
export const provide = (stack: TerraformStack, name: string, { provided, ...peer }: Peer): PeerProps =>
  provided ? { ...peer, provider: peerProvider(stack, name) } : peer;

const hex = (digits: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`));
const id = (prefix: string) => fc.oneof(hex(8), hex(17)).map((digits) => `${prefix}-${digits}`);
export const names = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/);

/** The values as a list, or as a record under random names. */
const listOrRecord = (values: string[]): fc.Arbitrary<string[] | Record<string, string>> =>
  fc.oneof(
    fc.constant(values),
    fc
      .uniqueArray(names, { minLength: values.length, maxLength: values.length })
      .map((keys) => Object.fromEntries(keys.map((key, index) => [key, values[index] as string]))),
  );

/** Disjoint CIDRs, each in a /16 of its own. */
const cidrPool = (count: number) =>
  fc
    .uniqueArray(fc.tuple(fc.nat(255), fc.integer({ min: 16, max: 28 })), {
      selector: ([octet]) => octet,
      minLength: count,
      maxLength: count,
    })
    .map((pairs) => pairs.map(([octet, prefix]) => `10.${octet}.0.0/${prefix}`));

const tables = (minLength: number) =>
  fc.uniqueArray(id("rtb"), { minLength, maxLength: 2 }).chain((ids) => listOrRecord(ids));

const regions = fc.constantFrom("us-east-1", "eu-central-2", "us-gov-west-1", "cn-north-1", "ap-southeast-5");
const accounts = fc.stringMatching(/^\d{12}$/);
const elsewhere = fc.oneof(
  fc.record({ accountId: accounts }),
  fc.record({ region: regions }),
  fc.record({ accountId: accounts, region: regions }),
);
const peerTables = fc.oneof(fc.constant("all" as const), tables(0));
const place = fc.oneof(
  fc.record({ provided: fc.constant(false), routeTables: peerTables, dnsResolution: fc.boolean() }),
  fc
    .tuple(elsewhere, fc.record({ provided: fc.constant(true), routeTables: peerTables, dnsResolution: fc.boolean() }))
    .map(([where, rest]) => ({ ...where, ...rest })),
  fc
    .tuple(elsewhere, fc.constantFrom({}, { routeTables: [] }, { dnsResolution: false }))
    .map(([where, rest]) => ({ ...where, ...rest, provided: false })),
);

/** Our side and any number of peers that can be its peers together. */
export const network = (peerCount: fc.Arbitrary<number>): fc.Arbitrary<{ ours: Ours; peers: Peer[] }> =>
  fc
    .tuple(peerCount, fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 }))
    .chain(([count, own, each]) =>
      fc.tuple(
        fc.constant({ count, own, each }),
        cidrPool(own + count * each),
        fc.uniqueArray(id("vpc"), { minLength: count + 1, maxLength: count + 1 }),
      ),
    )
    .chain(([{ count, own, each }, cidrs, [vpcId = "", ...vpcIds]]) =>
      fc.record({
        ours: fc.record(
          {
            name: names,
            network: fc.record({
              vpcId: fc.constant(vpcId),
              vpcCidrBlocks: listOrRecord(cidrs.slice(0, own)),
              routeTables: tables(1),
            }),
            securityGroupId: id("sg"),
            apiSecurityGroupId: id("sg"),
            otherSecurityGroupIds: fc.dictionary(fc.constantFrom("auto-nodes", "more"), id("sg"), { maxKeys: 2 }),
            clientPorts: fc.uniqueArray(fc.integer({ min: 1, max: 65535 }), { minLength: 1, maxLength: 3 }),
          },
          { requiredKeys: ["name", "network", "securityGroupId", "apiSecurityGroupId"] },
        ),
        peers: fc.tuple(
          ...Array.from({ length: count }, (_, n) =>
            fc.tuple(place, listOrRecord(cidrs.slice(own + n * each, own + (n + 1) * each)), fc.boolean()).map(
              ([rest, cidrs, kubernetesApi]): Peer => ({
                vpcId: vpcIds[n] as string,
                cidrs,
                kubernetesApi,
                ...rest,
              }),
            ),
          ),
        ),
      }),
    );

const notId = fc.constantFrom("", "vpc", "i-0123456789abcdef0", "vpc-0123456789ABCDEF0", 7, null, [], {});
const notCidr = fc.constantFrom("10.0.0.0", "10.0.0.0/8", "10.0.0.0/29", "10.0.0.1/16", "999.1.1.1/16", "::/16", "", 5);
const notName = fc.constantFrom("", "-a", "_a", "a b", "a/b", "a.b", "n".repeat(64), 3, null);
const notPort = fc.constantFrom(0, -1, 65536, 1.5, Number.NaN, "443", null);

/** Ways to break our side: the key that the error must name, and what to put there. */
export const wrongOurs: fc.Arbitrary<{ key: string; patch: (ours: Ours) => object }> = fc.oneof(
  notName.map((name) => ({ key: "name", patch: () => ({ name }) })),
  notId.map((securityGroupId) => ({ key: "securityGroupId", patch: () => ({ securityGroupId }) })),
  notId.map((vpcId) => ({ key: "network.vpcId", patch: ({ network }: Ours) => ({ network: { ...network, vpcId } }) })),
  notCidr.map((cidr) => ({
    key: "network.vpcCidrBlocks[0]",
    patch: ({ network }: Ours) => ({ network: { ...network, vpcCidrBlocks: [cidr] } }),
  })),
  notId.map((table) => ({
    key: "network.routeTables.main",
    patch: ({ network }: Ours) => ({ network: { ...network, routeTables: { main: table } } }),
  })),
  fc.constantFrom([], {}, null, "all", 3).map((routeTables) => ({
    key: "network.routeTables",
    patch: ({ network }: Ours) => ({ network: { ...network, routeTables } }),
  })),
  fc.constantFrom(undefined, null, "vpc", 3).map((network) => ({ key: "network", patch: () => ({ network }) })),
  notPort.map((port) => ({ key: "clientPorts[0]", patch: () => ({ clientPorts: [port] }) })),
  fc
    .constantFrom([], [80, 80], "80", 80)
    .map((clientPorts) => ({ key: "clientPorts", patch: () => ({ clientPorts }) })),
  names.map((key) => ({ key: `x${key}`, patch: () => ({ [`x${key}`]: 1 }) })),
);

/** Ways to break a peer. */
export const wrongPeer: fc.Arbitrary<{ key: string; patch: (ours: Ours, peer: Peer) => object }> = fc.oneof(
  notId.map((vpcId) => ({ key: "vpcId", patch: () => ({ vpcId }) })),
  fc.constant({ key: "vpcId", patch: ({ network }: Ours) => ({ vpcId: network.vpcId }) }),
  notCidr.map((cidr) => ({ key: "cidrs[0]", patch: () => ({ cidrs: [cidr] }) })),
  notName
    .filter((name) => typeof name === "string")
    .map((name) => ({
      key: `cidrs.${name}`,
      patch: () => ({ cidrs: { [name as string]: "10.0.0.0/16" } }),
    })),
  fc.constantFrom([], {}, null, undefined, "10.0.0.0/16").map((cidrs) => ({ key: "cidrs", patch: () => ({ cidrs }) })),
  fc.constant({ key: "cidrs", patch: ({ network }: Ours) => ({ cidrs: Object.values(network.vpcCidrBlocks) }) }),
  fc.constant({ key: "cidrs", patch: () => ({ cidrs: ["172.16.0.0/16", "172.16.9.0/24"] }) }),
  notId.map((table) => ({ key: "routeTables[0]", patch: () => ({ routeTables: [table] }) })),
  fc.constantFrom("main", 4, null).map((routeTables) => ({ key: "routeTables", patch: () => ({ routeTables }) })),
  fc.constantFrom("1", "1234567890123", "12345678901a", 123456789012, null).map((accountId) => ({
    key: "accountId",
    patch: () => ({ accountId }),
  })),
  fc.constantFrom("", "Frankfurt", "us-east", "us-east-1a", "US-EAST-1", 1, null).map((region) => ({
    key: "region",
    patch: () => ({ region }),
  })),
  fc.constantFrom("yes", 1, null).map((dnsResolution) => ({ key: "dnsResolution", patch: () => ({ dnsResolution }) })),
  fc.constantFrom("aws.peer", 1, {}, null).map((provider) => ({
    key: "provider",
    patch: () => ({ provider, provided: false }),
  })),
  fc.constant({
    key: "provider",
    patch: () => ({ provided: true, accountId: undefined, region: undefined, routeTables: "all" }),
  }),
  fc.constant({ key: "provider", patch: () => ({ provided: false, region: "eu-west-1", routeTables: "all" }) }),
  fc.constant({ key: "provider", patch: () => ({ provided: false, region: "eu-west-1", dnsResolution: true }) }),
  fc.constant({
    key: "routeTables",
    patch: () => ({ provided: false, accountId: undefined, region: undefined, routeTables: undefined }),
  }),
  names.map((key) => ({ key: `x${key}`, patch: () => ({ [`x${key}`]: 1 }) })),
);
