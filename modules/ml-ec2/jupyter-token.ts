import { Construct } from "constructs";
import { GeneratedSecret, secretVersionSchema } from "../common/secrets/generated-secret";
import { kmsKeyArnSchema } from "../common/settings/arns";

/** Settings of Jupyter's token. */
export const jupyterTokenShape = {
  /** Version of Jupyter's token, from 1; raise it to rotate the token, which machines read when Jupyter starts. */
  jupyterTokenVersion: secretVersionSchema.default(1),
  /** KMS key that encrypts Jupyter's token; Secrets Manager's own when absent. The buckets have a key of their own by `s3Encryption`. */
  kmsKeyArn: kmsKeyArnSchema.optional(),
};

export interface JupyterTokenProps {
  /** `<project>-<environment>`. */
  readonly prefix: string;
  readonly settings: { readonly jupyterTokenVersion: number; readonly kmsKeyArn?: string };
}

/** Secret with Jupyter's access token. */
export class JupyterToken extends Construct {
  readonly secretArn: string;
  /** Customer managed key that encrypts it, if any. */
  readonly kmsKeyArn: string | undefined;

  constructor(scope: Construct, id: string, { prefix, settings }: JupyterTokenProps) {
    super(scope, id);
    this.kmsKeyArn = settings.kmsKeyArn;
    this.secretArn = new GeneratedSecret(this, "token", {
      namePrefix: `${prefix}-jupyter-token-`,
      description: `Token that opens Jupyter on the machines of ${prefix}`,
      version: settings.jupyterTokenVersion,
      kmsKeyArn: settings.kmsKeyArn,
    }).secretArn;
  }
}
