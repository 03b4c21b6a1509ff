import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import { DataResource, TerraformOutput, Token } from "cdktf";
import { expect, it } from "vitest";
import { DerivedSecret, type DerivedSecretProps } from "../../../../modules/common/secrets/derived-secret";
import { rejects } from "../../../support/bad-input";
import { refTo, synth } from "../../../support/synth";
import { ref } from "../../../support/terraform-json";

const SOURCE = { secretArn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:a-AbC123", versionId: "v-1" };
const KEY = "arn:aws:kms:us-east-1:111122223333:key/1";
const HOST = ref("aws_lb.a.dns_name");
const host = Token.asString({ resolve: () => HOST });
const MINIMAL: DerivedSecretProps = {
  namePrefix: "dev-url-",
  description: "URL of dev",
  source: SOURCE,
  document: (password) => ({ user: "a", url: `amqps://a:${password}@${host}` }),
};
const build = (settings: Partial<DerivedSecretProps> = {}) =>
  synth((stack) => {
    const { secretArn, versionId } = new DerivedSecret(stack, "url", { ...MINIMAL, ...settings });
    new TerraformOutput(stack, "arn", { value: secretArn, staticId: true });
    new TerraformOutput(stack, "version", { value: versionId, staticId: true });
  });

it("reads the very value of the other secret as it is applied, and writes it on", () => {
  const { parsed, one } = build();
  const [[name, read] = [], ...others] = Object.entries(parsed.ephemeral.aws_secretsmanager_secret_version);
  expect(others).toEqual([]);
  expect(Object.keys(parsed.ephemeral)).toEqual(["aws_secretsmanager_secret_version"]);
  expect(read).toEqual({ secret_id: SOURCE.secretArn, version_id: "v-1" });
  const { secret_id, secret_string_wo, secret_string_wo_version } = one(SecretsmanagerSecretVersion);
  expect(secret_id).toEqual(refTo(SecretsmanagerSecret, "id"));
  expect(secret_string_wo_version).toBe(1);
  const password = `\${jsondecode(ephemeral.aws_secretsmanager_secret_version.${name}.secret_string).password}`;
  expect(JSON.parse(secret_string_wo)).toEqual({ user: "a", url: `amqps://a:${password}@${HOST}` });
  expect(parsed.terraform.required_version).toBe(">= 1.11.0");
});
it("is written anew with another value of the other secret, or anything else in it", () => {
  const { byId, one } = build();
  const [[id, parts] = []] = Object.entries(byId(DataResource));
  expect(parts).toEqual({ triggers_replace: { user: "a", url: `amqps://a:v-1@${HOST}` } });
  expect(one(SecretsmanagerSecretVersion).lifecycle).toEqual({ replace_triggered_by: [`terraform_data.${id}`] });
  expect(build({ source: { ...SOURCE, versionId: "v-2" } }).one(DataResource)).not.toEqual(parts);
});
it("bears the name and description given, stays 7 days when deleted, and has Secrets Manager's own key", () => {
  expect(build().one(SecretsmanagerSecret)).toEqual({
    name_prefix: "dev-url-",
    description: "URL of dev",
    recovery_window_in_days: 7,
  });
});
it.each([7, 30])("has a key of one's own, and can be had back for %i days, where asked", (recoveryWindowInDays) => {
  expect(
    build({ kmsKeyArn: Token.asString({ resolve: () => KEY }), recoveryWindowInDays }).one(SecretsmanagerSecret),
  ).toMatchObject({
    kms_key_id: KEY,
    recovery_window_in_days: recoveryWindowInDays,
  });
});
it("tells its ARN by the value, and which value it is", () => {
  const { outputs } = build();
  expect(outputs.arn.value).toEqual(refTo(SecretsmanagerSecretVersion, "arn"));
  expect(outputs.version.value).toEqual(refTo(SecretsmanagerSecretVersion, "version_id"));
});

rejects<unknown>(
  "test/url",
  [
    ["namePrefix", { namePrefix: undefined }, "is required"],
    ["namePrefix", { namePrefix: "" }, "at least 1"],
    ["namePrefix", { namePrefix: "a b" }, "letters, digits"],
    ["namePrefix", { namePrefix: "x".repeat(487) }, "at most 486"],
    ["description", { description: "" }, "at least 1"],
    ["description", { description: "x".repeat(2049) }, "at most 2048"],
    ["kmsKeyArn", { kmsKeyArn: "alias/own" }, "ARN of a KMS key"],
    ["recoveryWindowInDays", { recoveryWindowInDays: 6 }, "at least 7"],
    ["recoveryWindowInDays", { recoveryWindowInDays: 31 }, "at most 30"],
    ["source", { source: undefined }, "a GeneratedSecret"],
    ["source", { source: SOURCE.secretArn }, "a GeneratedSecret"],
    ["source", { source: { secretArn: SOURCE.secretArn } }, "secretArn, versionId"],
    ["document", { document: undefined }, "must be a function from the password to an object", "got nothing"],
    ["document", { document: {} }, "must be a function from the password to an object"],
    ["version", { version: 2 }, "unknown key"],
    ["length", { length: 20 }, "unknown key"],
  ],
  (stack, wrong) => new DerivedSecret(stack, "url", { ...MINIMAL, ...(wrong as object) }),
);
