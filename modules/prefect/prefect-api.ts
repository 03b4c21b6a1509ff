import { Token } from "cdktf";
import { z } from "zod";
import { valueFromSchema } from "../aws/ecs/container";
import { refuse } from "../common/settings/faults";
import { orToken } from "../common/settings/props";

/** Host of Prefect Cloud's API. */
const CLOUD = "api.prefect.cloud";

/** Whether an API is that of Prefect Cloud, which is reached by the internet only. */
export const isCloud = (url: unknown): boolean =>
  typeof url === "string" && !Token.isUnresolved(url) && URL.canParse(url) && new URL(url).hostname === CLOUD;

const urlSchema = z
  .string()
  .max(1024)
  .regex(
    /^https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?(\/[\w.~-]+)*\/api(\/[\w.~-]+)*$/,
    "must be the URL of an API, such as https://prefect.example.com/api",
  );

/** How workers and flow runs reach the Prefect API. */
export const prefectApiSchema = z
  .strictObject({
    /** URL of the API; of Prefect Cloud's that of a workspace: `https://api.prefect.cloud/api/accounts/<id>/workspaces/<id>`. */
    url: orToken(urlSchema),
    /** Secret with the API key for Prefect Cloud: its full ARN, or that ARN and `:key::` for one key of its JSON. */
    keySecretArn: valueFromSchema.optional(),
    /**
     * Secret with the auth string of a server of your own, `user:password`: its full ARN, or that ARN and `:key::` for one key
     * of its JSON. None where the server asks for none.
     */
    authStringSecretArn: valueFromSchema.optional(),
  })
  .superRefine(({ url, keySecretArn, authStringSecretArn }, ctx) => {
    if (keySecretArn !== undefined && authStringSecretArn !== undefined) {
      const message =
        "must be left out with keySecretArn: a key is for Prefect Cloud, an auth string for your own server";
      refuse(ctx, "authStringSecretArn", `${message}, got both`);
    }
    if (!isCloud(url)) return;
    const { protocol, pathname } = new URL(url);
    if (keySecretArn === undefined) {
      refuse(ctx, "keySecretArn", "is required for Prefect Cloud, which refuses callers without a key, got nothing");
    }
    if (protocol !== "https:") refuse(ctx, "url", `must begin with https for Prefect Cloud, got ${url}`);
    if (!/^\/api\/accounts\/[^/]+\/workspaces\/[^/]+$/.test(pathname)) {
      refuse(ctx, "url", `must name an account and a workspace for Prefect Cloud, got ${url}`);
    }
  });
export type PrefectApi = z.output<typeof prefectApiSchema>;

/** Environment variables with the credentials of the API, each with where its value is. */
export const apiSecrets = ({ keySecretArn, authStringSecretArn }: PrefectApi): Record<string, string> => ({
  ...(keySecretArn !== undefined && { PREFECT_API_KEY: keySecretArn }),
  ...(authStringSecretArn !== undefined && { PREFECT_API_AUTH_STRING: authStringSecretArn }),
});
