import { existsSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TerraformStack } from "cdktf";
import { describe, expect, it } from "vitest";
import { buildApp, selectEnvironments, synthesize } from "../../stacks/app";
import { defineEnvironment } from "../../stacks/environment";
import { errorOf } from "../support/bad-input";
import { publishedOutputs, synthApp } from "../support/synth";

const [one, two] = ["one", "two"].map((name) => defineEnvironment({ name, region: "us-west-2" }));
if (!one || !two) throw new Error("two environments are defined above");
const outdir = () => mkdtempSync(join(tmpdir(), "cdktf-test-"));

describe("buildApp", () => {
  it("refuses an environment without systems, of which nothing would be made", () => {
    expect(errorOf(() => buildApp([one, two], { outdir: outdir() }))).toMatchObject({
      name: "InputError",
      message: "environment one: must have at least one of exadeploy, mlEc2, fossa, got none of them",
    });
  });
  it("makes a state stack with local state where the state of the others is in S3", () => {
    const inS3 = { kind: "s3", bucket: "our-state", region: "eu-west-1" } as const;
    const { ids, stack } = synthApp(defineEnvironment({ name: "ops", region: "us-west-2", state: inS3 }));
    expect(ids).toEqual(["ops-state"]);
    const state = stack("ops-state");
    const { parsed } = state;
    expect(parsed.terraform.backend.local.path).toMatch(/state\/ops\/ops-state\.tfstate$/);
    expect(parsed.provider.aws[0].region).toBe("eu-west-1");
    expect(publishedOutputs(state)).toEqual(["state_bucket", "state_kms_key_arn"]);
  });
  it("refuses two environments of one name", () => {
    expect(errorOf(() => buildApp([one, two, one])).message).toBe(
      "environments: name: two environments are called one; rename one",
    );
  });
});

describe("selectEnvironments", () => {
  it("takes all, or the one that is named", () => {
    expect(selectEnvironments([one, two], undefined)).toEqual([one, two]);
    expect(selectEnvironments([one, two], "")).toEqual([one, two]);
    expect(selectEnvironments([one, two], "two")).toEqual([two]);
  });
  it.each([
    ["on", "ENVIRONMENT: must be one of one, two, got on; did you mean one?"],
    ["staging", "ENVIRONMENT: must be one of one, two, got staging"],
  ])("refuses %s", (name, message) => {
    expect(errorOf(() => selectEnvironments([one, two], name)).message).toBe(message);
  });
});

describe("synthesize", () => {
  it("writes nothing when the last of the stacks is not valid", () => {
    const folder = outdir();
    const app = buildApp([], { outdir: folder });
    new TerraformStack(app, "good");
    new TerraformStack(app, "bad").node.addValidation({ validate: () => ["is not as it should be"] });
    const error = errorOf(() => synthesize(app));
    expect(error.name).toBe("InputError");
    expect(error.message).toBe("bad: is not as it should be");
    expect(existsSync(join(folder, "manifest.json"))).toBe(false);
    expect(readdirSync(join(folder, "stacks"))).toEqual([]);
  });
});
