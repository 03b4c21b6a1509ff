import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformOutput, TerraformStack, Testing } from "cdktf";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { AlertTopic } from "../../modules/aws/cloudwatch/alert-topic";
import { LambdaFunction } from "../../modules/aws/lambda/lambda-function";
import { LambdaLayer, type LambdaLayerProps } from "../../modules/aws/lambda/lambda-layer";
import { AwsShell } from "../support/aws-shell";
import { executed, listenTo } from "../support/executions";
import { Moto } from "../support/moto";
import { run } from "../support/process";
import type { Json } from "../support/synth";
import { AWS_PROVIDER, Workspace } from "../support/terraform";
import { forMoto, without } from "../support/terraform-json";
import { MOTO_LACKS } from "./moto-lacks";
import { onAws } from "./stacks.fixture";

const LAYER = "test-greetings";
const TAGS = { [`layer:${LAYER}`]: "newest" };
const arn = (version: number, layer = LAYER) => `arn:aws:lambda:us-east-1:123456789012:layer:${layer}:${version}`;

onAws("a Lambda layer, by moto's interpreter and real builds", () => {
  let moto: Moto;
  let aws: AwsShell;
  let workspace: Workspace;
  let outputs: Record<string, string>;
  let heard: Awaited<ReturnType<typeof listenTo>>;
  let builds: string;
  let packageDir: string;

  beforeAll(async () => {
    builds = mkdtempSync(join(inject("scratch"), "builds-"));
    packageDir = join(mkdtempSync(join(inject("scratch"), "package-")), "greetings");
    writePackage(packageDir, "hello");
    moto = await Moto.start({ workflows: true, builds });
    aws = new AwsShell(moto.env);
    const first = await synthesized({ packageDir });
    workspace = await Workspace.of("lambda-layer", first.json, { source: first.source, env: moto.env });
    await workspace.apply();
    await readOutputs();
    heard = await listenTo(aws, outputs["topic-arn"] as string);
  });
  afterAll(async () => {
    aws?.end();
    await moto?.stop();
  });
  beforeEach(() => rmSync(join(builds, "end"), { force: true }));
  /** Has builds end so without being run, each with the archive of the first one unless that is taken away. */
  const pretend = (end = "SUCCEEDED") => writeFileSync(join(builds, "end"), end);

  async function readOutputs() {
    outputs = Object.fromEntries(
      Object.entries(await workspace.outputs()).map(([name, { value }]) => [name, String(value)]),
    );
  }
  /** Applies the stack with other settings of the layer. */
  async function change(props: Partial<LambdaLayerProps> = {}) {
    const { json, source } = await synthesized({ packageDir, ...props });
    const next = await Workspace.of("lambda-layer", json, { source, env: moto.env });
    cpSync(workspace.stateFile, next.stateFile);
    workspace = next;
    await workspace.apply();
    await readOutputs();
  }
  /** What the schedule does: runs the state machine to its end. */
  const execute = () => executed(aws, outputs["machine-arn"] as string, {}, 540_000);
  const logs = () =>
    readdirSync(builds)
      .filter((name) => name.endsWith(".log"))
      .map((name) => readFileSync(join(builds, name), "utf8"))
      .join("\n");
  const buildCount = async () =>
    ((await aws.call("codebuild", "list_builds_for_project", { projectName: LAYER })).ids ?? []).length;
  const versions = async (): Promise<Json[]> =>
    (await aws.call("lambda", "list_layer_versions", { LayerName: LAYER })).LayerVersions;
  const layersOf = async (name: string): Promise<string[]> =>
    ((await aws.call("lambda", "get_function_configuration", { FunctionName: name })).Layers ?? []).map(
      ({ Arn }: Json) => Arn,
    );
  /** Gives layers to the function that did not opt in, and tags that do not either; Terraform takes both away. */
  async function giveOther(...Layers: string[]): Promise<void> {
    const { FunctionArn } = await aws.call("lambda", "update_function_configuration", {
      FunctionName: "test-other",
      Layers,
    });
    const Tags = { [`layer:${LAYER}`]: "never", "layer:elsewhere": "newest" };
    await aws.call("lambda", "tag_resource", { Resource: FunctionArn, Tags });
  }
  const told = async () => (await heard()).map(({ Message }) => Message);
  const archiveNames = async (): Promise<string[]> => {
    const file = join(builds, "archive.zip");
    const [newest] = await versions();
    const digest = /sources (\S+),/.exec(newest.Description)?.[1];
    const env = { PATH: `${join(inject("motoEnvironment"), "bin")}:${process.env.PATH}`, ...moto.env };
    await run("aws", ["s3", "cp", `s3://${outputs["bucket-name"]}/layer/${digest}.zip`, file], { env });
    const listed = await run("python", ["-m", "zipfile", "-l", file], { env });
    return listed.stdout.split("\n").map((line) => line.split(/\s/)[0] ?? "");
  };

  it("has a script that passes shellcheck", async () => {
    const shellcheck = join(inject("motoEnvironment"), "bin", "shellcheck");
    const script = "assets/lambda-layer/build.sh";
    expect(await run(shellcheck, ["--shell=bash", script])).toMatchObject({ stdout: "", stderr: "", status: 0 });
  });
  it("has nothing left to do after it was applied, and gives no version yet", async () => {
    expect(await workspace.plan()).toEqual([]);
    expect(await layersOf("test-user")).toEqual([]);
  });
  it("is built, published with its runtimes and given to the function that opted in", async () => {
    const { status, output, cause } = await execute();
    expect(status, `${cause}\n${logs()}`).toBe("SUCCEEDED");
    expect(output.given.updated).toEqual({ layer_arn: arn(1), layer_version: 1, updated_functions: ["test-user"] });
    const [only, ...others] = await versions();
    expect(only).toMatchObject({
      Version: 1,
      CompatibleRuntimes: ["python3.12", "python3.13"],
      CompatibleArchitectures: ["arm64", "x86_64"],
      Description: expect.stringMatching(/^Greets \(sources [0-9a-f]{16}, build test-greetings:[\w-]+\)$/),
    });
    expect(others).toEqual([]);
    expect(await layersOf("test-user")).toEqual([arn(1)]);
    expect(await layersOf("test-other")).toEqual([]);
    expect(await told()).toEqual([]);
  });
  it("holds the package, and what it needs, for each version of Python", async () => {
    const names = await archiveNames();
    for (const version of ["3.12", "3.13"]) {
      const folder = `python/lib/python${version}/site-packages`;
      expect(names).toContain(`${folder}/greetings/__init__.py`);
      expect(names).toContain(`${folder}/iniconfig/__init__.py`);
    }
    expect(names.filter((name) => name !== "" && !/^(File|python\/)/.test(name))).toEqual([]);
  });
  it("does nothing when it is run again", async () => {
    const before = await buildCount();
    const { status, output } = await execute();
    expect(status).toBe("SUCCEEDED");
    expect(output.published).toMatchObject({ layer_version: 1, published: false, deleted: [] });
    expect(output.given.updated.updated_functions).toEqual([]);
    expect(await buildCount()).toBe(before);
    expect(await versions()).toHaveLength(1);
  });
  it("leaves Terraform nothing to do either", async () => {
    expect(await workspace.plan()).toEqual([]);
  });
  it("is given to a function that opts in later, as soon as that is there", async () => {
    await aws.call("lambda", "tag_resource", {
      Resource: "arn:aws:lambda:us-east-1:123456789012:function:test-other",
      Tags: TAGS,
    });
    await aws.call("lambda", "invoke", {
      FunctionName: `${LAYER}-update`,
      Payload: JSON.stringify({ functions: ["test-other"] }),
    });
    expect(await layersOf("test-other")).toEqual([arn(1)]);
    await aws.call("lambda", "untag_resource", {
      Resource: "arn:aws:lambda:us-east-1:123456789012:function:test-other",
      TagKeys: Object.keys(TAGS),
    });
  });
  it("is built anew when the package changes, and takes the place of its older version", async () => {
    const other = await aws.call("lambda", "publish_layer_version", {
      LayerName: "elsewhere",
      Content: { S3Bucket: outputs["bucket-name"], S3Key: await sourceKey() },
    });
    const last = await aws.call("lambda", "publish_layer_version", {
      LayerName: "last",
      Content: { S3Bucket: outputs["bucket-name"], S3Key: await sourceKey() },
    });
    const around = [other.LayerVersionArn, arn(1), last.LayerVersionArn];
    await aws.call("lambda", "update_function_configuration", { FunctionName: "test-user", Layers: around });
    pretend();
    writePackage(packageDir, "good day");
    await change({ permissions: { accountIds: ["210987654321"], organizationId: "o-a1b2c3d4e5" } });
    await giveOther(arn(1));
    const { status, output, cause } = await execute();
    expect(status, `${cause}\n${logs()}`).toBe("SUCCEEDED");
    expect(output.given.updated).toMatchObject({ layer_version: 2, updated_functions: ["test-user"] });
    expect(await layersOf("test-user")).toEqual([other.LayerVersionArn, arn(2), last.LayerVersionArn]);
    expect(await layersOf("test-other")).toEqual([arn(1)]); // opted in to another
  });

  const sharedWith = async (version: number): Promise<string[]> => {
    const policy = await aws
      .call("lambda", "get_layer_version_policy", { LayerName: LAYER, VersionNumber: version })
      .catch(() => undefined);
    return policy ? JSON.parse(policy.Policy).Statement.map(({ Sid }: Json) => Sid) : [];
  };
  it("may be used by those whom the settings name, every version of it, and by nobody else", async () => {
    const both = ["account-210987654321", "organization-o-a1b2c3d4e5"];
    expect((await sharedWith(1)).sort()).toEqual(both);
    expect((await sharedWith(2)).sort()).toEqual(both);
    await change({ permissions: { accountIds: ["111122223333"] } });
    expect((await execute()).status).toBe("SUCCEEDED");
    expect(await sharedWith(1)).toEqual(["account-111122223333"]);
    expect(await sharedWith(2)).toEqual(["account-111122223333"]);
  });
  it("goes back to an earlier version by its setting, until that is taken away", async () => {
    pretend();
    writePackage(packageDir, "good evening");
    await change({ version: 1 });
    const { output } = await execute();
    expect(output.published).toMatchObject({ layer_version: 3, published: true });
    expect(output.given.updated).toMatchObject({ layer_version: 1, updated_functions: ["test-user"] });
    expect((await layersOf("test-user"))[1]).toBe(arn(1));

    await change();
    expect((await execute()).output.given.updated).toMatchObject({
      layer_version: 3,
      updated_functions: ["test-user"],
    });
  });
  it("gives the version of earlier sources again when the package is put back, and builds nothing", async () => {
    const before = await buildCount();
    writePackage(packageDir, "good day");
    await change();
    expect((await execute()).output.given.updated).toMatchObject({
      layer_version: 2,
      updated_functions: ["test-user"],
    });
    expect(await buildCount()).toBe(before);
  });
  it("fails, and tells of it, when it is pinned to a version that is not there", async () => {
    await told();
    // as Terraform would be refused too, when a function opts in
    await aws.call("lambda", "update_function_configuration", {
      FunctionName: `${LAYER}-update`,
      Environment: { Variables: { LAYER_NAME: LAYER, LAYER_DIGEST: "x", PINNED_VERSION: "9", OPT_IN_TAG: "a=b" } },
    });
    const { status, cause } = await execute();
    expect(status).toBe("FAILED");
    expect(cause).toContain("there is no version 9 to which the layer is pinned; there are: 3, 2, 1");
    expect(await told()).toEqual([expect.stringContaining("no version 9")]);
  });
  it("keeps as many versions as asked, and those that functions have", async () => {
    await change({ versionsKept: 1 });
    await giveOther(arn(1));
    const { output } = await execute();
    // version 2 is the one to have, version 1 that of a function which did not opt in
    expect(output.published.deleted).toEqual([]);
    await giveOther();
    expect((await execute()).output.published.deleted).toEqual([1]);
    expect((await versions()).map(({ Version }) => Version).sort()).toEqual([2, 3]);
  });
  it("is built again by force, and published anew", async () => {
    pretend();
    await change({ forceRebuild: true });
    const { output } = await execute();
    expect(output.published).toMatchObject({ layer_version: 4, published: true });
    expect(output.given.updated).toMatchObject({ layer_version: 4, updated_functions: ["test-user"] });
  });

  describe.each(["FAILED", "FAULT", "STOPPED", "TIMED_OUT", "NEVER_HEARD_OF"])("whose build ends as %s", (end) => {
    it("publishes nothing, tells of it and fails", async () => {
      await told();
      pretend(end);
      const before = (await versions()).length;
      const { status, error, cause } = await execute();
      expect([status, error]).toEqual(["FAILED", "LayerFailed"]);
      expect(JSON.parse(cause)).toEqual({
        Error: "BuildFailed",
        Cause: expect.stringMatching(new RegExp(`^Build test-greetings:\\S+ ended as ${end}: see its log$`)),
      });
      expect(await versions()).toHaveLength(before);
      expect(await told()).toEqual([expect.stringContaining(`ended as ${end}`)]);
    });
  });
  it("fails where a build succeeded and left no archive", async () => {
    writePackage(packageDir, "broken", ["no-such-distribution-of-anybody==1.0"]);
    await change({ pythonVersions: ["3.13"] });
    pretend();
    rmSync(join(builds, "archive.zip"));
    const { status, cause } = await execute();
    expect(status).toBe("FAILED");
    expect(cause).toMatch(/FileNotFoundError.*build the layer first/);
    expect(await told()).toHaveLength(1);
  });
  it("fails where what the package needs is not to be had", async () => {
    const { status, cause } = await execute();
    expect([status, cause]).toEqual(["FAILED", expect.stringContaining("ended as FAILED")]);
    expect(logs()).toContain("no-such-distribution-of-anybody");
    expect(await told()).toHaveLength(1);
  });
  it("goes without a trace, but for the versions that it published", async () => {
    await workspace.destroy();
    expect((await aws.call("stepfunctions", "list_state_machines")).stateMachines).toEqual([]);
    expect((await versions()).length).toBeGreaterThan(0);
  });

  async function sourceKey(): Promise<string> {
    const { Contents } = await aws.call("s3", "list_objects_v2", {
      Bucket: outputs["bucket-name"],
      Prefix: "source/",
    });
    return Contents[0].Key;
  }
});

function writePackage(folder: string, greeting: string, needs: string[] = ["iniconfig==2.1.0"]): void {
  mkdirSync(join(folder, "greetings"), { recursive: true });
  writeFileSync(
    join(folder, "pyproject.toml"),
    `[build-system]
requires = ["setuptools==80.9.0"]
build-backend = "setuptools.build_meta"

[project]
name = "greetings"
version = "1.0"
requires-python = ">=3.11"
dependencies = ${JSON.stringify(needs)}
`,
  );
  writeFileSync(join(folder, "greetings", "__init__.py"), `GREETING = ${JSON.stringify(greeting)}\n`);
}

/** The layer, a function that opted in to it and one that did not. */
async function synthesized(props: Partial<LambdaLayerProps> & { packageDir: string }) {
  const outdir = mkdtempSync(join(inject("scratch"), "layer-out-"));
  const app = Testing.app({ outdir });
  const stack = new TerraformStack(app, "layer");
  new AwsProvider(stack, "aws", { region: "us-east-1" });
  const topic = new AlertTopic(stack, "topic", { prefix: "test", emails: [] });
  const layer = new LambdaLayer(stack, "layer", {
    name: LAYER,
    topic,
    pythonVersions: ["3.12", "3.13"],
    description: "Greets",
    ...props,
  });
  const entry = join(outdir, "code", "use.py");
  mkdirSync(join(outdir, "code"));
  writeFileSync(entry, "def handler(event, context):\n    return 1\n");
  new LambdaFunction(stack, "user", { name: "test-user", description: "Uses it", entry, layers: [layer] });
  new LambdaFunction(stack, "other", { name: "test-other", description: "Does not", entry });
  new TerraformOutput(stack, "machine-arn", { value: layer.stateMachineArn, staticId: true });
  new TerraformOutput(stack, "topic-arn", { value: topic.arn, staticId: true });
  new TerraformOutput(stack, "bucket-name", { value: layer.bucket.bucketName, staticId: true });
  app.synth(); // with its assets
  const source = join(outdir, "stacks", "layer");
  const text = readFileSync(join(source, "cdk.tf.json"), "utf8");
  const json = JSON.parse(
    text.replace(/\\"Seconds\\":15\b/g, '\\"Seconds\\":1').replace(/\\"BackoffRate\\":2\b/g, '\\"BackoffRate\\":1'),
  );
  json.terraform = { required_providers: { aws: AWS_PROVIDER } };
  // moto knows no conditions in a bucket's policy, and denies everything for that of TLS
  const lacks = [...MOTO_LACKS.filter(({ type }) => type === "aws_lambda_function"), { type: "aws_s3_bucket_policy" }];
  return { json: without(lacks, forMoto(json)), source };
}
