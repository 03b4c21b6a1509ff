import { describe, expect, it } from "vitest";
import { readConfig } from "../../../assets/gateway/config";

const LEAST = {
  AWS_REGION: "eu-west-2",
  PASSWORD_SECRET_ARN: "arn:aws:secretsmanager:eu-west-2:123456789012:secret:dev-fossa-gateway-AbCdEf",
};

describe("the environment", () => {
  it("needs a region and a secret, and has defaults for the rest", () => {
    expect(readConfig(LEAST)).toEqual({
      region: "eu-west-2",
      passwordSecretArn: LEAST.PASSWORD_SECRET_ARN,
      host: "0.0.0.0",
      port: 8080,
      workerPort: 2345,
      workerGroup: "service:fossa",
      postEnabled: false,
      tls: false,
    });
  });
  it("sets everything", () => {
    const all = {
      ...LEAST,
      AWS_REGION: "us-gov-west-1",
      PASSWORD_SECRET_ARN: "arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:p",
      HOST: "127.0.0.1",
      PORT: "0",
      WORKER_PORT: "65535",
      WORKER_GROUP: "service:dev-fossa-workers",
      POST_ENABLED: "true",
      TLS: "true",
      PATH: "/usr/bin",
    };
    expect(readConfig(all)).toEqual({
      region: "us-gov-west-1",
      passwordSecretArn: all.PASSWORD_SECRET_ARN,
      host: "127.0.0.1",
      port: 0,
      workerPort: 65_535,
      workerGroup: "service:dev-fossa-workers",
      postEnabled: true,
      tls: true,
    });
  });
  it.each([
    [{ POST_ENABLED: "true" }, true],
    [{ TLS: "true" }, true],
    [{ POST_ENABLED: "false", TLS: "false" }, false],
  ])("%o means TLS: %s", (env, tls) => {
    expect(readConfig({ ...LEAST, ...env }).tls).toBe(tls);
  });
  it("takes an empty variable for an absent one", () => {
    expect(readConfig({ ...LEAST, PORT: "", POST_ENABLED: "" })).toMatchObject({ port: 8080, postEnabled: false });
  });

  it.each<[Record<string, string | undefined>, string]>([
    [{ AWS_REGION: undefined }, 'AWS_REGION must be an AWS region such as "eu-west-2", got nothing'],
    [{ AWS_REGION: "" }, 'AWS_REGION must be an AWS region such as "eu-west-2", got nothing'],
    [{ AWS_REGION: "london" }, 'AWS_REGION must be an AWS region such as "eu-west-2", got "london"'],
    [
      { PASSWORD_SECRET_ARN: undefined },
      "PASSWORD_SECRET_ARN must be the ARN of a secret in Secrets Manager, got nothing",
    ],
    [
      { PASSWORD_SECRET_ARN: "supersecret" },
      'PASSWORD_SECRET_ARN must be the ARN of a secret in Secrets Manager, got "',
    ],
    [{ PASSWORD_SECRET_ARN: "arn:aws:ssm:eu-west-2:123456789012:parameter/p" }, "PASSWORD_SECRET_ARN must be the ARN"],
    [{ HOST: "any where" }, 'HOST must be an address to listen on, got "any where"'],
    [{ PORT: "-1" }, 'PORT must be a port (0 to 65535), got "-1"'],
    [{ PORT: "65536" }, 'PORT must be a port (0 to 65535), got "65536"'],
    [{ PORT: "80.5" }, 'PORT must be a port (0 to 65535), got "80.5"'],
    [{ PORT: "http" }, 'PORT must be a port (0 to 65535), got "http"'],
    [{ WORKER_PORT: "0" }, 'WORKER_PORT must be a port (1 to 65535), got "0"'],
    [{ WORKER_PORT: "65536" }, 'WORKER_PORT must be a port (1 to 65535), got "65536"'],
    [{ WORKER_GROUP: "two words" }, "WORKER_GROUP must be the beginning of an ECS task group, without spaces"],
    [{ POST_ENABLED: "yes" }, 'POST_ENABLED must be "true" or "false", got "yes"'],
    [{ POST_ENABLED: "TRUE" }, 'POST_ENABLED must be "true" or "false", got "TRUE"'],
    [{ TLS: "1" }, 'TLS must be "true" or "false", got "1"'],
    [
      { POST_ENABLED: "true", TLS: "false" },
      'POST_ENABLED must be "false" where TLS is "false": tasks are posted only over TLS',
    ],
  ])("%o is refused", (env, message) => {
    expect(() => readConfig({ ...LEAST, ...env })).toThrow(`the gateway's environment is wrong: ${message}`);
  });
  it("names all that is wrong at once", () => {
    expect(() => readConfig({ PORT: "x" })).toThrow(/AWS_REGION .*; PASSWORD_SECRET_ARN .*; PORT /);
  });
});
