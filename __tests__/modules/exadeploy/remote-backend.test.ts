import { Token } from "cdktf";
import { expect, it } from "vitest";
import { remoteBackendSchema } from "../../../modules/exadeploy/remote-backend";

const ARN = "arn:aws:secretsmanager:us-east-1:111122223333:secret:rds!db-1-AbC123";
const BACKEND = {
  rdsAddress: "db.example.com",
  rdsPort: 5432,
  rdsUsername: "postgres",
  rdsDatabase: "modulerepo",
  masterUserSecretArn: ARN,
  s3BucketId: "modules",
  s3Region: "us-east-1",
};
const issues = (backend: unknown) =>
  remoteBackendSchema.safeParse(backend).error?.issues.map(({ path, message }) => [path.join("."), message]) ?? [];

it("takes what has all of it, more than it too, and what is known later", () => {
  expect(issues(BACKEND)).toEqual([]);
  expect(issues({ ...BACKEND, databaseSecurityGroupId: "sg-1" })).toEqual([]);
  const late = Token.asString({ resolve: () => "late" });
  const number = Token.asNumber({ resolve: () => 1 });
  expect(issues({ ...BACKEND, rdsAddress: late, rdsPort: number, masterUserSecretArn: late })).toEqual([]);
});
it.each(Object.keys(BACKEND))("refuses a backend without %s", (key) => {
  for (const value of [undefined, null, "", {}]) {
    const found = issues({ ...BACKEND, [key]: value });
    expect(found).toEqual([[key, expect.stringContaining("is required of a remote backend")]]);
  }
});
it.each([undefined, null, "remote", 7])("refuses %j as a backend", (backend) => {
  expect(issues(backend)).toEqual([["", expect.stringContaining("must be a ModuleRepoBackend")]]);
});
it("refuses a secret that is no ARN", () => {
  expect(issues({ ...BACKEND, masterUserSecretArn: "hunter2" })).toEqual([
    ["masterUserSecretArn", expect.stringContaining("ARN of a secret")],
  ]);
});
