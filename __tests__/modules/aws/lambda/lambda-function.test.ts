import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { LambdaFunction as AwsLambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaInvocation } from "@cdktf/provider-aws/lib/lambda-invocation";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { afterAll, expect, it } from "vitest";
import { LambdaFunction, type LambdaFunctionProps } from "../../../../modules/aws/lambda/lambda-function";
import { type BadInput, rejects } from "../../../support/bad-input";
import { refTo, synth } from "../../../support/synth";

const folder = mkdtempSync(join(tmpdir(), "lambda-function-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const PYTHON = file("sweep.py", "def handler(event, context):\n    return 1\n");
const TYPESCRIPT = file("sweep.ts", "export const handler = async () => 1;\n");
const KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts";
const MINIMAL = { name: "dev-sweep", description: "Sweeps", entry: PYTHON };

const build = (props: Partial<LambdaFunctionProps> = {}, use: (made: LambdaFunction) => void = () => {}) =>
  synth((stack) => use(new LambdaFunction(stack, "function", { ...MINIMAL, ...props })));
const statements = (stack: ReturnType<typeof build>, name: string) =>
  JSON.parse(stack.all(IamRolePolicy).find((policy) => policy.name === name)?.policy ?? '{"Statement":[]}').Statement;

it("runs the handler of a Python file, with the name, log group, role and queue that it has", () => {
  const stack = build();
  expect(stack.one(AwsLambdaFunction)).toEqual({
    function_name: "dev-sweep",
    description: "Sweeps",
    role: refTo(IamRole, "arn"),
    runtime: "python3.13",
    handler: "sweep.handler",
    architectures: ["arm64"],
    filename: expect.stringMatching(/^assets\/.*\/sweep\.zip$/),
    source_code_hash: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
    timeout: 60,
    memory_size: 256,
    tracing_config: { mode: "Active" },
    dead_letter_config: { target_arn: refTo(SqsQueue, "arn") },
    logging_config: { log_format: "JSON", log_group: refTo(CloudwatchLogGroup, "name") },
    depends_on: [expect.stringMatching(/^aws_iam_role_policy\./)],
  });
  expect(stack.one(CloudwatchLogGroup)).toEqual({ name: "/aws/lambda/dev-sweep", retention_in_days: 30 });
  expect(stack.one(SqsQueue)).toEqual({
    name: "dev-sweep-dead-letters",
    message_retention_seconds: 1_209_600,
    sqs_managed_sse_enabled: true,
  });
  expect(JSON.parse(stack.one(IamRole).assume_role_policy).Statement).toEqual([
    { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: ["sts:AssumeRole"] },
  ]);
  expect(stack.all(CloudwatchMetricAlarm)).toEqual([]);
});
it("runs a TypeScript file too, bundled to one module", () => {
  const made = build({ entry: TYPESCRIPT }).one(AwsLambdaFunction);
  expect(made).toMatchObject({ runtime: "nodejs22.x", handler: "sweep.handler" });
});
it("is deployed anew when its program changes, and only then", () => {
  const hash = () => build().one(AwsLambdaFunction).source_code_hash;
  const first = hash();
  expect(hash()).toBe(first);
  writeFileSync(PYTHON, "def handler(event, context):\n    return 2\n");
  expect(hash()).not.toBe(first);
});
it("tells the digest of its zip as AWS does", () => {
  const { source_code_hash: hash, filename } = build().one(AwsLambdaFunction);
  const zip = readFileSync(join("node_modules", ".cache", "code-assets", filename.split("/").at(-2), "sweep.zip"));
  expect(createHash("sha256").update(zip).digest("base64")).toBe(hash);
});
it("may write its logs and traces and leave its dead letters, and do what it is told", () => {
  const work = { Sid: "Work", Action: "ecs:ListTasks", Resource: "*" };
  const stack = build({ statements: [work] });
  expect(statements(stack, "run")).toEqual([
    {
      Effect: "Allow",
      Sid: "Logs",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.[\w-]+\.arn\}:\*$/),
    },
    { Effect: "Allow", Sid: "DeadLetters", Action: "sqs:SendMessage", Resource: refTo(SqsQueue, "arn") },
    {
      Effect: "Allow",
      Sid: "Traces",
      Action: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
      Resource: "*",
    },
  ]);
  expect(statements(stack, "work")).toEqual([{ Effect: "Allow", ...work }]);
});
it("is not traced where asked, and may not write traces then", () => {
  const stack = build({ tracing: false });
  expect(stack.one(AwsLambdaFunction).tracing_config).toEqual({ mode: "PassThrough" });
  expect(JSON.stringify(statements(stack, "run"))).not.toContain("xray");
});
it.each([
  [{ timeoutSeconds: 1 }, { timeout: 1 }],
  [{ timeoutSeconds: 900 }, { timeout: 900 }],
  [{ memory: 128 }, { memory_size: 128 }],
  [{ memory: 10_240 }, { memory_size: 10_240 }],
  [{ environment: { A1: "b", C2: "" } }, { environment: { variables: { A1: "b", C2: "" } } }],
  [{ environment: { A1: "x".repeat(4087) } }, {}],
  [{ name: "x".repeat(64) }, { function_name: "x".repeat(64) }],
  [{ description: "x".repeat(256) }, {}],
])("takes %j", (props, expected) => {
  expect(build(props).one(AwsLambdaFunction)).toMatchObject(expected);
});
it("keeps its logs as long as asked, under a key", () => {
  const logs = build({ logRetentionDays: 7, logKmsKeyArn: KEY }).one(CloudwatchLogGroup);
  expect(logs).toMatchObject({ retention_in_days: 7, kms_key_id: KEY });
});
it("tells topics of failed calls and of dead letters", () => {
  const alarms = build({ alarmTopicArns: [TOPIC] }).all(CloudwatchMetricAlarm);
  const common = {
    comparison_operator: "GreaterThanThreshold",
    threshold: 0,
    period: 300,
    evaluation_periods: 1,
    treat_missing_data: "notBreaching",
    alarm_actions: [TOPIC],
    ok_actions: [TOPIC],
  };
  expect(alarms).toHaveLength(2);
  expect(alarms).toContainEqual(
    expect.objectContaining({
      ...common,
      alarm_name: "dev-sweep-errors",
      namespace: "AWS/Lambda",
      metric_name: "Errors",
      statistic: "Sum",
      dimensions: { FunctionName: refTo(AwsLambdaFunction, "function_name") },
    }),
  );
  expect(alarms).toContainEqual(
    expect.objectContaining({
      ...common,
      alarm_name: "dev-sweep-dead-letters",
      namespace: "AWS/SQS",
      metric_name: "ApproximateNumberOfMessagesVisible",
      statistic: "Maximum",
      dimensions: { QueueName: refTo(SqsQueue, "name") },
    }),
  );
});
it("keeps no dead letters where its callers wait, and tells of calls that were refused", () => {
  const stack = build({ deadLetters: false, alarmTopicArns: [TOPIC] });
  expect(stack.all(SqsQueue)).toEqual([]);
  expect(stack.one(AwsLambdaFunction)).not.toHaveProperty("dead_letter_config");
  expect(JSON.stringify(statements(stack, "run"))).not.toContain("sqs");
  const metrics = stack.all(CloudwatchMetricAlarm).map(({ alarm_name, metric_name }) => [alarm_name, metric_name]);
  expect(metrics.sort()).toEqual([
    ["dev-sweep-errors", "Errors"],
    ["dev-sweep-throttles", "Throttles"],
  ]);
  expect(() => build({ deadLetters: false }, (made) => made.deadLetterQueueUrl)).toThrow("deadLetters: must be on");
  expect(() =>
    build({ deadLetters: false }, (made) => made.onEvent("one", "One", { source: ["aws.ec2"] }, { keep: true })),
  ).toThrow("deadLetters: must be on");
});
it("is called by events and on schedules, each by a rule that alone may call it for that", () => {
  const stack = build({}, (made) => {
    made.onEvent("tasks", "A task", { source: ["aws.ecs"] });
    made.onSchedule("nightly", "Every night", "cron(0 3 * * ? *)");
  });
  expect(stack.all(CloudwatchEventRule)).toEqual([
    { name: "dev-sweep-nightly", description: "Every night", schedule_expression: "cron(0 3 * * ? *)" },
    { name: "dev-sweep-tasks", description: "A task", event_pattern: '{"source":["aws.ecs"]}' },
  ]);
  const rules = Object.keys(stack.byId(CloudwatchEventRule)).map((name) => `\${aws_cloudwatch_event_rule.${name}.arn}`);
  expect(
    stack
      .all(LambdaPermission)
      .map((permission) => permission.source_arn)
      .sort(),
  ).toEqual(rules.sort());
  for (const permission of stack.all(LambdaPermission)) {
    expect(permission).toMatchObject({ action: "lambda:InvokeFunction", principal: "events.amazonaws.com" });
  }
  expect(stack.all(CloudwatchEventTarget)).toHaveLength(2);
  for (const target of stack.all(CloudwatchEventTarget)) {
    expect(target.arn).toEqual(refTo(AwsLambdaFunction, "arn"));
    expect(target.depends_on).toEqual([expect.stringMatching(/^aws_lambda_permission\./)]);
  }
});

it("runs a module of a package, deployed with the folder around it", () => {
  mkdirSync(join(folder, "src", "package", "deep"), { recursive: true });
  file("src/package/__init__.py", "");
  const entry = file("src/package/deep/module.py", "def handler(event, context):\n    return 1\n");
  const { handler, filename } = build({ entry, folder: join(folder, "src") }).one(AwsLambdaFunction);
  expect(handler).toBe("package.deep.module.handler");
  const zip = readFileSync(join("node_modules", ".cache", "code-assets", filename.split("/").at(-2), "module.zip"));
  expect(zip.includes("package/deep/module.py")).toBe(true);
  expect(zip.includes("package/__init__.py")).toBe(true);
});
it("keeps the events that were not handed over, of the rules that ask for it", () => {
  const stack = build({}, (made) => {
    made.onEvent("plain", "Plain", { source: ["aws.ecs"] });
    made.onEvent("one", "One", { source: ["aws.ec2"] }, { keep: true });
    made.onEvent("two", "Two", { source: ["aws.ec2"] }, { keep: true });
  });
  const kept = stack.all(CloudwatchEventTarget).filter((target) => target.dead_letter_config);
  expect(kept).toHaveLength(2);
  for (const target of kept) {
    expect(target.dead_letter_config).toEqual({ arn: refTo(SqsQueue, "arn") });
    expect(target.depends_on).toEqual([
      expect.stringMatching(/^aws_lambda_permission\./),
      expect.stringMatching(/^aws_sqs_queue_policy\./),
    ]);
  }
  const { queue_url, policy } = stack.one(SqsQueuePolicy);
  expect(queue_url).toEqual(refTo(SqsQueue, "url"));
  const [events, deny] = JSON.parse(policy).Statement;
  expect(events).toEqual({
    Sid: "Events",
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: refTo(SqsQueue, "arn"),
    Condition: { ArnEquals: { "aws:SourceArn": kept.map(({ rule }) => rule.replace(".name}", ".arn}")) } },
  });
  expect(deny).toMatchObject({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } });
});

/** Layer of a name, for the kind of function that there is here. */
const layer = (name: string, more: object = {}) => ({
  layerName: `dev-${name}`,
  optIn: { [`layer:dev-${name}`]: "newest" },
  runtimes: ["python3.12", "python3.13"],
  architectures: ["arm64", "x86_64"],
  updateFunctionName: `dev-${name}-update`,
  ...more,
});

it("opts in to layers by tags, leaves their versions to them, and asks each for its own at once", () => {
  const stack = build({ layers: [layer("receipts"), layer("extras")] });
  expect(stack.one(AwsLambdaFunction)).toMatchObject({
    tags: { "layer:dev-receipts": "newest", "layer:dev-extras": "newest" },
    lifecycle: { ignore_changes: ["layers"] },
  });
  expect(stack.one(AwsLambdaFunction)).not.toHaveProperty("layers");
  const asked = stack.all(LambdaInvocation).sort((a, b) => (a.function_name < b.function_name ? -1 : 1));
  const own = Object.keys(stack.byId(AwsLambdaFunction))[0];
  expect(asked).toEqual(
    ["dev-extras-update", "dev-receipts-update"].map((function_name) => ({
      function_name,
      input: JSON.stringify({ functions: [`\${aws_lambda_function.${own}.function_name}`] }),
    })),
  );
});
it("has neither tags nor a lifecycle without layers", () => {
  const made = build().one(AwsLambdaFunction);
  expect(made).not.toHaveProperty("tags");
  expect(made).not.toHaveProperty("lifecycle");
});

const rows: BadInput<Record<string, unknown>>[] = [
  ["name", { name: "" }, "letters, digits, hyphens and underscores", '""'],
  ["name", { name: "a b" }, "letters, digits, hyphens and underscores"],
  ["name", { name: "x".repeat(65) }, "at most 64", "65"],
  ["description", { description: "x".repeat(257) }, "at most 256", "257"],
  ["entry", { entry: "sweep.js" }, "TypeScript or Python", '"sweep.js"'],
  ["entry", { entry: join(folder, "none", "sweep.py") }, "must be an existing file", "none"],
  ["folder", { folder: join(folder, "elsewhere") }, "must hold the Python file", "elsewhere"],
  ["folder", { entry: TYPESCRIPT, folder }, "must hold the Python file", "sweep.ts"],
  ["environment.1a", { environment: { "1a": "b" } }, "a letter first"],
  ["environment.AWS_REGION", { environment: { AWS_REGION: "eu-west-1" } }, "since Lambda sets it"],
  ["environment.LAMBDA_TASK_ROOT", { environment: { LAMBDA_TASK_ROOT: "/" } }, "since Lambda sets it"],
  ["environment", { environment: { A1: "x".repeat(4088) } }, "at most 4096 bytes", "4097"],
  ["statements.0.Resource", { statements: [{ Action: "ecs:ListTasks" }] }, "is required"],
  ["layers.0", { layers: ["receipts"] }, "must be a LambdaLayer", '"receipts"'],
  ["layers.0.layerName", { layers: [layer("a", { layerName: "" })] }, "at least 1"],
  ["layers", { layers: [layer("a"), layer("a")] }, "must not name a layer twice"],
  ["layers", { layers: ["a", "b", "c", "d", "e", "f"].map((name) => layer(name)) }, "at most 5", "6"],
  ["layers.1", { layers: [layer("a"), layer("b", { runtimes: ["python3.12"] })] }, "runtime (python3.13)", "dev-b"],
  ["layers.0", { entry: TYPESCRIPT, layers: [layer("a")] }, "runtime (nodejs22.x)", "python3.12, python3.13"],
  ["layers.0", { layers: [layer("a", { architectures: ["x86_64"] })] }, "architecture (arm64)", "for x86_64"],
  ["timeoutSeconds", { timeoutSeconds: 0 }, "at least 1", "got 0"],
  ["timeoutSeconds", { timeoutSeconds: 901 }, "at most 900", "got 901"],
  ["memory", { memory: 127 }, "at least 128", "got 127"],
  ["memory", { memory: 10_241 }, "at most 10240", "got 10241"],
  ["tracing", { tracing: "yes" }, "of type boolean"],
  ["alarmTopicArns", { alarmTopicArns: [] }, "at least 1"],
  ["alarmTopicArns.0", { alarmTopicArns: ["alerts"] }, "the ARN of an SNS topic"],
  ["logRetentionDays", { logRetentionDays: 2 }, "got 2"],
  ["logKmsKeyArn", { logKmsKeyArn: "alias/a" }, "ARN of a KMS key"],
];
rejects("test/function", rows, (scope, props) => new LambdaFunction(scope, "function", { ...MINIMAL, ...props }));
