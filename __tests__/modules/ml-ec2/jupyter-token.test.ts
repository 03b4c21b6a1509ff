import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import { expect, it } from "vitest";
import { rejects } from "../../support/bad-input";
import { build, Data, type DataSettings } from "./data.fixture";

it("is one secret, named after the project, whose value nobody wrote down", () => {
  const { one, parsed } = build();
  expect(one(SecretsmanagerSecret)).toMatchObject({
    name_prefix: "ml-dev-jupyter-token-",
    description: "Token that opens Jupyter on the machines of ml-dev",
  });
  expect(Object.keys(parsed.ephemeral.aws_secretsmanager_random_password)).toHaveLength(1);
  expect(one(SecretsmanagerSecretVersion).secret_string_wo).toMatch(/^\$\{ephemeral\./);
});
it("is the first by default, and made anew where the version is raised", () => {
  expect(build().one(SecretsmanagerSecretVersion).secret_string_wo_version).toBe(1);
  expect(build({ jupyterTokenVersion: 7 }).one(SecretsmanagerSecretVersion).secret_string_wo_version).toBe(7);
});
it("lies under a key, where one is given", () => {
  const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/0f1e2d3c";
  expect(build({ kmsKeyArn }).one(SecretsmanagerSecret).kms_key_id).toBe(kmsKeyArn);
  expect(build().one(SecretsmanagerSecret)).not.toHaveProperty("kms_key_id");
});

rejects<unknown>(
  "test/data",
  [
    ["kmsKeyArn", { kmsKeyArn: "alias/mine" }, "ARN of a KMS key"],
    ["jupyterTokenVersion", { jupyterTokenVersion: 0 }, "at least 1", "got 0"],
    ["jupyterTokenVersion", { jupyterTokenVersion: 1.5 }, "whole number", "got 1.5"],
    ["jupyterTokenVersion", { jupyterTokenVersion: "2" }, '"2"'],
  ],
  (stack, settings) => new Data(stack, "data", settings as DataSettings),
);
