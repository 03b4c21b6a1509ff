import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { currentRegion } from "../../common/current-region";
import type { Statement } from "../../common/iam/policy";
import { refuse } from "../../common/settings/faults";
import { parseProps, reference } from "../../common/settings/props";
import { publishStatements } from "../cloudwatch/alert-topic";
import { topicArnsSchema } from "../ecs/service-alarms";
import { itemDefinition, MAP_LABEL } from "./item-definition";
import { stateMachine, stateMachineShape } from "./state-machine";

/** Function that a workflow calls; `LambdaFunction` is one. */
export interface WorkflowFunction {
  readonly functionArn: string;
  readonly ready?: ITerraformDependable[];
}

/** Topic that a workflow publishes to; `AlertTopic` is one. */
export interface WorkflowTopic {
  readonly arn: string;
  /** Customer managed key of its messages, if any. */
  readonly keyArn?: string;
  readonly ready?: ITerraformDependable[];
}

/** Bucket of lists and results; `PrivateBucket` is one. */
export interface WorkflowBucket {
  readonly bucketName: string;
  readonly bucketArn: string;
  readonly kmsKeyArn?: string;
}

/** A year. Source: Step Functions Developer Guide, "Quotas", maximum execution time. */
const LONGEST = 31_536_000;
const secondsSchema = z.int().min(1).max(LONGEST);
/** Iterations at a time. Source: Step Functions Developer Guide, "Map state processing modes" and "Quotas". */
const CONCURRENCY = { inline: 40, distributed: 10_000 };

/** Settings of a workflow that a user chooses. */
export const itemWorkflowShape = {
  /** Key of the items in the list function's answer: with `longList` the key of an object, or null when there are none. */
  itemsKey: z
    .string()
    .max(80)
    .regex(/^[A-Za-z_]\w*$/, "must be letters, digits and _, no digit first")
    .default("items"),
  /** Seconds until an execution is ended, 1 to a year. */
  timeoutSeconds: secondsSchema.default(3600),
  /** Seconds until a call of the list function is given up, at most `timeoutSeconds`; 300, or those, when absent. */
  listTimeoutSeconds: secondsSchema.optional(),
  /** Seconds until a call for one item is given up, at most `timeoutSeconds`; 180, or those, when absent. */
  itemTimeoutSeconds: secondsSchema.optional(),
  /** Items at a time, 1 to 40, or to 10000 of a long list. */
  concurrency: z.int().min(1).max(CONCURRENCY.distributed).default(10),
  /** How a call is tried again that fails or takes too long. */
  retry: z
    .strictObject({
      /** Tries after the first, 0 to 100. */
      attempts: z.int().min(0).max(100).default(3),
      /** Seconds before the first of them at most, 1 to 3600; each waits a random share of its interval. */
      intervalSeconds: z.int().min(1).max(3600).default(2),
      /** Factor by which the interval grows, 1 to 10. */
      backoffRate: z.number().min(1).max(10).default(2),
      /** Longest interval, seconds, 1 to 86400, more than `intervalSeconds`. */
      maxDelaySeconds: z.int().min(1).max(86_400).default(60),
    })
    .superRefine(({ intervalSeconds, maxDelaySeconds }, ctx) => {
      // Source: Amazon States Language, "Retriers": MaxDelaySeconds
      if (maxDelaySeconds > intervalSeconds) return;
      refuse(ctx, "maxDelaySeconds", `must be more than intervalSeconds (${intervalSeconds}), got ${maxDelaySeconds}`);
    })
    .prefault({}),
  ...stateMachineShape,
};

/** Settings of a long list that a user chooses. */
export const longListShape = {
  /** Format of a list: a JSON array, JSON by line, or CSV whose first row names the columns. */
  format: z.enum(["JSON", "JSONL", "CSV"]).default("JSON"),
  /** Share of items, percent, 0 to 100, that may fail before the execution fails; people are told of fewer too. */
  toleratedFailurePercent: z.number().min(0).max(100).default(10),
};

const longListSchema = z.strictObject({
  /** Bucket of lists, and of results. */
  bucket: reference<WorkflowBucket>("a PrivateBucket", "bucketName", "bucketArn"),
  /** Prefix of the keys of results, without a slash at either end. */
  resultPrefix: z
    .string()
    .max(200)
    .regex(/^[\w.-]+(\/[\w.-]+)*$/, "must be words of letters, digits and _.- joined by slashes")
    .default("results"),
  ...longListShape,
});

const schema = z
  .strictObject({
    /** Name of the state machine: 1 to 64 letters, digits, hyphens and underscores. */
    name: z
      .string()
      .max(64)
      .regex(/^[A-Za-z0-9_-]+$/, "must have letters, digits, hyphens and underscores only"),
    /** What it is for, at most 256 characters. */
    description: z.string().max(256),
    /**
     * Function that is called with the execution's input and gives the items, an object with `itemsKey`. It must raise what
     * fails. The answer may have 256 KiB; a longer list goes to S3, as `longList` says.
     */
    list: reference<WorkflowFunction>("a LambdaFunction", "functionArn"),
    /** Function that is called with each item; it must raise what fails. */
    process: reference<WorkflowFunction>("a LambdaFunction", "functionArn"),
    /** Topic that is told when an execution fails, or items of it. */
    topic: reference<WorkflowTopic>("an AlertTopic", "arn"),
    /**
     * For lists beyond 256 KiB or executions beyond 25,000 events: the list function writes the items to this bucket, each is
     * processed in an execution of its own, and the results are written to the bucket. The items come in the answer when absent.
     */
    longList: longListSchema.optional(),
    /** SNS topics, 1 to 5, notified when executions fail, run out of time, are aborted or held back; no alarms when absent. */
    alarmTopicArns: topicArnsSchema.optional(),
    ...itemWorkflowShape,
  })
  .superRefine(({ concurrency, longList, ...settings }, ctx) => {
    if (!longList && concurrency > CONCURRENCY.inline) {
      refuse(ctx, "concurrency", `must be at most ${CONCURRENCY.inline} without longList, got ${concurrency}`);
    }
    const { timeoutSeconds } = settings;
    for (const key of ["listTimeoutSeconds", "itemTimeoutSeconds"] as const) {
      const given = settings[key];
      if (given === undefined || given <= timeoutSeconds) continue;
      refuse(ctx, key, `must be at most timeoutSeconds (${timeoutSeconds}), got ${given}`);
    }
  });
export type ItemWorkflowProps = z.input<typeof schema>;
type Settings = z.output<typeof schema>;

/** State machine that lists items and calls a function for each, with retries, logs, traces and somebody who is told. */
export class ItemWorkflow extends Construct {
  readonly stateMachineArn: string;
  readonly stateMachineName: string;
  readonly roleArn: string;
  readonly logGroupName: string;
  /** Empty without `alarmTopicArns`. */
  readonly alarmArns: string[];

  constructor(scope: Construct, id: string, props: ItemWorkflowProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { name, list, process, topic, longList } = settings;
    const { machine, roleArn, logGroupName, alarmArns } = stateMachine(this, {
      name,
      definition: itemDefinition({
        ...settings,
        listTimeoutSeconds: settings.listTimeoutSeconds ?? Math.min(300, settings.timeoutSeconds),
        itemTimeoutSeconds: settings.itemTimeoutSeconds ?? Math.min(180, settings.timeoutSeconds),
        listFunctionArn: list.functionArn,
        processFunctionArn: process.functionArn,
        topicArn: topic.arn,
        longList: longList && { ...longList, bucketName: longList.bucket.bucketName },
      }),
      statements: this.statements(settings),
      ready: [list, process, topic].flatMap(({ ready = [] }) => ready),
      topicArns: settings.alarmTopicArns,
      settings,
    });

    this.stateMachineArn = machine.arn;
    this.stateMachineName = machine.name;
    this.roleArn = roleArn;
    this.logGroupName = logGroupName;
    this.alarmArns = alarmArns;
  }

  private statements({ name, list, process, topic, longList }: Settings): Statement[] {
    const functions = [...new Set([list.functionArn, process.functionArn])];
    return [
      { Sid: "Call", Action: "lambda:InvokeFunction", Resource: functions },
      ...publishStatements(topic),
      ...(longList ? this.longListStatements(name, longList) : []),
    ];
  }

  /** Source: Step Functions Developer Guide, "IAM policies for using Distributed Map states". */
  private longListStatements(name: string, { bucket, resultPrefix }: NonNullable<Settings["longList"]>): Statement[] {
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const states = `arn:aws:states:${currentRegion(this)}:${accountId}`;
    const { bucketArn, kmsKeyArn } = bucket;
    const key: Statement = { Sid: "ListKey", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: kmsKeyArn };
    return [
      { Sid: "Lists", Action: "s3:GetObject", Resource: `${bucketArn}/*` },
      {
        Sid: "Results",
        Action: ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject"],
        Resource: `${bucketArn}/${resultPrefix}/*`,
      },
      ...(kmsKeyArn ? [key] : []),
      { Sid: "StartItems", Action: "states:StartExecution", Resource: `${states}:stateMachine:${name}` },
      {
        Sid: "FollowItems",
        Action: ["states:DescribeExecution", "states:StopExecution"],
        Resource: `${states}:execution:${name}:*`,
      },
      {
        Sid: "RepeatItems",
        Action: "states:RedriveExecution",
        Resource: `${states}:execution:${name}/${MAP_LABEL}:*`,
      },
      { Sid: "CountItems", Action: "states:DescribeMapRun", Resource: `${states}:mapRun:${name}/${MAP_LABEL}:*` },
    ];
  }
}
