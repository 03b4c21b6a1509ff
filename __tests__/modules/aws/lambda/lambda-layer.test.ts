import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { CodebuildProject } from "@cdktf/provider-aws/lib/codebuild-project";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { LambdaFunction as AwsLambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import { TerraformStack, Testing } from "cdktf";
import { afterAll, describe, expect, it } from "vitest";
import { LambdaLayer, type LambdaLayerProps } from "../../../../modules/aws/lambda/lambda-layer";
import { type BadInput, rejects } from "../../../support/bad-input";
import { type Json, read, refTo, synth } from "../../../support/synth";

const folder = mkdtempSync(join(tmpdir(), "lambda-layer-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (path: string, text: string) => {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), text);
};
file("greetings/pyproject.toml", '[project]\nname = "greetings"\n');
file("greetings/greetings/__init__.py", "GREETING = 1\n");
file("no-python/pyproject.toml", '[project]\nname = "none"\n');
file("no-project/a.py", "");
const PACKAGE = join(folder, "greetings");
const KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const TOPIC = { arn: "arn:aws:sns:us-east-1:111122223333:alerts" };
const MINIMAL: LambdaLayerProps = { name: "dev-greetings", packageDir: PACKAGE };

const build = (props: Partial<LambdaLayerProps> = {}, use: (made: LambdaLayer) => void = () => {}) =>
  synth((stack) => use(new LambdaLayer(stack, "layer", { ...MINIMAL, ...props })));
/** Files of a zip in which nothing is compressed. */
function entries(zip: Buffer): Record<string, Buffer> {
  const found: Record<string, Buffer> = {};
  for (let at = 0; zip.readUInt32LE(at) === 0x04034b50; ) {
    const name = at + 30;
    const bytes = name + zip.readUInt16LE(at + 26) + zip.readUInt16LE(at + 28);
    const end = bytes + zip.readUInt32LE(at + 18);
    found[zip.toString("utf8", name, name + zip.readUInt16LE(at + 26))] = zip.subarray(bytes, end);
    at = end;
  }
  return found;
}
type Stack = ReturnType<typeof build>;
const worker = (stack: Stack, name: string): Json =>
  stack.all(AwsLambdaFunction).find(({ function_name }) => function_name === `dev-greetings-${name}`);
const variables = (stack: Stack, name: string) => worker(stack, name).environment.variables;
const run = (stack: Stack) => stack.one(SchedulerSchedule).name;
const statements = (stack: Stack): Json[] =>
  stack.all(IamRolePolicy).flatMap(({ policy }) => JSON.parse(policy).Statement);

it("tells functions how they opt in, and for what it is built", () => {
  const stack = build({ pythonVersions: ["3.11", "3.13"], architectures: ["arm64"] }, (layer) => {
    expect(layer.layerName).toBe("dev-greetings");
    expect(layer.optIn).toEqual({ "layer:dev-greetings": "newest" });
    expect(layer.runtimes).toEqual(["python3.11", "python3.13"]);
    expect(layer.architectures).toEqual(["arm64"]);
  });
  expect(variables(stack, "update")).toMatchObject({
    LAYER_NAME: "dev-greetings",
    OPT_IN_TAG: "layer:dev-greetings=newest",
  });
  expect(variables(stack, "publish")).toMatchObject({
    COMPATIBLE_RUNTIMES: "python3.11,python3.13",
    COMPATIBLE_ARCHITECTURES: "arm64",
    VERSIONS_KEPT: "5",
    ACCOUNT_IDS: "",
  });
  for (const name of ["publish", "update"]) expect(variables(stack, name)).not.toHaveProperty("PINNED_VERSION");
  expect(stack.one(CodebuildProject).environment.environment_variable).toEqual(
    expect.arrayContaining([
      { name: "PYTHON_VERSIONS", value: "3.11 3.13" },
      { name: "ARCHITECTURES", value: "aarch64" },
    ]),
  );
});
it("is for the Python of functions and both architectures by default", () => {
  build({}, (layer) => {
    expect(layer.runtimes).toEqual(["python3.13"]);
    expect(layer.architectures).toEqual(["arm64", "x86_64"]);
  });
});
it("is built on Amazon Linux 2023, without privileges, by the script among its sources", () => {
  const project = build().one(CodebuildProject);
  expect(project.environment).toMatchObject({
    image: "aws/codebuild/amazonlinux-x86_64-standard:5.0",
    privileged_mode: false,
  });
  expect(JSON.parse(project.source.buildspec)).toEqual({
    version: "0.2",
    phases: { build: { commands: ["bash build.sh"] } },
  });
});
it("has sources whose digest covers the package, the settings and the script that builds it", () => {
  const outdir = join(folder, "out");
  const app = Testing.app({ outdir });
  const stack = new TerraformStack(app, "test");
  new AwsProvider(stack, "aws", { region: "us-east-1" });
  new LambdaLayer(stack, "layer", MINIMAL);
  app.synth(); // with its assets
  const { key, source } = read(readFileSync(join(outdir, "stacks", "test", "cdk.tf.json"), "utf8")).one(S3Object);
  const sources = entries(readFileSync(join(outdir, "stacks", "test", source)));
  expect(Object.keys(sources)).toEqual([
    "build.sh",
    "layer.json",
    "package/greetings/__init__.py",
    "package/pyproject.toml",
  ]);
  expect(sources["build.sh"]).toEqual(readFileSync("assets/lambda-layer/build.sh"));
  expect(JSON.parse(String(sources["layer.json"]))).toEqual({
    pythonVersions: ["3.13"],
    architectures: ["arm64", "x86_64"],
  });
  const hash = createHash("sha256");
  for (const [path, bytes] of Object.entries(sources)) hash.update(`${path}\0-\0${bytes.length}\0`).update(bytes);
  expect(key).toBe(`source/${hash.digest("hex").slice(0, 16)}.zip`);
});
it("is built on its architecture where there is one, so that pip takes what a package needs there", () => {
  const image = (architecture: "arm64" | "x86_64") =>
    build({ architectures: [architecture] }).one(CodebuildProject).environment.image;
  expect(image("arm64")).toBe("aws/codebuild/amazonlinux-aarch64-standard:3.0");
  expect(image("x86_64")).toBe("aws/codebuild/amazonlinux-x86_64-standard:5.0");
});
it("keeps sources and archives in a private bucket that goes with it", () => {
  const stack = build({ kmsKeyArn: KEY });
  expect(stack.one(S3Bucket)).toEqual({ bucket_prefix: "dev-greetings-layer-", force_destroy: true });
  expect(stack.one(S3Object).key).toMatch(/^source\/[0-9a-f]{16}\.zip$/);
  expect(statements(stack).filter(({ Resource }) => Resource === KEY)).toHaveLength(2);
});

describe("a run", () => {
  it("is started by a schedule, at once and then daily", () => {
    expect(build().one(SchedulerSchedule)).toMatchObject({
      name: expect.stringMatching(/^dev-greetings-[0-9a-f]{16}$/),
      schedule_expression: "rate(1 day)",
      target: { arn: refTo(SfnStateMachine, "arn"), input: "{}" },
    });
  });
  it("is the same for the same package, and another one when the package changes", () => {
    const first = build();
    expect(build().json).toBe(first.json);
    const other = join(folder, "other");
    cpSync(PACKAGE, other, { recursive: true });
    expect(build({ packageDir: other }).one(S3Object).key).toBe(first.one(S3Object).key);
    file("other/greetings/__init__.py", "GREETING = 2\n");
    const changed = build({ packageDir: other });
    expect(changed.one(S3Object).key).not.toBe(first.one(S3Object).key);
    expect(run(changed)).not.toBe(run(first));
  });
  it.each<[Partial<LambdaLayerProps>, boolean]>([
    [{ pythonVersions: ["3.12", "3.13"] }, true],
    [{ architectures: ["arm64"] }, true],
    [{ forceRebuild: true }, false],
    [{ version: 3 }, false],
    [{ versionsKept: 6 }, false],
    [{ permissions: { accountIds: ["111122223333"] } }, false],
  ])("is another one with %j; whether of other sources: %s", (props, otherSources) => {
    expect(run(build(props))).not.toBe(run(build()));
    expect(build(props).one(S3Object).key !== build().one(S3Object).key).toBe(otherSources);
  });
  it("builds by force, which twice is the same", () => {
    const forced = build({ forceRebuild: true });
    expect(JSON.parse(forced.one(SfnStateMachine).definition).StartAt).toBe("Build");
    expect(build({ forceRebuild: true }).json).toBe(forced.json);
  });
  it("may take as long as its build and its functions with all their tries", () => {
    const settings = { codebuild: { timeoutMinutes: 10, queuedTimeoutMinutes: 5 }, update: { timeoutSeconds: 900 } };
    const { TimeoutSeconds } = JSON.parse(build(settings).one(SfnStateMachine).definition);
    expect(TimeoutSeconds).toBe(15 * 60 + 8 * 900 + 600);
  });
});

it("gives a pinned version, shares versions and keeps as many as asked", () => {
  const permissions = { accountIds: ["111122223333", "444455556666"], organizationId: "o-a1b2c3d4e5" };
  const stack = build({ version: 2, versionsKept: 1, permissions });
  expect(variables(stack, "update").PINNED_VERSION).toBe("2");
  expect(variables(stack, "publish")).toMatchObject({
    PINNED_VERSION: "2",
    VERSIONS_KEPT: "1",
    ACCOUNT_IDS: "111122223333,444455556666",
    ORGANIZATION_ID: "o-a1b2c3d4e5",
  });
});
it("changes functions that opted in, and no other", () => {
  const change = statements(build()).filter(({ Action }) => Action.includes("lambda:UpdateFunctionConfiguration"));
  expect(change).toEqual([
    expect.objectContaining({
      Condition: { StringEquals: { "aws:ResourceTag/layer:dev-greetings": "newest" } },
    }),
  ]);
});
it("may publish versions of its own layer, and of no other", () => {
  const publish = statements(build()).filter(({ Action }) => Action.includes("lambda:PublishLayerVersion"));
  expect(publish).toEqual([expect.objectContaining({ Resource: expect.stringMatching(/:layer:dev-greetings$/) })]);
});
it("has alarms where it has a topic", () => {
  expect(build().all(CloudwatchMetricAlarm)).toEqual([]);
  const names = build({ topic: TOPIC })
    .all(CloudwatchMetricAlarm)
    .map(({ alarm_name }) => alarm_name);
  expect(names.filter((name) => /-(failed|timed-out|aborted|throttled|errors|dead-letters)$/.test(name))).toHaveLength(
    9,
  );
  expect(new Set(names).size).toBe(9);
});
it("keeps logs as long as asked, under a key", () => {
  const stack = build({ logRetentionDays: 7, logKmsKeyArn: KEY, codebuild: { logRetentionDays: 3 } });
  const days = Object.fromEntries(
    Object.values<Json>(stack.parsed.resource.aws_cloudwatch_log_group).map((group) => [
      group.name,
      group.retention_in_days,
    ]),
  );
  expect(days).toEqual({
    "/aws/codebuild/dev-greetings": 3,
    "/aws/lambda/dev-greetings-publish": 7,
    "/aws/lambda/dev-greetings-update": 7,
    "/aws/vendedlogs/states/dev-greetings-runs": 7,
  });
});
it.each<Partial<LambdaLayerProps>>([
  { name: "ab" },
  { name: "x".repeat(50) },
  { pythonVersions: ["3.11", "3.12", "3.13"] },
  { architectures: ["x86_64"] },
  { description: "x".repeat(134) },
  { versionsKept: 1 },
  { versionsKept: 100 },
  { version: 1 },
  { update: { timeoutSeconds: 10, memory: 128 } },
  { update: { timeoutSeconds: 900, memory: 10_240 } },
])("takes %j", (props) => {
  expect(build(props).all(SfnStateMachine)).toHaveLength(1);
});

const rows: BadInput<Record<string, unknown>>[] = [
  ["name", { name: "a" }, "at least 2"],
  ["name", { name: "Greetings" }, "lower-case"],
  ["name", { name: "x".repeat(51) }, "at most 50", "51"],
  ["packageDir", { packageDir: join(folder, "none") }, "does not exist"],
  ["packageDir", { packageDir: join(folder, "no-python") }, "must hold Python files"],
  ["packageDir", { packageDir: join(folder, "no-project") }, "must hold a pyproject.toml"],
  ["pythonVersions", { pythonVersions: [] }, "at least 1"],
  ["pythonVersions", { pythonVersions: ["3.13", "3.13"] }, "must not name one twice"],
  ["pythonVersions.0", { pythonVersions: ["3.9"] }, "3.11, 3.12, 3.13", "3.9"],
  ["architectures", { architectures: [] }, "at least 1"],
  ["architectures.0", { architectures: ["arm"] }, "arm64, x86_64"],
  ["description", { description: "x".repeat(135) }, "at most 134", "135"],
  ["versionsKept", { versionsKept: 0 }, "at least 1"],
  ["versionsKept", { versionsKept: 101 }, "at most 100"],
  ["version", { version: 0 }, "at least 1"],
  ["permissions.accountIds.0", { permissions: { accountIds: ["1"] } }, "12 digits"],
  ["permissions.accountIds", { permissions: { accountIds: ["111122223333", "111122223333"] } }, "twice"],
  ["permissions.organizationId", { permissions: { organizationId: "mine" } }, "o-a1b2c3d4e5"],
  ["update.timeoutSeconds", { update: { timeoutSeconds: 9 } }, "at least 10"],
  ["update.timeoutSeconds", { update: { timeoutSeconds: 901 } }, "at most 900"],
  ["update.memory", { update: { memory: 127 } }, "at least 128"],
  ["update.memory", { update: { memory: 10_241 } }, "at most 10240"],
  ["kmsKeyArn", { kmsKeyArn: "alias/a" }, "ARN of a KMS key"],
  ["codebuild.timeoutMinutes", { codebuild: { timeoutMinutes: 4 } }, "at least 5"],
  ["codebuild.alertTopicArn", { codebuild: { alertTopicArn: TOPIC.arn } }, "alertTopicArn"],
  ["topic", { topic: TOPIC.arn }, "must be an AlertTopic"],
  ["logRetentionDays", { logRetentionDays: 2 }, "got 2"],
];
rejects(
  "test/layer",
  rows,
  (scope, props) => new LambdaLayer(scope, "layer", { ...MINIMAL, ...props } as LambdaLayerProps),
);
