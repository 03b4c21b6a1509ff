import fc from "fast-check";
import { FARGATE_SIZES } from "../../../modules/aws/ecs/fargate-size";
import { PrefectWorkers, type PrefectWorkersProps } from "../../../modules/prefect/prefect-workers";
import { broken, fuzz, type Wrong } from "../../support/fuzz";
import { CLOUD, CLUSTER, DASK, KEY, SECRET, TOPIC } from "./prefect.fixture";

const id = (prefix: string) => fc.stringMatching(/^[0-9a-f]{8,17}$/).map((hex) => `${prefix}-${hex}`);
const size = fc
  .constantFrom(...Object.entries(FARGATE_SIZES))
  .chain(([cpu, offered]) => fc.record({ cpu: fc.constant(Number(cpu) as 256), memory: fc.constantFrom(...offered) }));
const architecture = fc.constantFrom("X86_64" as const, "ARM64" as const);
const image = fc.constantFrom("prefecthq/prefect:3.9.1-python3.12", `a.example.com/b@sha256:${"0".repeat(64)}`);
const environment = fc.dictionary(
  fc.stringMatching(/^[B-D][A-Z_]{0,8}$/),
  fc.string({ unit: "grapheme", maxLength: 12 }),
  {
    maxKeys: 3,
  },
);
const secrets = fc.dictionary(fc.stringMatching(/^S[A-Z_]{0,8}$/), fc.constantFrom(SECRET, `${SECRET}:key::`), {
  maxKeys: 2,
});
const bucketArns = fc.uniqueArray(fc.stringMatching(/^arn:aws:s3:::[a-z0-9]{3,20}$/), { maxLength: 3 });
const retention = fc
  .tuple(fc.integer({ min: 1, max: 14 }), fc.integer({ min: 0, max: 13 }))
  .map(([retentionDays, more]) => ({ retentionDays, deadLetterRetentionDays: Math.min(14, retentionDays + more) }));

const pool = fc
  .record(
    {
      size,
      image,
      architecture,
      ephemeralStorageGib: fc.integer({ min: 21, max: 200 }),
      spot: fc.boolean(),
      environment,
      secrets,
      deregisterDefinitions: fc.boolean(),
      readBucketArns: bucketArns,
      writeBucketArns: bucketArns,
      permissions: fc.constantFrom<{ Action: string; Resource: string }[][]>(
        [],
        [{ Action: "sns:Publish", Resource: TOPIC }],
      ),
      dask: fc.boolean(),
    },
    { requiredKeys: [] },
  )
  .map(({ size, ...rest }) => ({ ...rest, ...size }));
const worker = fc
  .record(
    {
      workPool: fc.constantFrom("dev", "Prod_2", "large-1"),
      queues: fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9][\w.-]{0,10}$/), { maxLength: 4 }),
      image,
      size,
      architecture,
      count: fc.integer({ min: 1, max: 50 }),
      autoscaling: fc.record(
        {
          more: fc.integer({ min: 0, max: 50 }),
          cpuPercent: fc.integer({ min: 1, max: 100 }),
          memoryPercent: fc.integer({ min: 1, max: 100 }),
          scaleInCooldown: fc.integer({ min: 0, max: 86_400 }),
          scaleOutCooldown: fc.integer({ min: 0, max: 86_400 }),
        },
        { requiredKeys: ["more"] },
      ),
      limit: fc.integer({ min: 1, max: 10_000 }),
      environment,
    },
    { requiredKeys: ["workPool", "count"] },
  )
  .map(({ size, count, autoscaling, ...rest }) => {
    const { more, ...aims } = { more: 0, ...autoscaling };
    return {
      ...rest,
      ...size,
      desiredCount: count,
      ...(autoscaling && { autoscaling: { ...aims, min: count, max: count + more } }),
    };
  });

const valid: fc.Arbitrary<PrefectWorkersProps> = fc
  .record(
    {
      name: fc.stringMatching(/^[A-Za-z](-?[A-Za-z0-9]){0,18}$/),
      cluster: fc.constantFrom(CLUSTER, { ...CLUSTER, containerInsights: "disabled" as const }),
      vpcId: id("vpc"),
      subnetIds: fc.uniqueArray(id("subnet"), { minLength: 1, maxLength: 16 }),
      api: fc.constantFrom(
        { url: CLOUD, keySecretArn: SECRET },
        { url: "http://prefect.internal:4200/api" },
        { url: "https://prefect.example.com/prefect/api", authStringSecretArn: `${SECRET}:auth_string::` },
      ),
      workers: fc
        .array(worker, { minLength: 1, maxLength: 3 })
        .map((workers) => workers.map((one, i) => ({ ...one, name: `w${i}` }))),
      pool,
      events: fc
        .tuple(
          retention,
          fc.record(
            {
              maxReceives: fc.integer({ min: 1, max: 1000 }),
              visibilitySeconds: fc.integer({ min: 0, max: 43_200 }),
              kmsKeyArn: fc.constant(KEY),
            },
            { requiredKeys: [] },
          ),
        )
        .map(([days, rest]) => ({ ...days, ...rest })),
      dask: fc.constantFrom(DASK, { ...DASK, environment: { DASK_CLUSTER_CONFIG: "s3://files/dask.yaml" } }),
      buckets: fc.constantFrom<Record<string, { bucketArn: string; kmsKeyArn?: string }>[]>(
        {},
        { output: { bucketArn: "arn:aws:s3:::out", kmsKeyArn: KEY } },
      ),
      templateBucket: fc.constant({ bucketName: "files" }),
      alarmTopicArns: fc.constant<string[]>([TOPIC]),
      secretsKmsKeyArns: fc.constantFrom<string[][]>([], [KEY]),
      executeCommand: fc.boolean(),
      sweeper: fc.constantFrom<PrefectWorkersProps["sweeper"][]>(false, { hours: 48 }),
      tags: fc.constantFrom<Record<string, string>[]>({}, { Team: "data" }),
    },
    {
      requiredKeys: ["name", "cluster", "vpcId", "subnetIds", "api", "workers", "sweeper"],
    },
  )
  .map(({ pool, workers, ...rest }) => ({
    ...rest,
    workers,
    ...(pool && { pools: { [workers[0]?.workPool ?? ""]: pool } }),
  }));

const BREAKS: [path: string, ...values: unknown[]][] = [
  ["name", undefined, null, "", "1a", "a b", "a--b", "x".repeat(41), 5],
  ["cluster", undefined, null, "dev", {}, 5],
  ["vpcId", undefined, "", null, 5],
  ["subnetIds", undefined, null, [], ["a", "a"], "subnet-a"],
  ["api", undefined, null, "https://prefect.example.com/api", []],
  ["api.url", undefined, null, "", "prefect", 5],
  ["api.keySecretArn", "pnu_1", "", null, 5],
  ["workers", undefined, null, [], {}, "dev"],
  ["pools", [], "dev", null],
  ["events", [], "on", null],
  ["events.retentionDays", 0, 15, 1.5, "7", null],
  ["events.maxReceives", 0, 1001, null],
  ["events.visibilitySeconds", -1, 43_201, "300"],
  ["events.kmsKeyArn", "", "alias/a", 5],
  ["dask", "dask", {}, null, 5],
  ["buckets", [], "out", null],
  ["templateBucket", "files", {}, null],
  ["alarmTopicArns", [], "topic", null],
  ["secretsKmsKeyArns", "", [KEY, KEY], null],
  ["executeCommand", "yes", 1, null],
  ["sweeper", true, "no", null, []],
  ["sweeper.hours", 0, 8761, "24"],
  ["tags", [], "a", null],
  ["assignPublicIp", true, false],
];
const WORKER_BREAKS: [key: string, ...values: unknown[]][] = [
  ["name", undefined, null, "", "W", "a_b", "x".repeat(41)],
  ["workPool", undefined, null, "", "a b", "prefect", "x".repeat(101)],
  ["queues", "a", ["a", "a"], null],
  ["image", "", "prefect", "a:latest", null],
  ["cpu", 0, 300, "256", null],
  ["memory", 1, 513, "512", null],
  ["architecture", "arm", null],
  ["desiredCount", -1, 5001, 1.5, "1", null],
  ["autoscaling", true, null, []],
  ["limit", 0, 10_001, 1.5, null],
  ["environment", [], "A=1", null],
];
const whole = fc
  .constantFrom(...BREAKS.flatMap(([path, ...values]) => values.map((value) => [path, value] as const)))
  .map(
    ([path, value]) =>
      (props: PrefectWorkersProps) =>
        broken(props, path, value),
  );
const ofWorker = fc
  .constantFrom(...WORKER_BREAKS.flatMap(([key, ...values]) => values.map((value) => [key, value] as const)))
  .map(([key, value]) => (props: PrefectWorkersProps): Wrong<PrefectWorkersProps> => {
    const [first, ...rest] = props.workers;
    const workers = [{ ...first, [key]: value }, ...rest] as PrefectWorkersProps["workers"];
    return { key: `workers.0.${key}`, props: { ...props, workers } };
  });
const invalid = fc
  .tuple(valid, fc.oneof(whole, ofWorker))
  .map(([props, how]) => how({ ...props, sweeper: props.sweeper || {}, pools: {} }));

fuzz("test/prefect", { valid, invalid }, (stack, props) => new PrefectWorkers(stack, "prefect", props), 0.5);
