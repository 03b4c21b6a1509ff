import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import { DataResource, TerraformOutput, Token } from "cdktf";
import { describe, expect, it } from "vitest";
import { GeneratedSecret, type GeneratedSecretProps } from "../../../../modules/common/secrets/generated-secret";
import { rejects } from "../../../support/bad-input";
import { refTo, synth } from "../../../support/synth";
import { ref } from "../../../support/terraform-json";

const props = { namePrefix: "ml-dev-token-", description: "Token of ml-dev" };
const build = (settings: Partial<GeneratedSecretProps> = {}) =>
  synth((stack) => new GeneratedSecret(stack, "token", { ...props, ...settings }));
const password = (settings = {}) => {
  const [found, ...others] = Object.entries(build(settings).parsed.ephemeral.aws_secretsmanager_random_password);
  expect(others).toEqual([]);
  return found as [string, unknown];
};

it("is one secret with one value, which passes from an ephemeral password into a write-only argument", () => {
  const { one, parsed } = build();
  expect(Object.keys(parsed.resource).sort()).toEqual([
    "aws_secretsmanager_secret",
    "aws_secretsmanager_secret_version",
  ]);
  const [name, settings] = password();
  expect(settings).toEqual({ password_length: 48, exclude_punctuation: true });
  expect(one(SecretsmanagerSecretVersion)).toEqual({
    secret_id: refTo(SecretsmanagerSecret, "id"),
    secret_string_wo: `\${ephemeral.aws_secretsmanager_random_password.${name}.random_password}`,
    secret_string_wo_version: 1,
  });
  expect(Object.keys(parsed.ephemeral)).toEqual(["aws_secretsmanager_random_password"]);
});
it("bears the name and description given, stays 7 days when deleted, and has Secrets Manager's own key", () => {
  expect(build().one(SecretsmanagerSecret)).toEqual({
    name_prefix: "ml-dev-token-",
    description: "Token of ml-dev",
    recovery_window_in_days: 7,
  });
});
it.each([16, 4096])("has %i characters where asked", (length) => {
  expect(password({ length })[1]).toEqual({ password_length: length, exclude_punctuation: true });
});
it.each([1, 1_000_000])("is made anew as version %i where asked", (version) => {
  expect(build({ version }).one(SecretsmanagerSecretVersion).secret_string_wo_version).toBe(version);
});
it.each([7, 30])("can be had back for %i days where asked", (recoveryWindowInDays) => {
  expect(build({ recoveryWindowInDays }).one(SecretsmanagerSecret).recovery_window_in_days).toBe(recoveryWindowInDays);
});
it("is encrypted by a key of one's own where asked", () => {
  const kmsKeyArn = Token.asString({ resolve: () => "arn:aws:kms:us-east-1:111122223333:key/1" });
  expect(build({ kmsKeyArn }).one(SecretsmanagerSecret).kms_key_id).toBe("arn:aws:kms:us-east-1:111122223333:key/1");
});
it.each(["a", "x".repeat(486), "a/b_c+d=e.f@g-1"])("accepts the name prefix %s", (namePrefix) => {
  expect(build({ namePrefix }).one(SecretsmanagerSecret).name_prefix).toBe(namePrefix);
});
it("keeps two secrets of a stack apart", () => {
  const { parsed, all } = synth((stack) => {
    for (const id of ["a", "b"]) new GeneratedSecret(stack, id, props);
  });
  expect(Object.keys(parsed.ephemeral.aws_secretsmanager_random_password)).toHaveLength(2);
  expect(new Set(all(SecretsmanagerSecretVersion).map((version) => version.secret_string_wo)).size).toBe(2);
});
it("tells its ARN by the value, so that who reads it waits for the value, and which value it is", () => {
  const { outputs } = synth((stack) => {
    const { secretArn, versionId } = new GeneratedSecret(stack, "token", props);
    new TerraformOutput(stack, "arn", { value: secretArn, staticId: true });
    new TerraformOutput(stack, "version", { value: versionId, staticId: true });
  });
  expect(outputs.arn.value).toEqual(refTo(SecretsmanagerSecretVersion, "arn"));
  expect(outputs.version.value).toEqual(refTo(SecretsmanagerSecretVersion, "version_id"));
});

describe("with a document", () => {
  const HOST = ref("aws_lb.a.dns_name");
  const host = Token.asString({ resolve: () => HOST });
  const withUrl = (user: string) => ({
    document: (password: string) => ({ user, url: `amqp://${user}:${password}@${host}` }),
  });
  it("is a JSON object around the password", () => {
    const [name, settings] = password(withUrl("a"));
    const value = build(withUrl("a")).one(SecretsmanagerSecretVersion).secret_string_wo;
    expect(JSON.parse(value)).toEqual({
      user: "a",
      url: `amqp://a:\${ephemeral.aws_secretsmanager_random_password.${name}.random_password}@${HOST}`,
    });
    expect(settings).toEqual({ password_length: 48, exclude_punctuation: true });
  });
  it("is made anew when anything else in it changes, which is all that Terraform remembers", () => {
    const { byId, one } = build(withUrl("a"));
    const [[id, parts] = []] = Object.entries(byId(DataResource));
    expect(parts).toEqual({ triggers_replace: { user: "a", url: `amqp://a:@${HOST}` } });
    expect(one(SecretsmanagerSecretVersion).lifecycle).toEqual({ replace_triggered_by: [`terraform_data.${id}`] });
    expect(build().all(DataResource)).toEqual([]);
  });
});

rejects<unknown>(
  "test/token",
  [
    ["namePrefix", { namePrefix: undefined }, "is required"],
    ["namePrefix", { namePrefix: "" }, "at least 1"],
    ["namePrefix", { namePrefix: "x".repeat(487) }, "at most 486 characters", "got 487"],
    ["namePrefix", { namePrefix: "a b" }, "letters, digits", '"a b"'],
    ["namePrefix", { namePrefix: "ä" }, "letters, digits", '"ä"'],
    ["description", { description: "" }, "at least 1"],
    ["description", { description: "x".repeat(2049) }, "at most 2048 characters", "got 2049"],
    ["length", { length: 15 }, "at least 16", "got 15"],
    ["length", { length: 4097 }, "at most 4096", "got 4097"],
    ["length", { length: 20.5 }, "whole number", "got 20.5"],
    ["version", { version: 0 }, "at least 1", "got 0"],
    ["version", { version: 1_000_001 }, "at most 1000000", "got 1000001"],
    ["version", { version: "2" }, '"2"'],
    ["kmsKeyArn", { kmsKeyArn: "alias/own" }, "ARN of a KMS key", '"alias/own"'],
    ["recoveryWindowInDays", { recoveryWindowInDays: 6 }, "at least 7", "got 6"],
    ["recoveryWindowInDays", { recoveryWindowInDays: 31 }, "at most 30", "got 31"],
    ["document", { document: { user: "a" } }, "must be a function from the password to an object"],
    ["document", { document: "{}" }, "must be a function from the password to an object", '"{}"'],
    ["lenght", { lenght: 20 }, "did you mean length?"],
  ],
  (stack, wrong) =>
    new GeneratedSecret(stack, "token", { ...props, ...(wrong as object) } as unknown as GeneratedSecretProps),
);
