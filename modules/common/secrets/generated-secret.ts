import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { replacedWith } from "../replaced-with";
import { kmsKeyArnSchema } from "../settings/arns";
import { parseProps, show } from "../settings/props";

/** Generation of a secret's value, from 1; raise it to generate a new value. */
export const secretVersionSchema = z.int().min(1).max(1_000_000);

/** Settings of a secret. */
export const secretShape = {
  /** Prefix of the secret's name, to which the provider appends 26 characters. */
  namePrefix: z
    .string()
    .min(1)
    .max(486) // Secrets Manager API reference, CreateSecret: names of 512 characters at most
    .regex(/^[\w/+=.@-]+$/, "must have letters, digits and /_+=.@- only"),
  /** Description of the secret. */
  description: z.string().min(1).max(2048),
  /** KMS key that encrypts the secret; Secrets Manager's own when absent. */
  kmsKeyArn: kmsKeyArnSchema.optional(),
  /** Recovery window after deletion, days, 7 to 30. */
  recoveryWindowInDays: z.int().min(7).max(30).default(7),
};
type SecretSettings = z.output<z.ZodObject<typeof secretShape>>;

/** Keys and values of a JSON object with a password. Values from other resources must not contain quotes. */
export type SecretDocument = (password: string) => Record<string, string>;
export const secretDocumentSchema = z.custom<SecretDocument>((value) => typeof value === "function", {
  error: ({ input }) => `must be a function from the password to an object, got ${show(input)}`,
});

const schema = z.strictObject({
  ...secretShape,
  /** Length of the password, letters and digits, 16 to 4096; 48 are 285 bits. */
  length: z.int().min(16).max(4096).default(48),
  /** Generation of the password, from 1; raise it to rotate the password. */
  version: secretVersionSchema.default(1),
  /** JSON object with the password, for example in a URL; the password alone when absent. */
  document: secretDocumentSchema.optional(),
});
export type GeneratedSecretProps = z.input<typeof schema>;

/**
 * Secret with a generated value. It passes from an ephemeral resource into a write-only argument, so that neither state nor
 * plan contains it. Needs Terraform 1.11.
 */
export class GeneratedSecret extends Construct {
  /** ARN of the secret, available once the value is written. */
  readonly secretArn: string;
  /** Version of the value; refer to it to follow a new one. */
  readonly versionId: string;

  constructor(scope: Construct, id: string, props: GeneratedSecretProps) {
    super(scope, id);
    const { length, version, document, ...settings } = parseProps(this, schema, props);
    const { secretArn, versionId } = writeSecret(this, settings, ({ friendlyUniqueId }) => {
      const arguments_ = { password_length: length, exclude_punctuation: true };
      const random = ephemeral(this, "aws_secretsmanager_random_password", friendlyUniqueId, arguments_);
      const password = `\${${random}.random_password}`;
      if (!document) return { value: password, version };
      return { value: JSON.stringify(document(password)), version, rewriteWith: document("") };
    });
    this.secretArn = secretArn;
    this.versionId = versionId;
  }
}

/** Value of a secret. */
interface Written {
  /** Terraform string with an ephemeral value. */
  value: string;
  version: number;
  /** Other parts of the value. Terraform cannot compare the value itself, so a change of these rewrites it. */
  rewriteWith?: Record<string, string>;
}

/** Creates a secret in `scope` with a write-only value. */
export function writeSecret(
  scope: Construct,
  { namePrefix, description, kmsKeyArn, recoveryWindowInDays }: SecretSettings,
  written: (secret: SecretsmanagerSecret) => Written,
): { secretArn: string; versionId: string } {
  TerraformStack.of(scope).addOverride("terraform.required_version", ">= 1.11.0"); // the first with write-only arguments
  const secret = new SecretsmanagerSecret(scope, "secret", {
    namePrefix,
    description,
    kmsKeyId: kmsKeyArn,
    recoveryWindowInDays,
  });
  const { value, version, rewriteWith } = written(secret);
  const { arn, versionId } = new SecretsmanagerSecretVersion(scope, "value", {
    secretId: secret.id,
    secretStringWo: value,
    secretStringWoVersion: version,
    lifecycle: rewriteWith && replacedWith(scope, "parts", rewriteWith),
  });
  return { secretArn: arn, versionId };
}

/** Adds an ephemeral resource, for which the bindings have no classes, to the stack of `scope`; returns its address. */
export function ephemeral(scope: Construct, type: string, name: string, settings: Record<string, unknown>): string {
  const address = `ephemeral.${type}.${name}`;
  TerraformStack.of(scope).addOverride(address, settings);
  return address;
}
