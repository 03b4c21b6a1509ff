import fc from "fast-check";
import { subnet } from "../../../modules/common/settings/cidr";
import { GatewayHost, type GatewayHostProps } from "../../../modules/fargate-fossa/gateway-host";
import { fuzz, type Wrong } from "../../support/fuzz";
import { APP, BUILD, NAT, TYPICAL } from "./gateway-host.fixture";

const hex = fc.stringMatching(/^[0-9a-f]{17}$/);
const port = fc.integer({ min: 1, max: 65_535 });
const option = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const callers = fc.uniqueArray(
  fc
    .record({ prefix: fc.integer({ min: 8, max: 32 }), seed: fc.nat() })
    .map(({ prefix, seed }) => subnet("10.0.0.0/8", prefix - 8, seed % 2 ** (prefix - 8))),
  { maxLength: 4 },
);
/** Different blocks of one size, in any order. */
const privateCidrBlocks = fc
  .record({ bits: fc.integer({ min: 4, max: 8 }), places: fc.uniqueArray(fc.nat(15), { minLength: 1, maxLength: 5 }) })
  .map(({ bits, places }) => places.map((place) => subnet("192.168.0.0/16", bits, place)));
const key = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,20}(\/[a-z0-9._-]{1,20}){0,2}$/);
const app = (tls: boolean) =>
  fc
    .record(
      {
        key,
        port: option(port),
        workerPort: port,
        workerGroup: option(fc.stringMatching(/^service:[a-z-]{1,20}$/)),
        postEnabled: tls ? fc.boolean() : fc.constant(false),
      },
      { requiredKeys: [] },
    )
    .map((settings) => ({ ...APP, ...settings }));
const deploys = option(fc.constant({ clusterName: "dev", serviceName: "worker", roleNames: ["dev-fossa-*"] }));
const TYPES = { X86_64: ["t3.small", "t3a.nano", "c7i.large"], ARM64: ["t4g.small", "m7g.large", "c6gn.medium"] };

const valid: fc.Arbitrary<GatewayHostProps> = fc
  .record({
    tls: fc.boolean(),
    architecture: fc.constantFrom("X86_64" as const, "ARM64" as const),
    seed: fc.nat(2),
    nat: fc.boolean(),
    page: fc.boolean(),
    builds: fc.boolean(),
  })
  .chain(({ tls, architecture, seed, nat, page, builds }) =>
    fc.record({
      name: fc.stringMatching(/^[a-z][a-z0-9-]{1,38}[a-z0-9]$/),
      vpcId: hex.map((id) => `vpc-${id}`),
      subnetId: hex.map((id) => `subnet-${id}`),
      nat: fc.constant(nat),
      privateCidrBlocks,
      privateRouteTableIds: fc.uniqueArray(
        hex.map((id) => `rtb-${id}`),
        { minLength: 1, maxLength: 3 },
      ),
      tls: fc.constant(tls),
      architecture: fc.constant(architecture),
      app: page ? app(tls) : fc.constant(false as const),
      build:
        builds || !(nat || page)
          ? fc.record({ deploys }).map((more) => ({ ...BUILD, ...more }))
          : fc.constant(undefined),
      instanceType: option(fc.constant(TYPES[architecture][seed])),
      keyName: option(fc.constantFrom("me", "my key")),
      rootVolumeSize: option(fc.integer({ min: 8, max: 1000 })),
      detailedMonitoring: option(fc.boolean()),
      egressPorts: option(fc.uniqueArray(port, { minLength: 1, maxLength: 6 })),
      allowedCidrs: callers.map((blocks) => (tls && seed === 0 ? [...blocks, "0.0.0.0/0"] : blocks)),
      allowInternet: fc.constant(tls && seed === 0),
      ssh: callers,
      autoRecovery: option(fc.boolean()),
      alarmTopicArns: option(fc.constant(["arn:aws:sns:eu-west-2:123456789012:alerts"])),
    }),
  ) as fc.Arbitrary<GatewayHostProps>;

/** Texts that would be code in a shell, a rule of nftables, a template or a unit file, or that are no text at all. */
const hostile = fc.constantFrom<unknown>(
  "",
  "a b",
  "$(id)",
  "`id`",
  "a'b",
  "a\nEOF\nid",
  "%{if}",
  "x; flush ruleset",
  -1,
  {},
);
const at = (path: string, value: unknown): [string, object] => {
  const [head = "", inner, index] = path.split(".");
  if (inner === undefined) return [path, { [head]: value }];
  if (/^\d+$/.test(inner)) return [path, { [head]: [value] }];
  const base = head === "app" ? APP : BUILD;
  return [path, { [head]: { ...base, [inner]: index === undefined ? value : [value] } }];
};
const PATHS = [
  ...["name", "vpcId", "subnetId", "instanceType", "rootVolumeSize", "tls", "architecture"],
  ...["privateCidrBlocks.0", "privateRouteTableIds.0", "egressPorts.0", "allowedCidrs.0", "ssh.0", "alarmTopicArns.0"],
  ...["app.bucketName", "app.bucketArn", "app.key", "app.passwordSecretArn", "app.clusterArns.0", "app.port"],
  ...[
    "app.workerPort",
    "app.workerGroup",
    "build.bucketName",
    "build.prefix",
    "build.repositoryUrl",
    "build.repositoryArn",
  ],
];
const breakings: fc.Arbitrary<[string, object]> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.constantFrom(...PATHS), hostile).map(([path, value]) => at(path, value)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<[string, object]>(
      ["privateCidrBlocks", { nat: true, privateCidrBlocks: [] }],
      ["privateCidrBlocks.1", { privateCidrBlocks: ["10.0.0.0/16", "10.0.0.0/24"] }],
      ["privateRouteTableIds", { nat: true, privateRouteTableIds: [] }],
      ["nat", { nat: false, app: false, build: undefined }],
      ["allowedCidrs.0", { allowedCidrs: ["0.0.0.0/0"], allowInternet: false }],
      ["allowInternet", { tls: false, allowInternet: true }],
      ["ssh.0", { ssh: ["0.0.0.0/0"] }],
      ["app.postEnabled", { tls: false, app: { ...APP, postEnabled: true } }],
      ["instanceType", { instanceType: "t4g.small", architecture: "X86_64", build: BUILD }],
      ["autoRecovery", { instanceType: "c7g.metal", autoRecovery: true }],
      ["egressPorts", { ...NAT, privateCidrBlocks: ["10.0.0.0/24"], egressPorts: [80, 80] }],
      ["rootVolumeSise", { rootVolumeSise: 20 }],
    ),
  },
);
const invalid: fc.Arbitrary<Wrong<GatewayHostProps>> = fc
  .tuple(fc.oneof(valid, fc.constant(TYPICAL)), breakings)
  .map(([props, [key, change]]) => ({ key, props: { ...props, ...change } as GatewayHostProps }));

fuzz("test/gateway", { valid, invalid }, (scope, props) => new GatewayHost(scope, "gateway", props));
