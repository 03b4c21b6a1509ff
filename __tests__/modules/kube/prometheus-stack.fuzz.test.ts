import fc from "fast-check";
import { nodePools, type PoolSettings } from "../../../modules/kube/pool-scheduling";
import { PrometheusStack, type PrometheusStackProps } from "../../../modules/kube/prometheus-stack";
import { broken, fuzz } from "../../support/fuzz";
import { inCluster } from "../../support/in-cluster";

type Settings = Omit<PrometheusStackProps, "pools"> & { pools?: PoolSettings };
const SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:write-AbC123";
const record = <T>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }, ...requiredKeys: (keyof T)[]) =>
  fc.record(shape, { requiredKeys });
const valid: fc.Arbitrary<Settings> = record(
  {
    cluster: fc.constant({ clusterName: "ml" }),
    pools: fc.constantFrom<PoolSettings>({}, { systemGroups: { prometheus: false } }),
    namespace: fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/).filter((name) => !/^(default$|kube-)/.test(name)),
    volumeSize: fc.integer({ min: 1, max: 16_384 }).map((size) => `${size}Gi`),
    storageClass: fc.constantFrom("gp3", "fast.io2"),
    retentionDays: fc.integer({ min: 1, max: 3650 }),
    scrapeIntervalSeconds: fc.integer({ min: 5, max: 300 }),
    cpu: fc.constantFrom("1", "250m"),
    memory: fc.constantFrom("2Gi", "512Mi"),
    alertmanager: fc.boolean(),
    grafana: fc.oneof(
      fc.constant(false as const),
      record({
        adminSecretArn: fc.constant(SECRET),
        kmsKeyArn: fc.constant("arn:aws:kms:us-east-1:123456789012:key/0f1e2d3c"),
        public: fc.record({
          certificateArn: fc.constant("arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d"),
          sourceRanges: fc.constantFrom<string[]>(["192.0.2.0/24"], ["198.51.100.0/24", "192.0.2.1/32"]),
        }),
      }),
    ),
    remoteWrite: fc.oneof(
      fc.record({
        kind: fc.constant("basic-auth" as const),
        url: fc.constantFrom("https://a.example", "https://a.example:8443/api/v1/push"),
        secretArn: fc.constant(SECRET),
      }),
      fc.record({ kind: fc.constant("amazon" as const), region: fc.constant("eu-central-1") }),
      fc.record({
        kind: fc.constant("amazon" as const),
        region: fc.constant("eu-central-1"),
        workspace: fc.constant({
          arn: "arn:aws:aps:eu-central-1:111122223333:workspace/ws-1",
          endpoint: "https://aps-workspaces.eu-central-1.amazonaws.com/workspaces/ws-1/",
        }),
      }),
    ),
    timeoutSeconds: fc.integer({ min: 60, max: 3600 }),
  },
  "cluster",
);

const BREAKS: readonly (readonly [path: string, values: readonly unknown[]])[] = [
  ["cluster", ["ml", null, {}]],
  ["namespace", ["", "default", "kube-x", "a.b", null]],
  ["volumeSize", ["", "1Mi", "100", 100, null]],
  ["storageClass", ["", "GP3", null]],
  ["retentionDays", [0, 3651, "15d", null]],
  ["scrapeIntervalSeconds", [4, 301, "30s", null]],
  ["cpu", ["0", 1, null]],
  ["memory", ["4G", 4, null]],
  ["alertmanager", ["on", null]],
  ["grafana", [true, null, 7]],
  ["remoteWrite", [true, null, "https://a.example"]],
  ["timeoutSeconds", [59, 3601]],
  ["values", ["a", null]],
  ["prometheus", [{}]],
];
const breaks = BREAKS.flatMap(([path, values]) => values.map((value) => [path, value] as const));
const invalid = fc
  .tuple(valid, fc.constantFrom(...breaks))
  .map(([props, [path, value]]) => broken<Settings>(props, path, value));

fuzz(
  "test/watch",
  { valid, invalid },
  inCluster(
    (stack, { pools = {}, ...props }) =>
      new PrometheusStack(stack, "watch", { ...props, pools: nodePools(stack, pools) }),
  ),
);
