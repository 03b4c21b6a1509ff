import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { TerraformOutput, TerraformStack, Testing } from "cdktf";
import { afterAll, beforeAll, beforeEach, expect, inject, it } from "vitest";
import { AlertTopic } from "../../modules/aws/cloudwatch/alert-topic";
import { LambdaFunction } from "../../modules/aws/lambda/lambda-function";
import { ItemWorkflow, type ItemWorkflowProps } from "../../modules/aws/sfn/item-workflow";
import { AwsShell } from "../support/aws-shell";
import { executed, listenTo } from "../support/executions";
import { Moto } from "../support/moto";
import type { Json } from "../support/synth";
import { AWS_PROVIDER, Workspace } from "../support/terraform";
import { forMoto, without } from "../support/terraform-json";
import { MOTO_LACKS } from "./moto-lacks";
import { onAws } from "./stacks.fixture";

/** Gives what it is told to, or fails as it is told to. */
const LIST = `
import time


def handler(event, context):
    if event.get("do") == "fail":
        raise ValueError("no receipts today")
    if event.get("do") == "sleep":
        time.sleep(10)
    return event["answer"]
`;
/** Notes when it works on an item, and fails for some. */
const PROCESS = `
import json
import pathlib
import time
import uuid


def handler(event, context):
    name, folder = event["name"], pathlib.Path(event["folder"])
    begin = time.monotonic()
    earlier = list(folder.glob(f"{name}.*"))
    if event.get("do") == "take long":
        time.sleep(2)  # each call starts a Python, so that short ones need not meet
    (folder / f"{name}.{uuid.uuid4()}").write_text(json.dumps([begin, time.monotonic()]))
    if event.get("do") == "fail" or (event.get("do") == "fail once" and not earlier):
        raise RuntimeError(f"{name} cannot be read")
    return {"label": name.upper()}
`;
const CONCURRENCY = 2;

onAws("a workflow over items, by moto's interpreter", () => {
  let moto: Moto;
  let aws: AwsShell;
  let workspace: Workspace;
  let outputs: Record<string, string>;
  let heard: Awaited<ReturnType<typeof listenTo>>;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(inject("scratch"), "item-workflow-"));
    moto = await Moto.start({ workflows: true });
    aws = new AwsShell(moto.env);
    const { json, source } = synthesized(folder);
    // here moto does what it lacks for state machines
    const lacks = MOTO_LACKS.filter(({ type }) => type === "aws_lambda_function");
    workspace = await Workspace.of("item-workflow", without(lacks, forMoto(json)), { source, env: moto.env });
    await workspace.apply();
    outputs = Object.fromEntries(
      Object.entries(await workspace.outputs()).map(([name, { value }]) => [name, String(value)]),
    );
    heard = await listenTo(aws, outputs["topic-arn"] as string);
  });
  afterAll(async () => {
    aws?.end();
    await moto?.stop();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(inject("scratch"), "items-"));
  });

  /** Runs a state machine to its end. */
  const run = (machine: string, input: object) => executed(aws, outputs[`${machine}-arn`] as string, input, 300_000);
  /** What the topic was told since the last look. */
  const told = async () => (await heard()).map(({ Subject, Message }) => [Subject, Message]);
  const items = (...all: [name: string, doing?: string][]) =>
    all.map(([name, doing]) => ({ name, folder, ...(doing && { do: doing }) }));
  const callsOf = (name: string) => readdirSync(folder).filter((file) => file.startsWith(`${name}.`));

  it("has nothing left to do after it was applied", async () => {
    expect(await workspace.plan()).toEqual([]);
  });
  it("gives the results in order, and works on no more at a time than it may", async () => {
    const five = ["a", "b", "c", "d", "e"].map((name): [string, string] => [name, "take long"]);
    const { status, output } = await run("short", { answer: { receipts: items(...five) } });
    expect(status).toBe("SUCCEEDED");
    expect(output).toEqual({
      results: ["A", "B", "C", "D", "E"].map((label) => ({ result: { label } })),
      failed: 0,
    });
    const spans = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")));
    expect(spans).toHaveLength(5);
    const atOnce = spans.map(([begin]) => spans.filter(([from, to]) => from <= begin && begin < to).length);
    expect(Math.max(...atOnce)).toBe(CONCURRENCY);
    expect(await told()).toEqual([]);
  });
  it("tries again what fails once", async () => {
    const { output } = await run("short", { answer: { receipts: items(["a", "fail once"]) } });
    expect(output).toEqual({ results: [{ result: { label: "A" } }], failed: 0 });
    expect(callsOf("a")).toHaveLength(2);
  });
  it.each([
    [1, [["b", "fail"]]],
    [
      2,
      [
        ["b", "fail"],
        ["d", "fail"],
      ],
    ],
  ] as [number, [string, string][]][])("goes on when %i of the items fail, and tells of it", async (failed, bad) => {
    const all: [string, string?][] = [["a"], ...bad, ["c"]];
    const { status, output } = await run("short", { answer: { receipts: items(...all) } });
    expect(status).toBe("SUCCEEDED");
    expect(output.failed).toBe(failed);
    expect(output.results.map((result: Json) => "error" in result)).toEqual([false, ...bad.map(() => true), false]);
    expect(output.results[1]).toEqual({
      item: { name: "b", folder, do: "fail" },
      error: { Error: "RuntimeError", Cause: expect.stringContaining("b cannot be read") },
    });
    expect(callsOf("b")).toHaveLength(2); // retried once
    const [[subject, message] = [], ...more] = await told();
    expect(subject).toBe("test-short: items failed");
    expect(message).toMatch(new RegExp(`^${failed} items failed\\. See execution arn:aws:states:`));
    expect(more).toEqual([]);
  });
  it("ends well with no items", async () => {
    const { status, output } = await run("short", { answer: { receipts: [] } });
    expect([status, output]).toEqual(["SUCCEEDED", { results: [], failed: 0 }]);
    expect(await told()).toEqual([]);
  });
  it("processes items of any kind", async () => {
    const { status, output } = await run("short", { answer: { receipts: [null, 5, "text", [1]] } });
    expect(status).toBe("SUCCEEDED");
    expect(output.results.map(({ item }: Json) => item)).toEqual([null, 5, "text", [1]]);
    expect(await told()).toHaveLength(1);
  });
  it("tells why, then fails, when the list does", async () => {
    const { status, error, cause } = await run("short", { do: "fail" });
    expect([status, error]).toEqual(["FAILED", "ItemWorkflowFailed"]);
    expect(JSON.parse(cause)).toEqual({ Error: "ValueError", Cause: expect.stringContaining("no receipts today") });
    const [[subject, message] = [], ...more] = await told();
    expect(subject).toBe("test-short failed");
    expect(message).toContain("no receipts today");
    expect(message).toContain("See execution arn:aws:states:");
    expect(more).toEqual([]);
  });
  it.each([
    [{ statusCode: 500 }],
    [{ receipts: "a" }],
    [{ receipts: null }],
    [{ receipts: 5 }],
    [{ receipts: true }],
    ["text"],
    [null],
    [[]],
  ])("takes %j for no list, and fails", async (answer) => {
    const { status, cause } = await run("short", { answer });
    expect([status, JSON.parse(cause).Error]).toEqual(["FAILED", "NoList"]);
    expect((await told()).map(([, message]) => message)).toEqual([expect.stringContaining('{\\"receipts\\": [...]}')]);
  });
  it("fails with what went wrong even when nobody can be told", async () => {
    const { status, cause } = await run("impatient", { do: "sleep" });
    expect([status, JSON.parse(cause).Error]).toEqual(["FAILED", "States.Timeout"]);
    expect(await told()).toEqual([]);
  });

  async function put(key: string, ...all: Parameters<typeof items>): Promise<void> {
    const file = join(folder, "list");
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, JSON.stringify(items(...all)));
    const Body = readFileSync(file, "utf8");
    await aws.call("s3", "put_object", { Bucket: outputs["bucket-name"], Key: key, Body });
  }
  it("reads a long list from S3, and writes where the results are", async () => {
    await put("lists/a.json", ["a"], ["b"], ["c"]);
    const { status, output } = await run("long", { answer: { items: "lists/a.json" } });
    expect(status).toBe("SUCCEEDED");
    expect(output).toMatchObject({ failed: 0, mapRunArn: expect.stringContaining(":mapRun:test-long/Items:") });
    for (const name of ["a", "b", "c"]) expect(callsOf(name)).toHaveLength(1);
    const { Contents } = await aws.call("s3", "list_objects_v2", {
      Bucket: outputs["bucket-name"],
      Prefix: "results/",
    });
    expect(Contents.map(({ Key }: Json) => Key)).toEqual([expect.stringMatching(/^results\/.+\/manifest\.json$/)]);
    expect(await told()).toEqual([]);
  });
  it("tells of items of a long list that failed; moto knows no share that may not", async () => {
    await put("lists/b.json", ["a"], ["b", "fail"]);
    const { status, output } = await run("long", { answer: { items: "lists/b.json" } });
    expect([status, output.failed]).toEqual(["SUCCEEDED", 1]);
    expect((await told()).map(([subject]) => subject)).toEqual(["test-long: items failed"]);
  });
  it("fails, and tells of it, when a long list is not there", async () => {
    const { status, cause } = await run("long", { answer: { items: "lists/none.json" } });
    expect(status).toBe("FAILED");
    expect(cause).toContain("NoSuchKey");
    expect(await told()).toHaveLength(1);
  });
  it("ends well when there is no long list", async () => {
    const { status, output } = await run("long", { answer: { items: null } });
    expect([status, output]).toEqual(["SUCCEEDED", { failed: 0 }]);
  });
  it("takes a list in the answer for no long list", async () => {
    const { status, cause } = await run("long", { answer: { items: [] } });
    expect([status, JSON.parse(cause).Error]).toEqual(["FAILED", "NoList"]);
    expect(await told()).toHaveLength(1);
  });
  it("goes without a trace", async () => {
    await workspace.destroy();
    const { stateMachines } = await aws.call("stepfunctions", "list_state_machines");
    expect(stateMachines).toEqual([]);
  });
});

/** Three workflows on the same functions: one of short lists, one of long ones, one that waits for little and can tell nobody. */
function synthesized(scratch: string): { json: Json; source: string } {
  const outdir = join(scratch, "out");
  const app = Testing.app({ outdir });
  const stack = new TerraformStack(app, "workflow");
  new AwsProvider(stack, "aws", { region: "us-east-1" });
  const program = (name: string, text: string) => {
    const own = join(scratch, name);
    if (!existsSync(own)) mkdirSync(own);
    writeFileSync(join(own, `${name}.py`), text);
    return new LambdaFunction(stack, name, { name: `test-${name}`, description: name, entry: join(own, `${name}.py`) });
  };
  const common = {
    list: program("list", LIST),
    process: program("process", PROCESS),
    topic: new AlertTopic(stack, "topic", { prefix: "test", emails: [] }),
    concurrency: CONCURRENCY,
    retry: { attempts: 1, intervalSeconds: 1, maxDelaySeconds: 2 },
  };
  const workflow = (key: string, some: Partial<ItemWorkflowProps>) => {
    const made = new ItemWorkflow(stack, key, { ...common, name: `test-${key}`, description: key, ...some });
    new TerraformOutput(stack, `${key}-arn`, { value: made.stateMachineArn, staticId: true });
  };
  const bucket = new S3Bucket(stack, "bucket", { bucketPrefix: "lists-", forceDestroy: true });
  const longList = { bucket: { bucketName: bucket.bucket, bucketArn: bucket.arn }, toleratedFailurePercent: 0.5 }; // moto reads fractions only
  workflow("short", { itemsKey: "receipts", alarmTopicArns: [common.topic.arn] });
  workflow("long", { longList });
  workflow("impatient", {
    topic: { arn: "arn:aws:sns:us-east-1:123456789012:gone" },
    listTimeoutSeconds: 3,
  });
  new TerraformOutput(stack, "topic-arn", { value: common.topic.arn, staticId: true });
  new TerraformOutput(stack, "bucket-name", { value: bucket.bucket, staticId: true });
  app.synth(); // with its assets
  const source = join(outdir, "stacks", "workflow");
  const json = JSON.parse(readFileSync(join(source, "cdk.tf.json"), "utf8"));
  json.terraform = { required_providers: { aws: AWS_PROVIDER } };
  return { json, source };
}
