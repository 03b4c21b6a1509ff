import { Construct } from "constructs";
import { GeneratedSecret, secretVersionSchema } from "../common/secrets/generated-secret";

/** Inputs that concern the token of Jupyter. */
export const jupyterTokenShape = {
  /** Generation of Jupyter's token, from 1; raise it to have a new one made, which machines read when Jupyter starts. */
  jupyterTokenVersion: secretVersionSchema.default(1),
};

export interface JupyterTokenProps {
  /** `<project>-<environment>`. */
  readonly prefix: string;
  readonly settings: { readonly jupyterTokenVersion: number };
}

/** Secret with the token that opens Jupyter. */
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
