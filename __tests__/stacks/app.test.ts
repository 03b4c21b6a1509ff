import { existsSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TerraformStack } from "cdktf";
import { describe, expect, it } from "vitest";
import { buildApp, check, run, selectEnvironments, synthesize } from "../../stacks/app";
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
      message: [
        "2 settings are wrong:",
        "  one: must have at least one of exadeploy, mlEc2, fossa, dask, training, portfolio, got none of them",
        "  two: must have at least one of exadeploy, mlEc2, fossa, dask, training, portfolio, got none of them",
      ].join("\n"),
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
    const state = { kind: "s3", bucket: "our-state" } as const;
    const twin = defineEnvironment({ name: "twin", region: "us-west-2", state });
    expect(errorOf(() => buildApp([twin, twin], { outdir: outdir() })).message).toBe(
      "twin: name: must be that of one environment, got it twice; rename one",
    );
  });
});

describe("what is wrong", () => {
  const region = "us-west-2";
  const wrong = [
    defineEnvironment({
      name: "prod",
      region,
      exadeploy: { moduleRepoBackend: { dbStorage: 5 }, network: { nat: "no" as "none" } },
    }),
    defineEnvironment({
      name: "dev",
      region,
      mlEc2: { network: { nat: "none" } },
      fossa: { egress: "no" as "nat-gateway" },
    }),
  ];
  const PATHS = [
    "dev: fossa.egress: must be one of nat-instance",
    "dev: mlEc2.machines.placement: must be public where the network has no NAT",
    "prod: exadeploy.moduleRepoBackend.dbStorage: must be at least 20, got 5",
    "prod: exadeploy.network.nat: must be one of none",
  ];
  it("is told of all environments at once, counted and sorted: of keys, and of what only stacks find", () => {
    const [count, ...lines] = errorOf(() => buildApp(wrong, { outdir: outdir() })).message.split("\n");
    expect(count).toBe("4 settings are wrong:");
    expect(lines.map((line, index) => line.slice(0, (PATHS[index] ?? "").length + 2))).toEqual(
      PATHS.map((path) => `  ${path}`),
    );
  });
  it("is told of the stacks beside a wrong one, once for each", () => {
    const pool = { suffix: "a", category: "cpu" as const, instanceTypes: ["m5.large"], minSize: 1, maxSize: 1 };
    const cluster = { autoscaler: "karpenter" as const, runnerPools: [pool] };
    const peers = { near: { vpcId: "vpc-0a1b2c3d4e5f60718", cidrs: ["10.0.1.0/24"], routeTables: [] } };
    const environment = defineEnvironment({ name: "dev", region, exadeploy: { cluster, peers, kube: {} } });
    expect(errorOf(() => buildApp([environment], { outdir: outdir() })).message.split("\n")).toEqual([
      "2 settings are wrong:",
      expect.stringMatching(/^ {2}dev: exadeploy\.cluster\.runnerPools\[0\]\.minSize: must be 0/),
      expect.stringMatching(/^ {2}dev: exadeploy\.peers\.near\.cidrs: must not overlap our own CIDRs/),
    ]);
  });
});

describe("check", () => {
  it("counts the stacks of right settings, and refuses wrong ones as a synth does", () => {
    const fine = defineEnvironment({ name: "dev", region: "us-west-2", mlEc2: {}, fossa: {} });
    expect(check([fine])).toBe("dev: the settings of 4 stacks are right");
    expect(errorOf(() => check([one])).message).toContain("one: must have at least one of");
  });
  it("leaves the stack traces of other errors as they are", () => {
    const { prepareStackTrace } = Error;
    errorOf(() => check([one]));
    expect(Error.prepareStackTrace).toBe(prepareStackTrace);
  });
  it("is the only command", () => {
    expect(errorOf(() => run([one], { command: "chekc" })).message).toBe(
      "main.ts: must be called with check or nothing, got chekc",
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
