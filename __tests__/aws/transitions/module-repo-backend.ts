import { ModuleRepoBackend } from "../../../modules/module-repo-backend/module-repo-backend";
import { ABSENT, LETS_THROUGH, type Subject, setting } from "../../support/transitions/settings";
import { ofPostgres } from "./postgres";

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
    ...ofPostgres(),
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
