import { ABSENT, type Setting, setting, together } from "../../support/transitions/settings";

const KEY = (digit: number) => `arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-00000000000${digit}`;

/** What users choose of a database on RDS; `at` is where its settings stand. */
export function ofPostgres(at = ""): Setting[] {
  const own = (key: string, values: readonly unknown[]) => setting(`${at}${key}`, values);
  const upgrade = (key: string, each: readonly Record<string, unknown>[]) =>
    together(
      `${at}${key}`,
      each.map((value) =>
        Object.fromEntries(
          Object.entries({ applyImmediately: true, ...value }).map(([name, one]) => [`${at}${name}`, one]),
        ),
      ),
    );
  return [
    upgrade("postgresVersion", [
      { postgresVersion: "16", allowMajorVersionUpgrade: true },
      { postgresVersion: "17", allowMajorVersionUpgrade: true },
    ]),
    upgrade("allowMajorVersionUpgrade", [{ allowMajorVersionUpgrade: false }, { allowMajorVersionUpgrade: true }]),
    own("dbInstanceClass", ["db.t4g.micro", "db.m7g.large"]),
    own("dbStorage", [20, 100]),
    own("maxAllocatedStorage", [ABSENT, 50, 100]),
    own("dbName", [ABSENT, "other"]),
    own("dbUsername", [ABSENT, "other"]),
    own("dbPort", [ABSENT, 5433]),
    own("dbMultiAz", [false, true]),
    own("backupRetentionDays", [1, 7]),
    own("deletionProtection", [true, false]),
    own("finalSnapshot", [true, false]),
    own("performanceInsights", [true, false]),
    own("iamDatabaseAuthentication", [false, true]),
    own("autoMinorVersionUpgrade", [true, false]),
    own("applyImmediately", [false, true]),
    own("logExports", [["postgresql", "upgrade"], ["upgrade"], []]),
    own("logRetentionDays", [ABSENT, 30, 0]),
    own("logKmsKeyArn", [ABSENT, KEY(1), KEY(2)]),
  ];
}
