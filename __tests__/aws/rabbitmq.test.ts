import { readFileSync } from "node:fs";
import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  AMAZON_MQ_EVERYTHING,
  amazonMqStack,
  SERVICE_EVERYTHING,
  serviceStack,
} from "../modules/aws/rabbitmq/rabbitmq.fixture";
import { mockApply } from "../support/mock-apply";
import { Moto } from "../support/moto";
import type { Json } from "../support/synth";
import { AWS_PROVIDER, Workspace } from "../support/terraform";
import { forMoto, type Lack, without } from "../support/terraform-json";
import { withoutWhatMotoLacks } from "./moto-lacks";
import { onAws } from "./stacks.fixture";

/** Moto's CloudFormation knows no brokers: it answers 500. */
const BROKERS: Lack = {
  type: "aws_cloudformation_stack",
  standIns: { 'outputs["Host"]': "b-1.mq.us-east-1.on.aws" },
};

const stackOf = ({ parsed }: { parsed: Json }): Json => ({
  ...parsed,
  terraform: { required_version: ">= 1.11.0", required_providers: { aws: AWS_PROVIDER } },
});
const onMoto = (stack: { parsed: Json }) => without([BROKERS], withoutWhatMotoLacks(forMoto(stackOf(stack))));

onAws("brokers", () => {
  it.each([
    ["a service at its defaults", () => serviceStack()],
    ["a service with everything on, through a cache", () => serviceStack(SERVICE_EVERYTHING, true)],
    ["a service that keeps nothing", () => serviceStack({ persistent: false })],
    ["Amazon MQ at its defaults", () => amazonMqStack()],
    ["Amazon MQ with everything on", () => amazonMqStack(AMAZON_MQ_EVERYTHING)],
  ])("%s applies with the provider's schemas and made-up answers", async (name, build) => {
    await mockApply(name.replaceAll(/\W+/g, "-"), stackOf(build()));
  });

  describe("on moto", () => {
    let moto: Moto;
    beforeAll(async () => {
      moto = await Moto.start();
    });
    beforeEach(() => moto.reset());
    afterAll(() => moto?.stop());

    /** Every secret by the beginning of its name. */
    async function secrets(): Promise<Record<string, Json>> {
      const credentials = { accessKeyId: "test", secretAccessKey: "test" };
      const client = new SecretsManagerClient({ endpoint: moto.url, region: "us-east-1", credentials });
      const { SecretList = [] } = await client.send(new ListSecretsCommand({}));
      const entries = SecretList.map(async ({ ARN, Name = "" }) => {
        const { SecretString = "" } = await client.send(new GetSecretValueCommand({ SecretId: ARN }));
        return [Name.slice(0, -26), JSON.parse(SecretString)] as const;
      });
      return Object.fromEntries(await Promise.all(entries));
    }
    const state = ({ stateFile }: Workspace) =>
      readFileSync(stateFile, "utf8") + readFileSync(`${stateFile}.backup`, "utf8");

    it("a service applies, plans nothing more, and is rolled out anew with a new password", async () => {
      const workspace = await Workspace.of("service", onMoto(serviceStack()), { env: moto.env });
      await workspace.apply();
      expect(await workspace.plan()).toEqual([]);
      const { password, ...rest } = (await secrets())["rabbitmq-credentials-"];
      expect(password).toMatch(/^[A-Za-z0-9]{48}$/);
      expect(rest).toEqual({ username: "fossa", url: `amqp://fossa:${password}@rabbitmq.fossa.internal:5672` });

      workspace.write("cdk.tf.json", onMoto(serviceStack({ passwordVersion: 2 })));
      const changes = await workspace.plan();
      expect(changes.map(({ address, action }) => `${action} ${address.split(".")[0]}`).sort()).toEqual([
        "replace aws_ecs_task_definition",
        "replace aws_secretsmanager_secret_version",
        "update aws_ecs_service",
        "update aws_iam_role_policy",
      ]);
      await workspace.apply();
      expect(await workspace.plan()).toEqual([]);
      const renewed = (await secrets())["rabbitmq-credentials-"];
      expect(renewed.password).not.toBe(password);
      expect(renewed.url).toBe(`amqp://fossa:${renewed.password}@rabbitmq.fossa.internal:5672`);
      for (const secret of [password, renewed.password]) expect(state(workspace)).not.toContain(secret);

      workspace.write("cdk.tf.json", onMoto(serviceStack({ passwordVersion: 2, username: "jobs" })));
      await workspace.apply();
      const renamed = (await secrets())["rabbitmq-credentials-"];
      expect(renamed.url).toBe(`amqp://jobs:${renamed.password}@rabbitmq.fossa.internal:5672`);
    });

    it("the secrets of Amazon MQ agree, and stay out of the state", async () => {
      const workspace = await Workspace.of("amazon-mq", onMoto(amazonMqStack()), { env: moto.env });
      for (const passwordVersion of [1, 2]) {
        workspace.write("cdk.tf.json", onMoto(amazonMqStack({ passwordVersion })));
        await workspace.apply();
        expect(await workspace.plan()).toEqual([]);
        const { "dev-fossa-credentials-": made, "dev-fossa-url-": told } = await secrets();
        expect(made).toEqual({ username: "fossa", password: expect.stringMatching(/^[A-Za-z0-9]{48}$/) });
        expect(told).toEqual({ ...made, url: `amqps://fossa:${made.password}@b-1.mq.us-east-1.on.aws:5671` });
        expect(readFileSync(workspace.stateFile, "utf8")).not.toContain(made.password);
      }
    });
  });
});
