import fc from "fast-check";
import { subnet } from "../../../modules/common/settings/cidr";
import { fuzz, type Wrong } from "../../support/fuzz";
import { Compute, type ComputeSettings, NETWORK } from "./compute.fixture";

const CPU = ["t3.medium", "t3.2xlarge", "c5.2xlarge", "m5dn.large", "m7i-flex.large"];
const ARM = ["t4g.medium", "m7g.xlarge", "c7gn.large"];
const GPU = ["g4dn.xlarge", "g5.2xlarge", "g6.xlarge", "p4d.24xlarge"];
const UNKNOWN = ["p3.2xlarge", "q9.large", "inf2.xlarge"];
const amiId = "ami-0123456789abcdef0";
const certificateArn = "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const kmsKeyArn = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";

const cidrs = (minLength = 0) =>
  fc.uniqueArray(
    fc
      .record({ prefix: fc.integer({ min: 8, max: 32 }), seed: fc.nat() })
      .map(({ prefix, seed }) => subnet("10.0.0.0/8", prefix - 8, seed % 2 ** (prefix - 8))),
    { minLength, maxLength: 4 },
  );
const option = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const machine = fc
  .record({
    family: fc.constantFrom(CPU, ARM, GPU, UNKNOWN),
    seed: fc.nat(),
    size: option(fc.integer({ min: 20, max: 1000 })),
    pinned: fc.boolean(),
  })
  .map(({ family, seed, size, pinned }) => ({
    instanceType: family[seed % family.length] as string,
    others: family === UNKNOWN ? [] : family.filter((_, i) => i !== seed % family.length).slice(0, seed % 4),
    rootVolumeSize: family === GPU && !pinned && size !== undefined ? Math.max(size, 75) : size,
    amiId: pinned || family === UNKNOWN ? amiId : undefined,
  }));
const common = {
  keyName: option(fc.constantFrom("me", "my key")),
  diskKmsKeyArn: option(fc.constant(kmsKeyArn)),
  placement: fc.constantFrom("private" as const, "public" as const, undefined),
  allowedCidrs: cidrs(),
  jupyter: fc.boolean(),
  tensorboard: fc.boolean(),
};
const price = fc.integer({ min: 1, max: 10_000_000 }).map((n) => ({ maxPrice: n / 10_000 }));
const single = fc
  .record(
    {
      instanceCount: fc.oneof(
        { weight: 9, arbitrary: fc.integer({ min: 1, max: 3 }) },
        { weight: 1, arbitrary: fc.constant(20) },
      ), // mostly few, to be quick
      spot: fc.oneof(fc.boolean(), price),
      terminationProtection: fc.boolean(),
      userDataReplaceOnChange: fc.boolean(),
      autoRecovery: fc.boolean(),
    },
    { requiredKeys: [] },
  )
  .map((settings) => ({ ...settings, terminationProtection: settings.terminationProtection && !settings.spot }));
const fleet = fc
  .record({
    sizes: fc.tuple(fc.nat(100), fc.nat(100), fc.nat(100)).map((sizes) => sizes.sort((a, b) => a - b)),
    desired: fc.boolean(),
    targetCpu: fc.constantFrom(undefined, false as const, 10, 55.5, 90),
    warmupSeconds: option(fc.nat(3600)),
    spotPercentage: fc.constantFrom(undefined, 0, 1, 50, 100),
    onDemandBase: fc.nat(100),
  })
  .map(({ sizes: [least = 0, some = 0, most = 0], desired, onDemandBase, ...rest }) => ({
    ...rest,
    minSize: least,
    maxSize: Math.max(1, most),
    desiredSize: desired ? some : undefined,
    onDemandBase: rest.spotPercentage ? onDemandBase : undefined,
  }));
const balancer = fc
  .record({
    certificate: fc.constantFrom({ certificateArn }, { domainName: "ml.example.com", hostedZoneId: "Z0123" }),
    internal: fc.boolean(),
    allowedCidrs: cidrs(1),
    targetPort: fc.constantFrom(undefined, 8888, 6006, 1024, 65535),
    healthCheckPath: option(fc.constant("/health?deep=1")),
    sticky: fc.boolean(),
    deletionProtection: fc.boolean(),
    logs: fc.constantFrom({}, { accessLogsBucket: "my-logs" }, { accessLogs: { retentionDays: 30 } }),
  })
  .map(({ certificate, logs, ...rest }) => ({ ...certificate, ...logs, ...rest }));

const valid: fc.Arbitrary<ComputeSettings> = fc
  .record({
    machine,
    common: fc.record(common),
    kind: fc.oneof(
      single,
      fleet.map((settings) => ({ fleet: settings })),
    ),
    loadBalancer: option(balancer),
  })
  .map(({ machine: { others, ...rest }, common: shared, kind, loadBalancer }) => ({
    ...shared,
    ...rest,
    ...kind,
    ...("fleet" in kind && { fleet: { ...kind.fleet, otherInstanceTypes: others } }),
    loadBalancer,
    // nothing is led to that does not run
    ...(loadBalancer && { jupyter: true, tensorboard: true }),
  }));

const wrong = (key: string, ...values: unknown[]) => fc.constantFrom(...values).map((value) => ({ key, value }));
const inside = (key: string, base: object, values: unknown[]) =>
  fc.constantFrom(...values).map((value) => {
    const [head = "", inner = ""] = key.split(".");
    return { key: `${head}.${inner}`, value: { ...base, [inner]: value } };
  });
const text = fc.stringMatching(/^[a-z ]{1,12}$/);
const breaks = fc.oneof(
  wrong("instanceType", "bad", "t3", "T3.medium", "t3.2", "", 3, null, {}),
  text.map((value) => ({ key: "instanceType", value })),
  wrong("instanceCount", 0, 21, -1, 1.5, "2", null, Number.NaN),
  wrong("rootVolumeSize", 19, 1001, 0, 50.5, "50", null),
  wrong("diskKmsKeyArn", "alias/x", "", 1, null),
  wrong("amiId", "ami-", "ami-xyz", "resolve:ssm:x", "", 1, null),
  wrong("keyName", "", " x", "x ", "é", "x".repeat(256), 1, null),
  wrong("spot", "yes", 0.05, null, []),
  inside("spot.maxPrice", {}, [0, -1, 1001, "1", null, Number.NaN, 0.00001]),
  wrong("placement", "isolated", "", null, true),
  wrong("terminationProtection", "yes", 1, null),
  wrong("userDataReplaceOnChange", "yes", 1, null),
  wrong("allowedCidrs", "10.0.0.0/8", null, {}, ["10.0.0.0/8", "10.0.0.0/8"]),
  fc
    .constantFrom("0.0.0.0/0", "::/0", "0.0.0.0/1", "10.0.0.1/8", "10.0.0.0", "x", "", 1, null)
    .map((cidr) => ({ key: "allowedCidrs.0", value: [cidr] })),
  wrong("fleet", true, false, null, 3, []),
  inside("fleet.minSize", {}, [-1, 101, 1.5, "1", null]),
  inside("fleet.maxSize", { minSize: 5 }, [0, 4, 101, "9", null]),
  inside("fleet.desiredSize", { minSize: 5 }, [4, 11, 101, 5.5, null]),
  inside("fleet.targetCpu", {}, [0, 9, 91, true, "50", null]),
  inside("fleet.warmupSeconds", {}, [-1, 3601, 0.5, null]),
  inside("fleet.spotPercentage", {}, [-1, 101, 0.5, "50", null]),
  inside("fleet.onDemandBase", {}, [1, -1, 101, null]),
  inside("fleet.otherInstanceTypes", {}, ["t3.large", null, ["m5.large", "m5.large"]]),
  wrong("loadBalancer", true, false, null, "on"),
  wrong("loadBalancer.certificateArn", {}, { certificateArn: "x" }, { certificateArn: null }),
  inside("loadBalancer.internal", { certificateArn }, [null, "no", 1]),
  inside("loadBalancer.allowedCidrs", { certificateArn, internal: false }, [undefined, [], null]),
  inside("loadBalancer.targetPort", { certificateArn }, [0, 80, 1023, 65536, "8888", null]),
  inside("loadBalancer.healthCheckPath", { certificateArn }, ["", "health", "/a b", null]),
  inside("loadBalancer.sticky", { certificateArn }, ["yes", 1, null]),
  inside("loadBalancer.accessLogsBucket", { certificateArn }, ["", "A", "a_b", 1, null]),
  inside("loadBalancer.domainName", { hostedZoneId: "Z1" }, [undefined, "x", "A.b.com", "a..com", null]),
  inside("loadBalancer.hostedZoneId", { domainName: "a.b.com" }, [undefined, "", "z1", "/hostedzone/Z1", null]),
  wrong("instances", 1, "two"),
);
const invalid: fc.Arbitrary<Wrong<ComputeSettings>> = fc
  .tuple(valid, breaks)
  .map(([props, { key, value }]) => ({ key, props: { ...props, [key.split(".")[0] as string]: value } }));

/** Settings that are sound by themselves, but not together. */
const clashes: fc.Arbitrary<Wrong<ComputeSettings>> = fc
  .tuple(
    valid,
    fc.constantFrom<[string, ComputeSettings]>(
      ["amiId", { instanceType: "q9.large", amiId: undefined }],
      ["rootVolumeSize", { instanceType: "g5.xlarge", rootVolumeSize: 74, amiId: undefined }],
      ["terminationProtection", { spot: true, terminationProtection: true }],
      ["placement", { placement: "public", network: { ...NETWORK, publicSubnetIds: [] } }],
      ["instanceCount", { fleet: {}, instanceCount: 2 }],
      ["spot", { fleet: {}, spot: true }],
      ["terminationProtection", { fleet: {}, terminationProtection: true }],
      ["userDataReplaceOnChange", { fleet: {}, userDataReplaceOnChange: true }],
      ["fleet.otherInstanceTypes", { instanceType: "t3.medium", fleet: { otherInstanceTypes: ["t4g.medium"] } }],
      ["loadBalancer.targetPort", { jupyter: false, loadBalancer: { certificateArn } }],
      ["loadBalancer.internal", { loadBalancer: { certificateArn }, network: { ...NETWORK, privateSubnetIds: ["a"] } }],
    ),
  )
  .map(([props, [key, clash]]) => ({ key, props: { ...props, ...clash } }));

fuzz<ComputeSettings>(
  "test/compute",
  { valid, invalid: fc.oneof({ weight: 3, arbitrary: invalid }, { weight: 1, arbitrary: clashes }) },
  (scope, props) => new Compute(scope, "compute", props),
);
