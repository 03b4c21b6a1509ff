import fc from "fast-check";
import { DaskCluster, type DaskClusterProps } from "../../../modules/dask/dask-cluster";
import { broken, fuzz, type Wrong } from "../../support/fuzz";

const one = <const T>(...values: T[]) => fc.constantFrom(...values);
const key = fc.uuid().map((id) => `arn:aws:kms:us-east-1:111122223333:key/${id}`);
const group = fc.stringMatching(/^sg-[0-9a-f]{8}$/).map((securityGroupId) => ({ securityGroupId }));
const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,15}$/);
const bucketArn = fc.stringMatching(/^[a-z0-9]{3,20}$/).map((bucket) => `arn:aws:s3:::${bucket}`);
/** Some of the pairs that Fargate has. Source: Amazon ECS Developer Guide, "Task CPU and memory". */
const sizes = one(
  {},
  { cpu: 256 as const, memory: 1024 },
  { cpu: 512 as const, memory: 4096 },
  { cpu: 4096 as const, memory: 30_720 },
  { cpu: 16384 as const, memory: 122_880 },
);
const some = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(model, { requiredKeys: [] });
const functionSettings = {
  tracing: fc.boolean(),
  logRetentionDays: one(0, 1, 30, 3653),
  logKmsKeyArn: key,
  alarmTopicArns: one(["arn:aws:sns:us-east-1:111122223333:alerts"]),
};

const valid: fc.Arbitrary<DaskClusterProps> = fc.record(
  {
    name: fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,39}$/),
    network: fc.record(
      {
        vpcId: fc.stringMatching(/^vpc-[0-9a-f]{8}$/),
        privateSubnetIds: fc.uniqueArray(fc.stringMatching(/^subnet-[0-9a-f]{8}$/), { minLength: 1, maxLength: 6 }),
        privateReach: one("everything"),
      },
      { requiredKeys: ["vpcId", "privateSubnetIds"] },
    ),
    allowedFrom: fc.dictionary(name, group, { maxKeys: 5 }),
    buckets: fc.dictionary(
      name,
      fc.record({ bucketArn, access: one("read", "read-write"), kmsKeyArn: key }, { requiredKeys: ["bucketArn"] }),
      { maxKeys: 4 },
    ),
    filesBucket: fc.record(
      { bucketName: name, bucketArn, kmsKeyArn: key },
      { requiredKeys: ["bucketName", "bucketArn"] },
    ),
    image: one(
      "ghcr.io/dask/dask:2026.3.0",
      "ghcr.io/dask/dask:2025.1.0-py3.12",
      "111122223333.dkr.ecr.us-east-1.amazonaws.com/dask:1",
      `example.com/dask@sha256:${"a".repeat(64)}`,
    ),
    architecture: one("X86_64", "ARM64"),
    scheduler: fc
      .tuple(sizes, some({ idleMinutes: fc.integer({ min: 1, max: 1440 }) }))
      .map(([size, rest]) => ({ ...size, ...rest })),
    workers: fc
      .tuple(
        sizes,
        some({
          count: fc.integer({ min: 0, max: 1000 }),
          threads: fc.integer({ min: 1, max: 256 }),
          spot: fc.boolean(),
        }),
      )
      .map(([size, rest]) => ({ ...size, ...rest })),
    environment: fc
      .dictionary(fc.stringMatching(/^[A-Z]{3,10}_X$/), fc.stringMatching(/^[ -~]{0,30}$/), {
        maxKeys: 4,
      })
      .filter((environment) => !JSON.stringify(environment).includes("://")),
    tags: fc.dictionary(fc.stringMatching(/^t[a-z0-9]{1,20}$/), fc.stringMatching(/^[A-Za-z0-9 ]{0,20}$/), {
      maxKeys: 6,
    }),
    executeCommand: fc.boolean(),
    containerInsights: one("disabled", "enabled", "enhanced"),
    logRetentionDays: one(0, 1, 30, 3653),
    logKmsKeyArn: key,
    diskKmsKeyArn: key,
    logSessions: fc.boolean(),
    clientCleanup: fc.boolean(),
    sweeper: fc.oneof(
      one(false as const),
      some({
        hours: fc.integer({ min: 1, max: 8760 }),
        schedule: one("17 3 * * *", "0 5 * * SUN", "59 23 1 JAN *"),
        ...functionSettings,
      }),
    ),
  },
  { requiredKeys: ["name", "network"] },
) as fc.Arbitrary<DaskClusterProps>;

const breaks = fc.oneof(
  ...(
    [
      ["name", undefined, "", "-a", "a_b", "x".repeat(41), 5],
      ["network", undefined, "vpc-1", {}],
      ["allowedFrom", [], "vpn"],
      ["buckets", "outputs", []],
      ["filesBucket", "files", {}],
      ["image", "", "ghcr.io/dask/dask", "ghcr.io/dask/dask:latest", "ghcr.io/dask/dask:2026.6.0", 5],
      ["architecture", "x86", "arm64", true],
      ["scheduler.cpu", 1000, "1024", null],
      ["scheduler.idleMinutes", 0, 1441, 1.5, "5"],
      ["workers.cpu", 0, 100, "256"],
      ["workers.count", -1, 1001, 1.5],
      ["workers.threads", 0, 257, "1"],
      ["workers.spot", "yes", 1],
      ["workers.gpu", 1],
      ["environment", "A=b", []],
      ["environment.PASSWORD", "x"],
      ["tags", "a", []],
      ["tags.createdBy", "x"],
      ["executeCommand", "yes", 1],
      ["containerInsights", "on", true],
      ["logRetentionDays", 2, "7"],
      ["logKmsKeyArn", "alias/a", 5],
      ["diskKmsKeyArn", "alias/a", 5],
      ["logSessions", "yes"],
      ["clientCleanup", "yes", 1],
      ["sweeper", true, "on", 5],
      ["vpcId", "vpc-1"],
    ] as [string, ...unknown[]][]
  ).map(([path, ...values]) => fc.constantFrom(...values).map((value) => ({ path, value }))),
);
const invalid: fc.Arbitrary<Wrong<DaskClusterProps>> = fc
  .tuple(valid, breaks)
  .map(([props, { path, value }]) => broken(props, path, value));

fuzz("test/dask", { valid, invalid }, (stack, props) => new DaskCluster(stack, "dask", props), 0.5);
