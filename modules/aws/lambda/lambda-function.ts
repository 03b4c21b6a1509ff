import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { basename, dirname, relative } from "node:path";
import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { LambdaFunction as AwsLambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaInvocation } from "@cdktf/provider-aws/lib/lambda-invocation";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { type ITerraformDependable, Lazy } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { bundle } from "../../common/bundling/bundle";
import { CodeAsset } from "../../common/bundling/code-asset";
import { filesOf } from "../../common/bundling/folder";
import { zipOf } from "../../common/bundling/zip";
import { areDistinct } from "../../common/collections";
import { ManagedRole } from "../../common/iam/managed-role";
import { policy, type Statement, trust } from "../../common/iam/policy";
import { statementsSchema } from "../../common/iam/statement-schema";
import { boundedName, idFrom } from "../../common/names";
import { refuse } from "../../common/settings/faults";
import { parseProps, reference, wrongSetting } from "../../common/settings/props";
import { LogGroup, logGroupShape } from "../cloudwatch/log-group";
import { topicArnsSchema } from "../ecs/service-alarms";
import { denyWithoutTls } from "../sqs/queue-parts";
import { FunctionAlarms } from "./function-alarms";

/** What users decide on a function; users of the shape add the rest. */
export const lambdaFunctionShape = {
  ...logGroupShape(30),
  /** Trace each call with X-Ray. */
  tracing: z.boolean().default(true),
  /** SNS topics, 1 to 5, notified when a call fails or an event is given up; no alarms when absent. */
  alarmTopicArns: topicArnsSchema.optional(),
};

/** Source: Lambda API reference, CreateFunction, and Lambda quotas, "Function configuration, deployment, and execution". */
const LIMITS = { timeout: 900, memory: 10_240, environment: 4096, layers: 5 };

/** Layer that functions opt in to; `LambdaLayer` is one. */
export interface FunctionLayer {
  readonly layerName: string;
  /** Tags that a function bears to be given the layer's versions. */
  readonly optIn: Readonly<Record<string, string>>;
  /** Runtimes that it is built for. */
  readonly runtimes: readonly string[];
  /** CPU architectures that it is built for. */
  readonly architectures: readonly string[];
  /** Function that gives the layer to those that opted in. */
  readonly updateFunctionName: string;
}

/** Source: Lambda API reference, CreateFunction. */
export const descriptionSchema = z.string().max(256);

/** What a function runs and may do. */
export const programShape = {
  /**
   * Program: a TypeScript file that exports `handler`, bundled with all that it imports, or a Python file, whose folder is
   * deployed as it is and may import the standard library and boto3 only.
   */
  entry: z.string().regex(/\.(ts|py)$/, "must be a TypeScript or Python file"),
  /** Folder that is deployed with a Python file in a package below it, such as the `src` of `src/package/module.py`. */
  folder: z.string().min(1).optional(),
  /** Environment variables by name. Not for secrets: they are readable in the function's settings. */
  environment: z
    .record(z.string().regex(/^[A-Za-z]\w+$/, "must be two or more letters, digits and _, a letter first"), z.string())
    .default({}),
  /** IAM statements of its role. */
  statements: statementsSchema,
  /**
   * Layers for its code in Python, at most 5. Not Terraform but each layer's own function gives it their versions, at once
   * and whenever there is a new one.
   */
  layers: z
    .array(
      reference<FunctionLayer>(
        "a LambdaLayer",
        "layerName",
        "optIn{}",
        "runtimes[]",
        "architectures[]",
        "updateFunctionName",
      ),
    )
    .max(LIMITS.layers)
    .refine((layers) => areDistinct(layers.map(({ layerName }) => layerName)), "must not name a layer twice")
    .default([]),
  /** Memory, MiB, 128 to 10240; CPU grows with it. */
  memory: z.int().min(128).max(LIMITS.memory).default(256),
};

/** Variables that Lambda refuses. Source: Lambda Developer Guide, "Defined runtime environment variables". */
const RESERVED = new Set(
  `AWS_ACCESS_KEY AWS_ACCESS_KEY_ID AWS_DEFAULT_REGION AWS_EXECUTION_ENV AWS_LAMBDA_FUNCTION_MEMORY_SIZE
  AWS_LAMBDA_FUNCTION_NAME AWS_LAMBDA_FUNCTION_VERSION AWS_LAMBDA_INITIALIZATION_TYPE AWS_LAMBDA_LOG_GROUP_NAME
  AWS_LAMBDA_LOG_STREAM_NAME AWS_LAMBDA_RUNTIME_API AWS_REGION AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN LAMBDA_RUNTIME_DIR
  LAMBDA_TASK_ROOT`.split(/\s+/),
);

/** Rules across the keys of {@link programShape}. */
export function checkProgram(
  { environment, entry, folder }: Pick<z.output<z.ZodObject<typeof programShape>>, "environment" | "entry" | "folder">,
  ctx: z.RefinementCtx,
): void {
  if (!existsSync(entry)) refuse(ctx, "entry", `must be an existing file, got ${entry}`);
  if (folder !== undefined && !/^(\w+\/)*\w+\.py$/.test(relative(folder, entry))) {
    refuse(ctx, "folder", `must hold the Python file ${entry}, in folders with names of Python, got ${folder}`);
  }
  for (const name of Object.keys(environment).filter((key) => RESERVED.has(key))) {
    refuse(ctx, ["environment", name], "must have another name, since Lambda sets it, got a value");
  }
  const bytes = Buffer.byteLength(JSON.stringify(environment));
  if (bytes <= LIMITS.environment) return;
  refuse(ctx, "environment", `must have at most ${LIMITS.environment} bytes, got ${bytes}`);
}

const schema = z
  .strictObject({
    /** Name of the function and of its log group `/aws/lambda/<name>`: 1 to 64 letters, digits, hyphens and underscores. */
    name: z
      .string()
      .max(64)
      .regex(/^[A-Za-z0-9_-]+$/, "must have letters, digits, hyphens and underscores only"),
    /** What it is for, at most 256 characters. */
    description: descriptionSchema,
    ...programShape,
    /** Seconds until a call is cut short, 1 to 900. */
    timeoutSeconds: z.int().min(1).max(LIMITS.timeout).default(60),
    /** Keep events that failed after all retries in a queue. Off for a function whose callers wait for its answer: they learn of it. */
    deadLetters: z.boolean().default(true),
    ...lambdaFunctionShape,
  })
  .superRefine(checkProgram);
export type LambdaFunctionProps = z.input<typeof schema>;

const RUNTIMES = { ts: "nodejs22.x", py: "python3.13" } as const;
const ARCHITECTURE = "arm64";

/** Lambda function with role, logs, traces and, unless its callers wait for it, dead letters. */
export class LambdaFunction extends Construct {
  readonly functionName: string;
  readonly functionArn: string;
  readonly roleArn: string;
  readonly logGroupName: string;
  /** What others must wait for before they call it: its permissions and its log group. */
  readonly ready: ITerraformDependable[];
  /** Undefined without `alarmTopicArns`. */
  readonly alarms: FunctionAlarms | undefined;
  readonly #name: string;
  readonly #letters: SqsQueue | undefined;
  readonly #keptRules: string[] = [];

  constructor(scope: Construct, id: string, props: LambdaFunctionProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { name, tracing, environment, layers, alarmTopicArns: topicArns } = settings;
    const logs = new LogGroup(this, "logs", { ...settings, name: `/aws/lambda/${name}` });
    const letters = settings.deadLetters
      ? new SqsQueue(this, "dead-letters", {
          name: `${boundedName(67, name)}-dead-letters`, // SQS takes 80 characters
          messageRetentionSeconds: 14 * 24 * 3600, // the longest that SQS keeps a message
          sqsManagedSseEnabled: true,
        })
      : undefined;
    const role = new ManagedRole(this, "role", {
      name,
      assumeRolePolicy: trust("lambda.amazonaws.com"),
      policyArns: {},
      policies: {
        run: policy(...ownStatements(logs.arn, letters?.arn, tracing)),
        ...(settings.statements.length > 0 && { work: policy(...settings.statements) }),
      },
    });
    const code = this.code(settings.entry, settings.folder);
    this.checkLayers(layers, code.runtime);
    const created = new AwsLambdaFunction(this, "function", {
      functionName: name,
      description: settings.description,
      role: role.arn,
      ...code,
      architectures: [ARCHITECTURE],
      timeout: settings.timeoutSeconds,
      memorySize: settings.memory,
      ...(Object.keys(environment).length > 0 && { environment: { variables: environment } }),
      tracingConfig: { mode: tracing ? "Active" : "PassThrough" },
      ...(letters && { deadLetterConfig: { targetArn: letters.arn } }),
      loggingConfig: { logFormat: "JSON", logGroup: logs.name },
      ...(layers.length > 0 && {
        tags: Object.assign({}, ...layers.map(({ optIn }) => optIn)),
        lifecycle: { ignoreChanges: ["layers"] }, // the layers' functions set them
      }),
      dependsOn: role.policies,
    });
    for (const { layerName, updateFunctionName } of layers) {
      // else it would lack the layer until the next run, up to a day
      new LambdaInvocation(this, idFrom(`${layerName}-layer`), {
        functionName: updateFunctionName,
        input: JSON.stringify({ functions: [created.functionName] }),
      });
    }

    this.functionName = created.functionName;
    this.functionArn = created.arn;
    this.roleArn = role.arn;
    this.logGroupName = logs.name;
    this.ready = [created, ...role.policies];
    const watched = { name, functionName: created.functionName, deadLetterQueueName: letters?.name };
    this.alarms = topicArns && new FunctionAlarms(this, "alarms", { ...watched, topicArns });
    this.#name = name;
    this.#letters = letters;
  }

  /** Queue of the events that failed after all retries; throws without `deadLetters`. */
  get deadLetterQueueArn(): string {
    return this.letters().arn;
  }

  /** As {@link deadLetterQueueArn}. */
  get deadLetterQueueUrl(): string {
    return this.letters().url;
  }

  private letters(): SqsQueue {
    if (this.#letters) return this.#letters;
    throw wrongSetting(this, "deadLetters", "must be on for a queue of dead letters, got false");
  }

  /**
   * Calls it for each event of the account's bus that matches `pattern`; `key` is the id and ends the rule's name. With `keep`
   * the events that EventBridge could not hand over in a day become dead letters too. Gives the rule.
   */
  onEvent(key: string, description: string, pattern: object, { keep = false } = {}): CloudwatchEventRule {
    return this.on(key, description, { eventPattern: JSON.stringify(pattern) }, keep);
  }

  /** Calls it on a schedule of EventBridge, `cron(...)` in UTC or `rate(...)`. */
  onSchedule(key: string, description: string, scheduleExpression: string): void {
    this.on(key, description, { scheduleExpression });
  }

  private on(
    key: string,
    description: string,
    when: { eventPattern: string } | { scheduleExpression: string },
    keep = false,
  ): CloudwatchEventRule {
    const name = boundedName(64, this.#name, key);
    const rule = new CloudwatchEventRule(this, `${key}-rule`, { name, description, ...when });
    const permission = new LambdaPermission(this, `${key}-permission`, {
      statementId: key,
      action: "lambda:InvokeFunction",
      functionName: this.functionName,
      principal: "events.amazonaws.com",
      sourceArn: rule.arn,
    });
    new CloudwatchEventTarget(this, `${key}-target`, {
      rule: rule.name,
      arn: this.functionArn,
      dependsOn: [permission, ...(keep ? [this.keepFrom(rule.arn)] : [])],
      ...(keep && { deadLetterConfig: { arn: this.deadLetterQueueArn } }),
    });
    return rule;
  }

  /** Lets a rule leave dead letters; gives the queue's policy, of which there is one for all rules. */
  private keepFrom(ruleArn: string): ITerraformDependable {
    this.#keptRules.push(ruleArn);
    const id = "dead-letters-policy";
    const events = () => ({
      Sid: "Events",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: this.deadLetterQueueArn,
      Condition: { ArnEquals: { "aws:SourceArn": this.#keptRules } },
    });
    const found = this.node.tryFindChild(id) as SqsQueuePolicy | undefined;
    if (found) return found;
    return new SqsQueuePolicy(this, id, {
      queueUrl: this.deadLetterQueueUrl,
      policy: Lazy.stringValue({ produce: () => policy(events(), denyWithoutTls(this.deadLetterQueueArn)) }),
    });
  }

  private checkLayers(layers: readonly FunctionLayer[], runtime: string): void {
    for (const [index, layer] of layers.entries()) {
      for (const [what, needed, built] of [
        ["runtime", runtime, layer.runtimes],
        ["architecture", ARCHITECTURE, layer.architectures],
      ] as const) {
        if (built.includes(needed)) continue;
        const message = `must be built for the function's ${what} (${needed}), got ${layer.layerName} for ${built.join(", ")}`;
        throw wrongSetting(this, ["layers", index], message);
      }
    }
  }

  private code(entry: string, folder = dirname(entry)) {
    const kind = entry.endsWith(".py") ? "py" : "ts";
    const module = basename(entry, `.${kind}`);
    const packages = relative(folder, dirname(entry)).split("/").filter(Boolean);
    const files =
      kind === "py"
        ? filesOf(folder, `${this.node.path}: entry`)
        : [{ path: `${module}.mjs`, bytes: bundle(entry).code, executable: false }];
    const content = zipOf(files);
    const { path: filename } = new CodeAsset(this, "code", { fileName: `${module}.zip`, content });
    // as AWS tells it, so that a function that was changed by hand is put right
    const sourceCodeHash = createHash("sha256").update(content).digest("base64");
    return { runtime: RUNTIMES[kind], handler: `${[...packages, module].join(".")}.handler`, filename, sourceCodeHash };
  }
}

/** What every function does: write its logs and traces, and leave what it could not handle. */
const ownStatements = (logGroupArn: string, queueArn: string | undefined, tracing: boolean): Statement[] => [
  { Sid: "Logs", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: `${logGroupArn}:*` },
  ...(queueArn ? [{ Sid: "DeadLetters", Action: "sqs:SendMessage", Resource: queueArn }] : []),
  // Source: X-Ray Developer Guide, "AWSXRayDaemonWriteAccess"; these actions support no resource-level permissions
  ...(tracing ? [{ Sid: "Traces", Action: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], Resource: "*" }] : []),
];
