import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Fault } from "../../../assets/gateway/fault";
import { SecretPassword } from "../../../assets/gateway/password";

const ARN = "arn:aws:secretsmanager:eu-west-2:123456789012:secret:dev-fossa-gateway-AbCdEf";
const LONG = "correct horse battery";

describe("the password", () => {
  let server: Server;
  let client: SecretsManagerClient;
  let password: SecretPassword;
  let now = 0;
  /** What the secret holds, or the error that reading it gives. */
  let secret: string | { error: string };
  let calls = 0;
  beforeAll(async () => {
    server = createServer((_, response) => {
      calls++;
      const [status, body] =
        typeof secret === "string"
          ? [200, { ARN, SecretString: secret }]
          : [400, { __type: secret.error, message: `about ${LONG}` }];
      response.writeHead(status, { "Content-Type": "application/x-amz-json-1.1" }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    client = new SecretsManagerClient({ region: "eu-west-2", endpoint, credentials, maxAttempts: 1 });
  });
  afterAll(async () => {
    client.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(() => {
    secret = LONG;
    calls = 0;
    password = new SecretPassword(client, ARN, () => now);
  });
  const fault = async () => {
    const error = await password.current().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(Fault);
    const { page, cause } = error as Fault;
    expect(page).toMatchObject({ status: 503, title: "Nobody can sign in at the moment", retryAfter: 5 });
    expect(JSON.stringify(page)).not.toContain(ARN); // everybody may read it
    return (cause as Error).message;
  };

  it.each([
    ["twelve chars", "twelve chars"],
    [`${LONG}\n`, LONG],
    [`${LONG}\r\n`, LONG],
    [` ${LONG} `, ` ${LONG} `],
    ['{"username":"fossa","password":"correct horse battery"}', LONG],
    ["{not JSON but long", "{not JSON but long"],
  ])("in %o is %o", async (text, value) => {
    secret = text;
    expect(await password.current()).toBe(value);
  });
  it("is believed for five minutes, by all", async () => {
    await Promise.all([password.current(), password.current()]);
    secret = "another long password";
    now += 299_999;
    expect(await password.current()).toBe(LONG);
    expect(calls).toBe(1);
    now += 1;
    expect(await password.current()).toBe("another long password");
    expect(calls).toBe(2);
  });
  it("is looked up when it does not match, at most every five seconds", async () => {
    await password.current();
    secret = "another long password";
    now += 4_999;
    expect(await password.latest()).toBe(LONG);
    now += 1;
    expect(await Promise.all([password.latest(), password.latest()])).toEqual(Array(2).fill("another long password"));
    expect(await password.current()).toBe("another long password");
    expect(calls).toBe(2);
  });

  it.each<[string | { error: string }, RegExp]>([
    ["", /has 0 characters, and needs 12/],
    ["eleven char", /has 11 characters, and needs 12/],
    ["eleven char\n", /has 11 characters/],
    ['{"password":"eleven char"}', /has 11 characters/],
    ['{"pass":"correct horse battery"}', /is JSON without a text "password"/],
    ['{"password":123456789012}', /is JSON without a text "password"/],
    [{ error: "ResourceNotFoundException" }, /secret:dev-fossa-gateway-AbCdEf does not exist/],
    [{ error: "AccessDeniedException" }, /AWS denies access: .*secretsmanager:GetSecretValue on arn:/],
    [{ error: "InvalidRequestException" }, /AWS returned an error/],
  ])("from %o is none, and the reason is for the log", async (text, why) => {
    secret = text;
    expect(await fault()).toMatch(why);
  });
  it("is looked for again five seconds after there was none, by one call for all", async () => {
    secret = { error: "ResourceNotFoundException" };
    await fault();
    await fault();
    expect(calls).toBe(1);
    now += 4_999;
    await fault();
    expect(calls).toBe(1);
    now += 1;
    secret = LONG;
    expect(await Promise.all([password.current(), password.current()])).toEqual([LONG, LONG]);
    expect(calls).toBe(2);
  });
  it("is none once the secret has gone", async () => {
    await password.current();
    secret = { error: "ResourceNotFoundException" };
    now += 300_000;
    expect(await fault()).toContain("does not exist");
  });
});
