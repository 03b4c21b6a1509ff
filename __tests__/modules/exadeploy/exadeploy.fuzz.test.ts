import fc from "fast-check";
import { Exadeploy, type ExadeployProps } from "../../../modules/exadeploy/exadeploy";
import { nodePools, type PoolSettings } from "../../../modules/kube/pool-scheduling";
import { broken, fuzz, jsonValue } from "../../support/fuzz";
import { inCluster } from "../../support/in-cluster";

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/).filter((name) => !name.startsWith("kube-"));
const image = fc.constantFrom("r/x:v1-2", "host:5000/r/x:t", `r/x@sha256:${"0".repeat(64)}`);
const secret = fc
  .stringMatching(/^[\w/+=.@!-]{1,20}$/)
  .map((name) => `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${name}-AbC123`);
const config = fc.string({ maxLength: 30 });
const cpu = fc.constantFrom("1", "0.5", "250m");
const memory = fc.constantFrom("1Gi", "3.5Gi");
const seconds = fc.integer({ min: 1, max: 86_400 });
const record = <T>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }, ...requiredKeys: (keyof T)[]) =>
  fc.record(shape, { requiredKeys });

const pools = record({
  runnerPools: fc.uniqueArray(
    fc.record({
      suffix: fc.stringMatching(/^[a-z]{1,8}$/),
      category: fc.constant("gpu" as const),
      instanceTypes: fc.constant<string[]>(["g5.xlarge"]),
      minSize: fc.constant(0),
      maxSize: fc.integer({ min: 1, max: 9 }),
      additionalTaints: fc.constantFrom<{ key: string; value?: string; effect: "NO_EXECUTE" | "PREFER_NO_SCHEDULE" }[]>(
        [],
        [{ key: "team", effect: "NO_EXECUTE" }],
        [{ key: "team", value: "a", effect: "PREFER_NO_SCHEDULE" }],
      ),
    }),
    { selector: ({ suffix }) => suffix, minLength: 1, maxLength: 3 },
  ),
  systemGroups: fc.constantFrom({}, { scheduler: false as const }, { "module-repository": false as const }),
});
const backend = fc.record({
  rdsAddress: fc.domain(),
  rdsPort: fc.integer({ min: 1150, max: 65_535 }),
  rdsUsername: fc.constant("postgres"),
  rdsDatabase: fc.constant("modulerepo"),
  masterUserSecretArn: secret,
  s3BucketId: fc.constant("modules"),
  s3Region: fc.constant("eu-west-1"),
});
const where = fc.oneof(
  fc.record({
    backend,
    region: fc.constantFrom("eu-west-1", "us-west-1"),
    s3AccessKeySecretArn: secret,
  }),
  fc.record({
    backend,
    databaseCertificates: fc.constant("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"),
    chart: fc.constant({ version: "1.2.0" }),
  }),
  record({ region: fc.constant("mx-central-1") }),
);
const common = record(
  {
    name: label,
    namespace: label,
    serviceAccount: label.filter((name) => name !== "default"),
    pools,
    apiKeySecretArn: secret,
    scheduler: record(
      {
        image,
        cpu,
        memory,
        placementGroupDeletionLagSeconds: seconds,
        runnerCreationTimeoutSeconds: seconds,
        runnerDeletionLagSeconds: seconds,
        minRunners: fc.integer({ min: 1, max: 5 }),
        maxRunners: fc.integer({ min: 5, max: 100_000 }),
        disableClientsKillingRunners: fc.boolean(),
        additionalConfig: config,
      },
      "image",
    ),
    moduleRepository: record({ image, cpu, memory, additionalConfig: config }, "image"),
    runner: record(
      {
        image,
        cpuLimit: cpu,
        memoryLimit: memory,
        cpuOnly: fc.boolean(),
        valueStoreThreads: fc.integer({ min: 1, max: 1024 }),
        serializeAll: fc.boolean(),
        createHeadlessService: fc.boolean(),
        ingressHost: label,
        additionalConfig: config,
      },
      "image",
    ),
    exposure: fc.constantFrom("internal" as const, "internal-nlb" as const, "cluster" as const),
    suffix: fc.constantFrom("", "b", "blue-1"),
    clusterDomain: fc.constantFrom("cluster.local", "example.internal"),
    values: fc.dictionary(fc.stringMatching(/^[a-z]{1,9}$/), jsonValue({ maxDepth: 2 }), {
      maxKeys: 2,
      noNullPrototype: true,
    }) as fc.Arbitrary<ExadeployProps["values"]>,
    timeoutSeconds: fc.integer({ min: 60, max: 3600 }),
  },
  "apiKeySecretArn",
  "scheduler",
  "moduleRepository",
  "runner",
);
/** Props with the settings of a cluster in place of its pools. */
type Settings = Omit<ExadeployProps, "pools"> & { pools?: PoolSettings };
const valid: fc.Arbitrary<Settings> = fc.tuple(common, where).map(([props, rest]) => ({ ...props, ...rest }));

const BREAKS: readonly (readonly [path: string, values: readonly unknown[]])[] = [
  ["name", ["", "A", "a".repeat(41), 7, null]],
  ["namespace", ["", "kube-x", "a.b", 7, null]],
  ["serviceAccount", ["", "default", "A", null]],
  ["apiKeySecretArn", ["", "key", "01234567-89ab-cdef-0123-456789abcdef", null, undefined, 7]],
  ["backend", ["remote", null, 7]],
  ["backend.rdsAddress", ["", null, 7]],
  ["backend.rdsPort", ["5432", null]],
  ["s3AccessKeySecretArn", ["", "AKIA", null, 7]],
  ["secretStore", ["a", null, {}]],
  ["region", ["", "California", null, 7]],
  ["databaseCertificates", ["", "ca.pem", null, 7]],
  ["scheduler.image", ["", "r/x", "r/x:", "r/x@sha256:abc", "r/x:latest", null]],
  ["scheduler.minRunners", [0, 1.5, "1", null]],
  ["moduleRepository.cpu", ["", "0", 1, null]],
  ["runner.memoryLimit", ["1", "0Gi", null]],
  ["runner.serializeAll", ["yes", null]],
  ["exposure", ["public", null]],
  ["suffix", ["-a", "A", "a".repeat(21), null]],
  ["chart.version", ["new", 1, null]],
  ["values", ["a: b", null, []]],
  ["timeoutSeconds", [59, 3601, "60", null]],
  ["apiKey", ["x"]],
];
const breaks = BREAKS.flatMap(([path, values]) => values.map((value) => [path, value] as const));
const invalid = fc
  .tuple(valid, fc.constantFrom(...breaks))
  .map(([props, [path, value]]) => broken<Settings>(props, path, value));

fuzz(
  "test/exa",
  { valid, invalid },
  inCluster(
    (stack, { pools = {}, ...props }) => new Exadeploy(stack, "exa", { ...props, pools: nodePools(stack, pools) }),
  ),
);
