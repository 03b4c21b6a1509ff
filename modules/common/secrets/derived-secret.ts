import { Construct } from "constructs";
import { z } from "zod";
import { parseProps, reference } from "../settings/props";
import { ephemeral, secretDocumentSchema, secretShape, writeSecret } from "./generated-secret";

const schema = z.strictObject({
  ...secretShape,
  /** Secret whose value is a JSON object with the key `password`. */
  source: reference<{ readonly secretArn: string; readonly versionId: string }>(
    "a GeneratedSecret",
    "secretArn",
    "versionId",
  ),
  /** JSON object around that password. It is written anew when the password or anything else in it changes. */
  document: secretDocumentSchema,
});
export type DerivedSecretProps = z.input<typeof schema>;

/**
 * Secret whose value is made from another secret's as it is applied, with parts that are not known before; neither the
 * state nor a plan holds it. It reads the one value that was written: what was made with that password goes with it,
 * even when an apply was cut short in between.
 */
export class DerivedSecret extends Construct {
  /** ARN of the secret; who refers to it waits until the value is there. */
  readonly secretArn: string;
  /** Which value it is: who refers to it as well learns of a new one. */
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
