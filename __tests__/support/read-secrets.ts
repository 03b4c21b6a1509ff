import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Moto } from "./moto";
import type { Json } from "./synth";

/**
 * Makes the secrets that the stacks read and do not make themselves, each once and in the region of its ARN. Where moto
 * did not make an ARN itself, it takes all that is behind the last colon for the secret's name.
 */
export async function makeReadSecrets(moto: Moto, stacks: readonly { json: Json }[]): Promise<void> {
  const read = stacks.flatMap(({ json }) =>
    Object.values<Json>(json.data?.aws_secretsmanager_secret_version ?? {}).map(({ secret_id }) => String(secret_id)),
  );
  for (const arn of new Set(read)) {
    const [, , , region, , , name = ""] = arn.split(":");
    const client = new SecretsManagerClient({
      region,
      endpoint: moto.url,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    await client.send(new CreateSecretCommand({ Name: name, SecretString: "made for a test" }));
    client.destroy();
  }
}
