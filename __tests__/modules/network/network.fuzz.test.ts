import fc from "fast-check";
import { subnet } from "../../../modules/common/settings/cidr";
import { Network, type NetworkProps } from "../../../modules/network/network";
import { fuzz, type Wrong } from "../../support/fuzz";

const LETTERS = [..."abcd"];
const TIERS = ["private", "public", "database"] as const;

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{2,62}$/).filter((value) => value.toLowerCase() !== "default");
const cidr = fc
  .record({
    range: fc.constantFrom("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/16", "52.0.0.0/8"),
    prefix: fc.integer({ min: 16, max: 23 }),
    seed: fc.nat(),
  })
  .map(({ range, prefix, seed }) => {
    const bits = prefix - Number(range.split("/")[1]);
    return subnet(range, bits, seed % 2 ** bits);
  });
const zones = fc.oneof(
  fc.record({
    azCount: fc.oneof(fc.constantFrom(undefined, 2, 2, 3), fc.integer({ min: 2, max: 6 })), // mostly small, to be quick
    excludeZoneIds: fc.option(fc.subarray(["use1-az3", "usw2-az4", "apne1-az1"]), { nil: undefined }),
  }),
  fc.shuffledSubarray(LETTERS, { minLength: 2 }).chain((letters) =>
    fc.record({
      azs: fc.constant(letters.map((letter) => `eu-central-1${letter}`)),
      azCount: fc.constantFrom(undefined, letters.length),
    }),
  ),
);
const tags = fc.dictionary(fc.stringMatching(/^[a-z.]{1,20}\/[a-z]{1,20}$/), fc.stringMatching(/^[a-z]{0,20}$/), {
  maxKeys: 3,
});
const flowLogs = fc.record(
  {
    logRetentionDays: fc.constantFrom(1, 7, 30, 365, 3653),
    trafficType: fc.constantFrom("ACCEPT", "REJECT", "ALL"),
    maxAggregationInterval: fc.constantFrom(60, 600),
    logKmsKeyArn: fc.constant("arn:aws:kms:eu-central-1:123456789012:key/0a1b"),
  },
  { requiredKeys: [] },
);
const kinds = fc.record({
  private: fc.constantFrom("absent", "on", "given", "off"),
  public: fc.constantFrom("absent", "on", "given", "off"),
  database: fc.constantFrom("absent", "on", "given", "off"),
});

/** Settings that AWS takes: a tier that names blocks takes them from the numbers that are its own. */
const valid: fc.Arbitrary<NetworkProps> = fc
  .record({
    name,
    cidr,
    zones,
    kinds,
    tags,
    seed: fc.nat(),
    bits: fc.option(fc.integer({ min: 5, max: 12 }), { nil: undefined }),
  })
  .filter(({ kinds: { private: a, public: b, database: c } }) => [a, b, c].some((kind) => kind !== "off"))
  .chain(({ name, cidr, zones, kinds, tags, seed, bits }) => {
    const { azs, azCount }: Partial<NetworkProps> = zones;
    const count = azs?.length ?? azCount ?? 3;
    const prefix = Number(cidr.split("/")[1]);
    const subnetNewbits = bits === undefined ? undefined : Math.min(bits, 28 - prefix);
    const isOff = (tier: (typeof TIERS)[number]) => kinds[tier] === "off";
    const exits = isOff("private")
      ? ["none"]
      : isOff("public")
        ? ["none", "regional"]
        : ["none", "single", "perAz", "regional", "instance"];
    const nat = exits[seed % exits.length];
    const given = (tier: (typeof TIERS)[number]) => {
      const own = [...Array(count).keys()].map((i) =>
        subnet(cidr, subnetNewbits ?? 5, TIERS.indexOf(tier) * count + 1 + i),
      );
      const least = nat === "perAz" ? count : 2;
      return { cidrs: own.slice(0, Math.max(least, seed % (count + 1))), tags };
    };
    const shape = { absent: () => undefined, on: () => ({ tags }), given, off: () => false as const };
    const common = {
      s3Endpoint: fc.boolean(),
      dynamodbEndpoint: fc.boolean(),
      flowLogs: fc.option(flowLogs, { nil: undefined }),
      kubernetesTags: fc.boolean(),
    };
    const statements = [{ Action: "*", Condition: { StringEquals: { "aws:PrincipalAccount": "111122223333" } } }];
    const inPrivate = {
      podCidr: fc.constantFrom(undefined, "100.80.0.0/16", "100.96.64.0/18", "100.127.0.0/25"),
      interfaceEndpoints: fc.shuffledSubarray(["sts", "ecr.api", "ecr.dkr", "eks-auth", "rds", "logs"]),
    };
    return fc.record(isOff("private") ? common : { ...common, ...inPrivate }, { requiredKeys: [] }).map(
      (rest): NetworkProps =>
        ({
          name,
          cidr,
          ...zones,
          subnetNewbits,
          // computed blocks of six zones are halved, so mixed tiers ask for the same bits as the given ones
          ...(TIERS.some((tier) => kinds[tier] === "given") ? { subnetNewbits: subnetNewbits ?? 5 } : {}),
          ...Object.fromEntries(TIERS.map((tier) => [tier, shape[kinds[tier] as keyof typeof shape](tier)])),
          nat,
          ...(nat === "instance" && seed % 2 === 0 ? { natInstanceType: "t4g.micro" } : {}),
          ...(nat === "instance" && seed % 3 === 0
            ? { diskKmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/0f1e2d3c" }
            : {}),
          ...rest,
          ...(seed % 3 === 0 && rest.s3Endpoint ? { endpointPolicies: { s3: statements } } : {}),
        }) as NetworkProps,
    );
  });

const wrong = (key: string, values: fc.Arbitrary<unknown>) => values.map((value) => ({ key, value }));
const text = fc.stringMatching(/^[a-z_ ]{1,12}$/);
/** One key, or two that go together, and what to put there. */
const breaks = fc.oneof(
  wrong(
    "name",
    fc.oneof(fc.constantFrom(undefined, 3, null, [], "ab", "x".repeat(64)), fc.stringMatching(/^[a-z]{3}[_. /]$/)),
  ),
  wrong(
    "cidr",
    fc.constantFrom(
      "10.0.0.0",
      "10.0.0.0/8",
      "10.0.0.0/25",
      "10.0.0.1/16",
      "10a0b0c0/16",
      "::/16",
      10,
      null,
      "127.0.0.0/16",
    ),
  ),
  wrong("azCount", fc.oneof(fc.constantFrom(0, 1, 7, -1, 2.5, Number.NaN, "3", null), fc.integer({ min: 7 }))),
  wrong(
    "azs",
    fc.constantFrom([], ["us-east-1a"], ["us-east-1a", "us-east-1a"], ["us-east-1a", "us-west-2a"], "us-east-1a", null),
  ),
  wrong(
    "azs[0]",
    text.map((zone) => [zone, "us-east-1b"]),
  ),
  wrong("excludeZoneIds[0]", fc.constantFrom(["us-east-1a"], [3], [""])),
  wrong("subnetNewbits", fc.oneof(fc.constantFrom(0, 1, 13, 2.5, "4", null), fc.integer({ min: 13 }))),
  wrong("nat", fc.oneof(text, fc.constantFrom(true, null, 1, []))),
  wrong("diskKmsKeyArn", fc.constantFrom(null, 1, "", "alias/mine")),
  wrong("natInstanceType", fc.oneof(text, fc.constantFrom(null, 1, "t3.nano", "t4g.large"))),
  wrong(
    "podCidr",
    fc.constantFrom("pods", "100.64.0.0/15", "100.64.0.0/29", "203.0.113.0/24", "198.19.0.0/16", 1, null),
  ),
  wrong("s3Endpoint", fc.constantFrom("yes", 1, null, {})),
  wrong("dynamodbEndpoint", fc.constantFrom("yes", 1, null, {})),
  wrong("kubernetesTags", fc.constantFrom("yes", 1, null, {})),
  wrong("interfaceEndpoints", fc.constantFrom("sts", null, {}, ["sts", "sts"])),
  wrong(
    "interfaceEndpoints[0]",
    fc.constantFrom(["s3"], ["dynamodb"], ["ecr-api"], ["STS"], ["a b"], [""], [1], ["com.amazonaws.x.sts"]),
  ),
  wrong("endpointPolicies", fc.constantFrom("*", null, [], 1)),
  wrong("endpointPolicies.sqs", fc.constant({ sqs: [{ Action: "*" }] })),
  wrong("endpointPolicies.s3", fc.constantFrom({ s3: [] }, { s3: {} })),
  wrong("flowLogs", fc.constantFrom(true, false, null, "ALL", [])),
  wrong(
    "flowLogs.logRetentionDays",
    fc.constantFrom({ logRetentionDays: 2 }, { logRetentionDays: "7" }, { logRetentionDays: null }),
  ),
  wrong(
    "flowLogs.logKmsKeyArn",
    text.map((logKmsKeyArn) => ({ logKmsKeyArn })),
  ),
  wrong("flowLogs.format", fc.constant({ format: "x" })),
  fc
    .constantFrom(...TIERS)
    .chain((tier) =>
      fc.oneof(
        wrong(tier, fc.constantFrom(true, null, "off", 3, [])),
        wrong(`${tier}.cidrs`, fc.constantFrom({ cidrs: [] }, { cidrs: null }, { cidrs: "10.0.0.0/24" })),
        wrong(
          `${tier}.cidrs[0]`,
          fc.constantFrom({ cidrs: ["x"] }, { cidrs: ["1.2.3.0/24", "1.2.4.0/24"] }, { cidrs: ["10.0.0.0/29"] }),
        ),
        wrong(
          `${tier}.cidrs[1]`,
          fc.constantFrom({ cidrs: ["9.9.8.0/23", "9.9.9.0/24"] }, { cidrs: ["10.0.0.0/24", null] }),
        ),
        wrong(`${tier}.tags.aws:x`, fc.constant({ tags: { "aws:x": "y" } })),
        wrong(`${tier}.names`, fc.constant({ names: [] })),
      ),
    ),
  text
    .filter((key) => !/ /.test(key) && !["name", "cidr", "azs", "nat"].includes(key))
    .map((key) => ({ key, value: 1 })),
);
const invalid: fc.Arbitrary<Wrong<NetworkProps>> = fc.tuple(valid, breaks).map(([props, { key, value }]) => ({
  key,
  props: { ...props, [key.split(/[.[]/)[0] as string]: value } as NetworkProps,
}));

fuzz<NetworkProps>("test/network", { valid, invalid }, (scope, props) => new Network(scope, "network", props));
