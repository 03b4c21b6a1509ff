import { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import { expect, it } from "vitest";
import { defineEnvironment } from "../../../stacks/environment";
import { publishedOutputs, synthApp } from "../../support/synth";

const build = (moduleRepoBackend: object) =>
  synthApp(defineEnvironment({ name: "test", region: "us-west-2", exadeploy: { moduleRepoBackend } })).stack(
    "test-exadeploy-module-repo-backend",
  );
const database = ["rds_address", "rds_master_user_secret_arn", "rds_port", "rds_username", "s3_bucket_id"];

it("names the database after environment and system, and takes its settings", () => {
  const { one } = build({ dbStorage: 40, dbPort: 5433 });
  expect(one(DbInstance)).toMatchObject({ identifier: "test-exadeploy-rds", allocated_storage: 40, port: 5433 });
});
it("publishes the reference's outputs, with ARNs in place of secrets", () => {
  const stack = build({});
  expect(publishedOutputs(stack)).toEqual([...database, "s3_role_arn"].sort());
  expect(Object.values(stack.outputs).filter(({ value }) => /password/.test(value))).toEqual([]);
});
it("publishes the legacy user's keys as sensitive, and only where they were asked for", () => {
  const stack = build({ credentials: "static-key" });
  const keys = ["s3_iam_user_access_key", "s3_iam_user_secret_key"];
  expect(publishedOutputs(stack)).toEqual([...database, ...keys].sort());
  for (const key of keys) expect(stack.outputs[key].sensitive).toBe(true);
});
