import fc from "fast-check";
import {
  type ClusterGateway,
  FossaCluster,
  type FossaClusterProps,
} from "../../../modules/fargate-fossa/fossa-cluster";
import { broken, fuzz, type Wrong } from "../../support/fuzz";
import { CERTIFICATE, IMAGE, PLACE, SECRET } from "./fossa.fixture";

const one = <const T>(...words: T[]) => fc.constantFrom(...words);
/** Some of the pairs that Fargate has. Source: Amazon ECS Developer Guide, "Task CPU and memory". */
const sizes = one<Partial<Record<"cpu" | "memory", number>>>(
  {},
  { cpu: 256, memory: 512 },
  { cpu: 256, memory: 2048 },
  { cpu: 512, memory: 4096 },
  { cpu: 4096, memory: 30_720 },
);

const gateways: fc.Arbitrary<ClusterGateway> = fc.record(
  {
    images: fc.record({ workerImageUri: one(IMAGE), hasBrokerImage: one(true) }),
    host: fc.record({ securityGroupId: one("sg-0123456789abcdef0"), instanceId: one("i-0123456789abcdef0") }),
    page: one({
      image: IMAGE,
      passwordSecretArn: SECRET,
      tls: {
        certificateArn: CERTIFICATE,
        internal: true,
        deletionProtection: false,
        allowedCidrs: ["203.0.113.0/24"],
        allowInternet: false,
      },
    }),
    alertTopicArn: one("arn:aws:sns:eu-west-2:123456789012:alerts"),
  },
  { requiredKeys: ["images"] },
) as fc.Arbitrary<ClusterGateway>;

const allowedCidrs = fc
  .uniqueArray(fc.nat(255), { minLength: 1, maxLength: 5 })
  .map((nets) => nets.map((net) => `10.${net}.0.0/16`));
const workers = (amazonMq: boolean) =>
  fc
    .record({ min: fc.integer({ min: 1, max: 10 }), more: fc.nat(100), isScaled: fc.boolean(), size: sizes })
    .chain(({ min, more, isScaled, size }) => {
      const scaled: Record<string, fc.Arbitrary<unknown>> = {
        desiredCount: fc.integer({ min, max: min + more }),
        autoscaling: fc.record({
          min: fc.constant(min),
          max: fc.constant(min + more),
          cpuPercent: fc.integer({ min: 1, max: 100 }),
          scaleIn: fc.boolean(),
          scaleInCooldown: fc.integer({ min: 0, max: 86_400 }),
          ...(amazonMq && { waitingPerWorker: fc.integer({ min: 1, max: 1_000_000 }) }),
        }),
      };
      const optional = {
        port: fc.integer({ min: 1024, max: 65_535 }),
        spot: fc.record({ base: fc.integer({ min: 1, max: 5000 }) }, { requiredKeys: [] }),
        stopTimeout: fc.integer({ min: 10, max: 120 }),
        executeCommand: fc.boolean(),
        environment: one({}, { DATASET: "s3://data" }),
        secretsKmsKeyArns: one([], ["arn:aws:kms:us-east-1:123456789012:key/0f1e2d3c"]),
        secrets: one({}, { API_TOKEN: SECRET, KEY: `${SECRET}:key::` }),
        ephemeralStorageGib: fc.integer({ min: 21, max: 200 }),
        externalLog: fc.boolean(),
        ...(!isScaled && { desiredCount: fc.integer({ min: 0, max: 5000 }) }),
      };
      return fc
        .tuple(fc.record({ allowedCidrs, ...(isScaled && scaled) }), fc.record(optional, { requiredKeys: [] }))
        .map(([must, may]) => ({ ...size, ...must, ...may }));
    });

const valid = fc.tuple(gateways, fc.boolean()).chain(([gateway, amazonMq]) =>
  fc.record(
    {
      name: fc.stringMatching(/^[a-z][a-z0-9]{2,10}(-[a-z0-9]{1,5}){0,2}$/),
      region: one(PLACE.region),
      network: one(PLACE.network),
      gateway: fc.constant(gateway),
      egress: one("nat-instance", "nat-gateway", "vpc-endpoints"),
      architecture: one("X86_64", "ARM64"),
      workers: workers(amazonMq),
      broker: amazonMq
        ? fc.record({ kind: one("amazonMq"), generalLogs: fc.boolean() })
        : fc.record({ kind: one("service"), persistent: fc.boolean() }),
      containerInsights: gateway.alertTopicArn ? one("enabled", "enhanced") : one("disabled", "enabled", "enhanced"),
      logRetentionDays: one(1, 7, 3653),
      namespaceName: one("farm.internal", "a.b"),
      dashboard: fc.boolean(),
      waitingAlarm: fc.integer({ min: 1, max: 1_000_000 }),
    },
    { requiredKeys: ["name", "region", "network", "gateway", "workers", "broker", "containerInsights"] },
  ),
) as unknown as fc.Arbitrary<FossaClusterProps>;

const wrong: [path: string, ...values: unknown[]][] = [
  ["name", "", "x", "A", "a_b", "a--b", "ab-", "a".repeat(25), 5],
  ["region", "", "here", 5],
  ["network", {}, "vpc-1", null],
  ["gateway", {}, "mine", null],
  ["egress", "nat", "", 1],
  ["architecture", "arm64", "RISCV"],
  ["containerInsights", "on", true],
  ["logRetentionDays", 8, -1, "7"],
  ["dashboard", "yes", 1],
  ["waitingAlarm", 0, 1_000_001, 1.5],
  ["namespaceName", "", "a b", "-x", 5],
  ["broker.kind", "kafka", "", 1],
  ["workers", 5, "many"],
  ["workers.allowedCidrs", "10.0.0.0/8", null],
  ["workers.allowedCidrs.0", "0.0.0.0", 5],
  ["workers.cpu", 0, 300, "256"],
  ["workers.memory", 100, 1_000_000, "512"],
  ["workers.port", 1023, 65_536, "2345"],
  ["workers.desiredCount", -1, 1.5, 5001, "4"],
  ["workers.spot", true, 5],
  ["workers.spot.base", 0, 5001, 1.5],
  ["workers.autoscaling", true, 5],
  ["workers.autoscaling.cpuPercent", 0, 101, "70"],
  ["workers.autoscaling.min", 0, 5001, 1.5],
  ["workers.stopTimeout", 9, 121, "60"],
  ["workers.ephemeralStorageGib", 20, 201, "21"],
  ["workers.executeCommand", "yes", 1],
  ["workers.externalLog", "yes"],
  ["workers.environment", "A=1", 5],
  ["workers.environment.RABBITMQ_URL", "amqp://x"],
  ["workers.secrets", "A=1", 5],
  ["workers.secrets.RABBITMQ_URL", SECRET],
];
const invalid: fc.Arbitrary<Wrong<FossaClusterProps>> = fc
  .record({
    props: valid,
    fault: one(...wrong.flatMap(([path, ...values]) => values.map((value) => [path, value] as const))),
  })
  .map(({ props, fault: [path, value] }) => broken(props, path, value));

fuzz<FossaClusterProps>(
  "test/cluster",
  { valid, invalid },
  (scope, props) => new FossaCluster(scope, "cluster", props),
  1 / 4,
);
