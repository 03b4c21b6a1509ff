import { Construct } from "constructs";
import { GeneratedSecret, secretVersionSchema } from "../common/secrets/generated-secret";

/** Settings of Jupyter's token. */
export const jupyterTokenShape = {
  /** Version of Jupyter's token, from 1; raise it to rotate the token, which machines read when Jupyter starts. */
  jupyterTokenVersion: secretVersionSchema.default(1),
};

export interface JupyterTokenProps {
  /** `<project>-<environment>`. */
  readonly prefix: string;
  readonly settings: { readonly jupyterTokenVersion: number };
}

/** Secret with Jupyter's access token. */
export class JupyterToken extends Construct {
  readonly secretArn: string;

  constructor(scope: Construct, id: string, { prefix, settings }: JupyterTokenProps) {
    super(scope, id);
    this.secretArn = new GeneratedSecret(this, "token", {
      namePrefix: `${prefix}-jupyter-token-`,
      description: `Token that opens Jupyter on the machines of ${prefix}`,
      version: settings.jupyterTokenVersion,
    }).secretArn;
  }
}
