import { ModuleRepoBackend } from "../../../modules/module-repo-backend/module-repo-backend";
import { ABSENT, LETS_THROUGH, type Subject, setting, together } from "../../support/transitions/settings";

const KEY = (digit: number) => `arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-00000000000${digit}`;

export const moduleRepoBackend: Subject = {
  name: "ModuleRepoBackend",
  base: () => ({
    exadeployId: "demo",
    network: { vpcId: "vpc-0123456789abcdef0", databaseSubnetGroupName: "db" },
    cluster: { clusterName: "demo", nodeSecurityGroupId: "sg-0123456789abcdef0" },
  }),
  build: (scope, props) => new ModuleRepoBackend(scope, "repository", props),
  settings: [
    together("postgresVersion", [
      { postgresVersion: "16", allowMajorVersionUpgrade: true, applyImmediately: true },
      { postgresVersion: "17", allowMajorVersionUpgrade: true, applyImmediately: true },
    ]),
    together("allowMajorVersionUpgrade", [
      { allowMajorVersionUpgrade: false, applyImmediately: true },
      { allowMajorVersionUpgrade: true, applyImmediately: true },
    ]),
    setting("dbInstanceClass", ["db.t4g.micro", "db.m7g.large"]),
    setting("dbStorage", [20, 100]),
    setting("maxAllocatedStorage", [ABSENT, 50, 100]),
    setting("dbName", [ABSENT, "other"]),
    setting("dbUsername", [ABSENT, "other"]),
    setting("dbPort", [ABSENT, 5433]),
    setting("dbMultiAz", [false, true]),
    setting("backupRetentionDays", [1, 7]),
    setting("deletionProtection", [true, false]),
    setting("finalSnapshot", [true, false]),
    setting("performanceInsights", [true, false]),
    setting("iamDatabaseAuthentication", [false, true]),
    setting("autoMinorVersionUpgrade", [true, false]),
    setting("applyImmediately", [false, true]),
    setting("logExports", [["postgresql", "upgrade"], ["upgrade"], []]),
    setting("logRetentionDays", [ABSENT, 30, 0]),
    setting("logKmsKeyArn", [ABSENT, KEY(1), KEY(2)]),
    setting("credentials", ["pod-identity", "static-key"]),
    setting("namespace", [ABSENT, "repo"]),
    setting("serviceAccount", [ABSENT, "repo"]),
    setting("kmsKeyArn", [ABSENT, KEY(1), KEY(2)]),
    setting("s3ForceDestroy", [false, true]),
  ],
  fixed: {
    exadeployId: "names what it is, which is another backend under another name",
    network: "is where the database stands",
    allowReplacement: LETS_THROUGH,
    cluster: "is the cluster that it belongs to",
  },
};
