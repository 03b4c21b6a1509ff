import fc from "fast-check";
import {
  ModuleRepoBackend,
  type ModuleRepoBackendProps,
} from "../../../modules/module-repo-backend/module-repo-backend";
import { fuzz, type Wrong } from "../../support/fuzz";

const network = { vpcId: "vpc-1", databaseSubnetGroupName: "db" };
const cluster = { clusterName: "demo", nodeSecurityGroupId: "sg-nodes" };
const exadeployId = fc.stringMatching(/^[a-z](-[a-z0-9]|[a-z0-9]){0,41}$/).filter((id) => id.length <= 42);
const label = (max: number) => fc.stringMatching(new RegExp(`^[a-z0-9]([a-z0-9-]{0,${max - 2}}[a-z0-9])?$`));
// a digit behind the first letter keeps the name off every word that PostgreSQL or RDS reserves
const dbWord = fc.stringMatching(/^[a-z]\d[a-z0-9_]{0,61}$/);
const storage = fc.integer({ min: 20, max: 59_000 }).chain((dbStorage) =>
  fc.oneof(
    fc.constant({ dbStorage }),
    fc.record({
      dbStorage: fc.constant(dbStorage),
      maxAllocatedStorage: fc.integer({ min: Math.ceil((dbStorage * 11) / 10), max: 65_536 }),
    }),
  ),
);
const upgrade = fc.constantFrom(
  {},
  { applyImmediately: true },
  { allowMajorVersionUpgrade: true, applyImmediately: true },
  { allowMajorVersionUpgrade: false, applyImmediately: false },
);
const options = fc.record(
  {
    postgresVersion: fc.constantFrom("14", "15", "16", "17", "18"),
    dbInstanceClass: fc
      .oneof(
        fc.tuple(
          fc.constantFrom("t3", "t4g", "m5d", "m6idn", "m7g", "r8gd"),
          fc.constantFrom("large", "xlarge", "2xlarge"),
        ),
        // families that no record has
        fc.tuple(fc.constantFrom("c6gd", "m12g"), fc.constantFrom("micro", "large", "2xlarge", "48xlarge")),
      )
      .map(([family, size]) => `db.${family}.${size}`),
    dbName: dbWord,
    dbUsername: fc.oneof(fc.constant("postgres"), dbWord),
    dbPort: fc.integer({ min: 1150, max: 65535 }),
    dbMultiAz: fc.boolean(),
    backupRetentionDays: fc.integer({ min: 1, max: 35 }),
    deletionProtection: fc.boolean(),
    finalSnapshot: fc.boolean(),
    performanceInsights: fc.boolean(),
    iamDatabaseAuthentication: fc.boolean(),
    autoMinorVersionUpgrade: fc.boolean(),
    logExports: fc.shuffledSubarray(["postgresql", "upgrade"] as const),
    logRetentionDays: fc.constantFrom(1, 30, 90, 365, 3653),
    credentials: fc.constantFrom("pod-identity", "static-key"),
    namespace: label(63),
    serviceAccount: label(253),
    kmsKeyArn: fc.uuid().map((id) => `arn:aws:kms:eu-west-1:111122223333:key/${id}`),
    s3ForceDestroy: fc.boolean(),
  },
  { requiredKeys: [] },
);
const valid = fc
  .tuple(exadeployId, fc.oneof(fc.constant({}), storage), upgrade, options)
  .map(([id, ...parts]) => Object.assign({ exadeployId: id, network, cluster }, ...parts) as ModuleRepoBackendProps);

const flags = [
  "dbMultiAz",
  "deletionProtection",
  "finalSnapshot",
  "performanceInsights",
  "iamDatabaseAuthentication",
  "autoMinorVersionUpgrade",
  "s3ForceDestroy",
];
const breaks: Record<string, unknown[]> = {
  exadeployId: [undefined, null, "", "1a", "A", "a-", "-a", "a--b", "a_b", "a.b", "x".repeat(43), 7],
  network: [undefined, null, "vpc-1", {}, { vpcId: "vpc-1" }, []],
  cluster: [undefined, null, "demo", {}, { nodeSecurityGroupId: "sg-1" }],
  postgresVersion: ["13", "19", "17.2", "", "017", "latest", 17, null],
  dbInstanceClass: [
    "",
    "t4g.micro",
    "db.t4g",
    "db.T4g.micro",
    "db.t2.micro",
    "db.m4.large",
    "db.serverless",
    "db.t4g.8xlarge",
    "db.m7g.48xlarge",
    4,
  ],
  dbStorage: [19, 65537, 20.5, -20, "20", null, Number.NaN, Number.POSITIVE_INFINITY],
  maxAllocatedStorage: [0, 21, 65537, 100.5, "100"],
  dbName: ["", "postgres", "template1", "rdsadmin", "a-b", "1a", "A", "user", "pg_a", "x".repeat(64), 5],
  dbUsername: ["", "admin", "rdsadmin", "rds_iam", "pg_a", "user", "a-b", "Admin", "x".repeat(64), 5],
  dbPort: [0, 1149, 65536, 5432.5, "5432", null],
  backupRetentionDays: [0, -1, 36, 7.5, "7"],
  logExports: ["upgrade", ["upgrade", "upgrade"], {}],
  "logExports.0": [["audit"], ["error", "upgrade"], [5]],
  logRetentionDays: [4, 2, 91, 3654, "90"],
  credentials: ["irsa", "", null, {}, true],
  namespace: ["", "A", "a.b", "-a", "a-", "x".repeat(64), 5],
  serviceAccount: ["", "A", "a_b", "-a", ".a", "x".repeat(254), 5],
  kmsKeyArn: ["", "alias/a", "arn:aws:kms:us-east-1:1:key/a", 5],
  password: ["hunter2hunter2"],
  dbVersion: ["17"],
  ...Object.fromEntries(flags.map((flag) => [flag, ["true", 0, null, {}]])),
};
const oneBroken = fc
  .constantFrom(...Object.entries(breaks).flatMap(([key, wrongs]) => wrongs.map((wrong) => ({ key, wrong }))))
  .map(({ key, wrong }) => ({ key, set: { [key.replace(/\..*/, "")]: wrong } }));
const twoAtOdds = fc.oneof(
  fc.integer({ min: 30, max: 60_000 }).map((dbStorage) => ({
    key: "maxAllocatedStorage",
    set: { dbStorage, maxAllocatedStorage: Math.ceil((dbStorage * 11) / 10) - 1 },
  })),
  fc.constantFrom(false, undefined).map((applyImmediately) => ({
    key: "applyImmediately",
    set: { allowMajorVersionUpgrade: true, applyImmediately },
  })),
);
const invalid: fc.Arbitrary<Wrong<ModuleRepoBackendProps>> = fc
  .tuple(valid, fc.oneof({ weight: 5, arbitrary: oneBroken }, { weight: 1, arbitrary: twoAtOdds }))
  .map(([props, { key, set }]) => ({ key, props: { ...props, ...set } as ModuleRepoBackendProps }));

fuzz("test/repo", { valid, invalid }, (stack, props) => new ModuleRepoBackend(stack, "repo", props));
