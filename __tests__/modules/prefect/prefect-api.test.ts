import { Token } from "cdktf";
import { expect, it } from "vitest";
import { apiSecrets, prefectApiSchema } from "../../../modules/prefect/prefect-api";
import { CLOUD, SECRET } from "./prefect.fixture";

const faults = (api: unknown) =>
  (prefectApiSchema.safeParse(api).error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);

it.each([
  { url: "http://prefect.dev.internal:4200/api" },
  { url: "https://prefect.example.com/prefect/api", authStringSecretArn: `${SECRET}:auth_string::` },
  { url: CLOUD, keySecretArn: SECRET },
  { url: Token.asString({ later: true }), keySecretArn: SECRET },
])("%j is an API", (api) => {
  expect(faults(api)).toEqual([]);
});
it.each<[unknown, string]>([
  [{ url: "prefect.example.com" }, "url: must be the URL of an API"],
  [{ url: "https://prefect.example.com" }, "url: must be the URL of an API"],
  [{ url: "ftp://prefect.example.com/api" }, "url: must be the URL of an API"],
  [{ url: CLOUD }, "keySecretArn: is required for Prefect Cloud"],
  [{ url: CLOUD.replace("https", "http"), keySecretArn: SECRET }, "url: must begin with https"],
  [{ url: "https://api.prefect.cloud/api", keySecretArn: SECRET }, "url: must name an account and a workspace"],
  [{ url: CLOUD, keySecretArn: "pnu_0123456789" }, "keySecretArn: must be the full ARN of a secret"],
  [
    { url: CLOUD, keySecretArn: SECRET, authStringSecretArn: SECRET },
    "authStringSecretArn: must be left out with keySecretArn",
  ],
])("%j is none", (api, fault) => {
  expect(faults(api).join("; ")).toContain(fault);
});
it("gives each credential its variable", () => {
  expect(apiSecrets({ url: CLOUD, keySecretArn: SECRET })).toEqual({ PREFECT_API_KEY: SECRET });
  expect(apiSecrets({ url: CLOUD, authStringSecretArn: SECRET })).toEqual({ PREFECT_API_AUTH_STRING: SECRET });
  expect(apiSecrets({ url: CLOUD })).toEqual({});
});
