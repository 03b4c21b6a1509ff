import { Construct } from "constructs";
import { z } from "zod";
import { parseProps, reference } from "../settings/props";
import { ephemeral, secretDocumentSchema, secretShape, writeSecret } from "./generated-secret";

const schema = z.strictObject({
  ...secretShape,
  /** Secret with the JSON key `password`. */
  source: reference<{ readonly secretArn: string; readonly versionId: string }>(
    "a GeneratedSecret",
    "secretArn",
    "versionId",
  ),
  /** JSON object with that password. It is rewritten when the password or another value in it changes. */
  document: secretDocumentSchema,
});
export type DerivedSecretProps = z.input<typeof schema>;

/**
 * Secret whose value is derived from another secret at apply, together with values known only then; neither state nor plan
 * contains it. It reads the exact version that was written, so that it matches what was created with that password, even
 * after an interrupted apply.
 */
export class DerivedSecret extends Construct {
  /** ARN of the secret, available once the value is written. */
  readonly secretArn: string;
  /** Version of the value; refer to it to follow a new one. */
  readonly versionId: string;

  constructor(scope: Construct, id: string, props: DerivedSecretProps) {
    super(scope, id);
    const { source, document, ...settings } = parseProps(this, schema, props);
    const { secretArn, versionId } = writeSecret(this, settings, ({ friendlyUniqueId }) => {
      const read = ephemeral(this, "aws_secretsmanager_secret_version", friendlyUniqueId, {
        secret_id: source.secretArn,
        version_id: source.versionId,
      });
      return {
        value: JSON.stringify(document(`\${jsondecode(${read}.secret_string).password}`)),
        version: 1,
        rewriteWith: document(source.versionId),
      };
    });
    this.secretArn = secretArn;
    this.versionId = versionId;
  }
}
