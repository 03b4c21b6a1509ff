import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GeneratedSecret } from "../../modules/common/secrets/generated-secret";
import { build, type DataSettings, EVERYTHING } from "../modules/ml-ec2/data.fixture";
import { mockApply } from "../support/mock-apply";
import { Moto } from "../support/moto";
import { type Json, synth } from "../support/synth";
import { AWS_PROVIDER, Workspace } from "../support/terraform";
import { forMoto, type Lack, without } from "../support/terraform-json";
import { withoutWhatMotoLacks } from "./moto-lacks";
import { onAws } from "./stacks.fixture";

/** What moto lacks of these parts. */
const LACKS: Lack[] = [
  // moto looks for the trail by its name, and the provider starts it by its ARN: 500
  { type: "aws_cloudtrail" },
  // moto forgets the choice on delete markers and on encrypted objects
  { type: "aws_s3_bucket_replication_configuration", misreports: ["rule"] },
];
/** Moto knows no conditions, so that the denial of HTTP denies all: it takes either the objects or the policies. */
const OBJECTS: Lack = { type: "aws_s3_object" };
const POLICIES: Lack = { type: "aws_s3_bucket_policy" };

const planned = (json: Json): Json => ({ ...json, terraform: { required_providers: { aws: AWS_PROVIDER } } });

onAws("storage and permissions of ML EC2", () => {
  let moto: Moto;
  beforeAll(async () => {
    moto = await Moto.start();
  });
  afterAll(() => moto?.stop());

  it.each<[string, DataSettings]>([
    ["at their defaults", {}],
    ["with everything on", EVERYTHING],
  ])("apply %s with the provider's schemas and made-up answers", async (name, settings) => {
    const stack = planned(build(settings).parsed);
    await mockApply(`data ${name}`.replaceAll(/\W+/g, "-"), stack, {
      asserts: Object.fromEntries(
        Object.entries<Json>(stack.resource).flatMap(([type, named]) =>
          Object.keys(named).map((id) => [`${type}.${id} has no id`, `${type}.${id}.id != ""`]),
        ),
      ),
    });
  });

  it.each<[string, DataSettings, Lack]>([
    ["at their defaults, without policies", {}, POLICIES],
    // nor does moto know rules by size, which spare the folders
    ["with everything on, without objects", { ...EVERYTHING, s3ExpireDays: undefined }, OBJECTS],
  ])("apply %s on moto, and a second plan changes nothing", async (name, settings, lack) => {
    await moto.reset();
    const json = without([...LACKS, lack], withoutWhatMotoLacks(forMoto(planned(build(settings).parsed))));
    const workspace = await Workspace.of(`data ${name}`.replaceAll(/\W+/g, "-"), json, { env: moto.env });
    await workspace.apply();
    expect(await workspace.plan()).toEqual([]);
  });

  describe("a generated secret", () => {
    const secret = (version: number): Json =>
      forMoto(
        planned(
          synth((stack) => new GeneratedSecret(stack, "token", { namePrefix: "t-", description: "d", version })).parsed,
        ),
      );
    /** Asks moto, which checks no signature, for the value of the only secret. */
    const value = async (): Promise<string> => {
      const ask = async (action: string, body: Json): Promise<Json> => {
        const credential = "Credential=test/20250101/us-east-1/secretsmanager/aws4_request";
        const headers = {
          Authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=none`,
          "Content-Type": "application/x-amz-json-1.1",
          "X-Amz-Target": `secretsmanager.${action}`,
        };
        const response = await fetch(moto.url, { method: "POST", headers, body: JSON.stringify(body) });
        return response.json();
      };
      const { SecretList } = await ask("ListSecrets", {});
      expect(SecretList).toHaveLength(1);
      return (await ask("GetSecretValue", { SecretId: SecretList[0].ARN })).SecretString;
    };

    it("is written once, stays until its version is raised, and leaves no trace in the state", async () => {
      await moto.reset();
      const workspace = await Workspace.of("generated-secret", secret(1), { env: moto.env });
      await workspace.apply();
      const first = await value();
      expect(first).toMatch(/^[A-Za-z0-9]{48}$/);
      expect(await workspace.plan()).toEqual([]);
      await workspace.apply();
      expect(await value()).toBe(first);

      workspace.write("cdk.tf.json", secret(2));
      await workspace.apply();
      const second = await value();
      expect(second).toMatch(/^[A-Za-z0-9]{48}$/);
      expect(second).not.toBe(first);
      expect(await workspace.plan()).toEqual([]);

      const state = readFileSync(workspace.stateFile, "utf8");
      expect(state).toContain("aws_secretsmanager_secret_version");
      for (const text of [first, second]) expect(state).not.toContain(text);
    });
  });
});
