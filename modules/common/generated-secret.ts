import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { kmsKeyArnSchema } from "./arns";
import { parseProps } from "./props";

/** Generation of a secret's value, from 1; raise it to have a new value made. */
export const secretVersionSchema = z.int().min(1).max(1_000_000);

const schema = z.strictObject({
  /** Beginning of the secret's name, to which the provider appends 26 characters. */
  namePrefix: z
    .string()
    .min(1)
    .max(486) // Secrets Manager API reference, CreateSecret: names of 512 characters at most
    .regex(/^[\w/+=.@-]+$/, "must have letters, digits and /_+=.@- only"),
  /** What the secret opens. */
  description: z.string().min(1).max(2048),
  /** Letters and digits of the value, 16 to 4096; 48 are 285 bits, more than anyone can guess. */
  length: z.int().min(16).max(4096).default(48),
  /** Generation of the value, from 1; raise it to have a new one made. */
  version: secretVersionSchema.default(1),
  /** Key that encrypts the secret; Secrets Manager's own when absent. */
  kmsKeyArn: kmsKeyArnSchema.optional(),
  /** Days, 7 to 30, in which a deleted secret can be had back. */
  recoveryWindowInDays: z.int().min(7).max(30).default(7),
});
export type GeneratedSecretProps = z.input<typeof schema>;

/**
 * Secret whose value AWS makes up and nobody sees: it passes from an ephemeral resource into a write-only argument, so
 * that neither the state nor a plan holds it. Needs Terraform 1.11.
 */
export class GeneratedSecret extends Construct {
  /** ARN of the secret; who refers to it waits until the value is there. */
  readonly secretArn: string;

  constructor(scope: Construct, id: string, props: GeneratedSecretProps) {
    super(scope, id);
    const { namePrefix, description, length, version, kmsKeyArn, recoveryWindowInDays } = parseProps(
      this,
      schema,
      props,
    );

    TerraformStack.of(this).addOverride("terraform.required_version", ">= 1.11.0"); // the first with write-only arguments
    const secret = new SecretsmanagerSecret(this, "secret", {
      namePrefix,
      description,
      kmsKeyId: kmsKeyArn,
      recoveryWindowInDays,
    });
    this.secretArn = new SecretsmanagerSecretVersion(this, "value", {
      secretId: secret.id,
      secretStringWo: randomPassword(secret, { password_length: length, exclude_punctuation: true }),
      secretStringWoVersion: version,
    }).arn;
  }
}

/** Arguments of `aws_secretsmanager_random_password` that are used. */
interface RandomPassword {
  password_length: number;
  exclude_punctuation: boolean;
}

/** Adds an ephemeral password, for which the bindings have no class, under the name of `beside`; gives its value. */
function randomPassword(beside: SecretsmanagerSecret, password: RandomPassword): string {
  const address = `ephemeral.aws_secretsmanager_random_password.${beside.friendlyUniqueId}`;
  TerraformStack.of(beside).addOverride(address, password);
  return `\${${address}.random_password}`;
}
