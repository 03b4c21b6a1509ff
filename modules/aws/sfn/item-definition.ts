import { type State, tell } from "./states";

/** What a definition is made of. */
export interface ItemDefinitionParts {
  name: string;
  description: string;
  listFunctionArn: string;
  processFunctionArn: string;
  topicArn: string;
  /** Key of the items in what the list function gives. */
  itemsKey: string;
  timeoutSeconds: number;
  listTimeoutSeconds: number;
  itemTimeoutSeconds: number;
  concurrency: number;
  retry: { attempts: number; intervalSeconds: number; backoffRate: number; maxDelaySeconds: number };
  /** Where the items are, when they are not in the answer. */
  longList?: LongListParts;
}

export interface LongListParts {
  bucketName: string;
  format: "JSON" | "JSONL" | "CSV";
  resultPrefix: string;
  toleratedFailurePercent: number;
}

/** Label of the distributed map, part of the ARNs of its runs and executions. */
export const MAP_LABEL = "Items";

const STATES = {
  list: "List",
  choose: "Look for items",
  wrong: "No list",
  none: "No items",
  process: "Process items",
  count: "Count failures",
  check: "Look for failures",
  tellItems: "Tell of failed items",
  tell: "Tell of the failure",
  failed: "Failed",
  done: "Done",
} as const;

/**
 * Definition of a state machine in Amazon States Language, JSON: it calls a function that lists items, then another one for
 * each item. Without a list it tells a topic why, and fails. An item that fails is recorded and told of, and stops no other.
 */
export function itemDefinition(parts: ItemDefinitionParts): string {
  const { name, description, itemsKey, longList, topicArn } = parts;
  const wanted = longList ? '"<key of the object with the items>" or null' : "[...]";
  const execution = "$$.Execution.Id";
  const states: Record<string, State> = {
    [STATES.list]: {
      ...invoke(parts, parts.listFunctionArn, "$", parts.listTimeoutSeconds),
      ResultSelector: { "list.$": "$.Payload" },
      Catch: [{ ErrorEquals: ["States.ALL"], Next: STATES.tell }],
      Next: STATES.choose,
    },
    ...(longList ? longStates(parts, longList) : shortStates(parts)),
    [STATES.wrong]: {
      Type: "Pass",
      Result: {
        Error: "NoList",
        Cause: `The list function must give {"${itemsKey}": ${wanted}}, and raise what fails`,
      },
      Next: STATES.tell,
    },
    [STATES.check]: {
      Type: "Choice",
      Choices: [{ Variable: "$.failed", NumericGreaterThan: 0, Next: STATES.tellItems }],
      Default: STATES.done,
    },
    [STATES.tellItems]: tell(topicArn, `${name}: items failed`, {
      message: `States.Format('{} items failed. See execution {}', $.failed, ${execution})`,
      next: STATES.done,
    }),
    [STATES.tell]: tell(topicArn, `${name} failed`, {
      message: `States.Format('{} See execution {}', States.JsonToString($), ${execution})`,
      next: STATES.failed,
    }),
    // a name of Step Functions' own may not be given again
    [STATES.failed]: { Type: "Fail", Error: "ItemWorkflowFailed", CausePath: "States.JsonToString($)" },
    [STATES.done]: { Type: "Succeed" },
  };
  const TimeoutSeconds = parts.timeoutSeconds;
  return JSON.stringify({ Comment: description, StartAt: STATES.list, TimeoutSeconds, States: states });
}

/** Items in the answer of the list function, mapped over within the execution. */
function shortStates(parts: ItemDefinitionParts): Record<string, State> {
  const items = `$.list.${parts.itemsKey}`;
  const wrongTypes = ["IsNull", "IsString", "IsNumeric", "IsBoolean"];
  return {
    [STATES.choose]: {
      Type: "Choice",
      Choices: [
        { Variable: `${items}[0]`, IsPresent: true, Next: STATES.process },
        { Variable: items, IsPresent: false, Next: STATES.wrong },
        ...wrongTypes.map((type) => ({ Variable: items, [type]: true, Next: STATES.wrong })),
      ],
      Default: STATES.none,
    },
    [STATES.none]: { Type: "Pass", Result: { results: [], failed: 0 }, Next: STATES.done },
    [STATES.process]: {
      Type: "Map",
      ItemsPath: items,
      ItemSelector: { "item.$": "$$.Map.Item.Value" },
      MaxConcurrency: parts.concurrency,
      ItemProcessor: {
        ProcessorConfig: { Mode: "INLINE" },
        StartAt: "Process item",
        States: {
          "Process item": {
            ...invokeForItem(parts),
            ResultSelector: { "result.$": "$.Payload" },
            Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: "Record failure" }],
            End: true,
          },
          "Record failure": {
            Type: "Pass",
            Parameters: { "item.$": "$.item", "error.$": "$.error" },
            End: true,
          },
        },
      },
      ResultSelector: { "results.$": "$", "failed.$": "States.ArrayLength($[*].error)" },
      Catch: [{ ErrorEquals: ["States.ALL"], Next: STATES.tell }],
      Next: STATES.check,
    },
  };
}

/** Items in an object in S3, each processed in an execution of its own, whose results are written to S3. */
function longStates(parts: ItemDefinitionParts, list: LongListParts): Record<string, State> {
  const { bucketName: Bucket, format, resultPrefix: Prefix } = list;
  const key = `$.list.${parts.itemsKey}`;
  return {
    [STATES.choose]: {
      Type: "Choice",
      Choices: [
        { Variable: key, IsPresent: false, Next: STATES.wrong },
        { Variable: key, IsNull: true, Next: STATES.none },
        { Variable: key, IsString: true, Next: STATES.process },
      ],
      Default: STATES.wrong,
    },
    [STATES.none]: { Type: "Pass", Result: { failed: 0 }, Next: STATES.done },
    [STATES.process]: {
      Type: "Map",
      Label: MAP_LABEL,
      ItemReader: {
        Resource: "arn:aws:states:::s3:getObject",
        ReaderConfig: { InputType: format, ...(format === "CSV" && { CSVHeaderLocation: "FIRST_ROW" }) },
        Parameters: { Bucket, "Key.$": key },
      },
      ItemSelector: { "item.$": "$$.Map.Item.Value" },
      MaxConcurrency: parts.concurrency,
      ToleratedFailurePercentage: list.toleratedFailurePercent,
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
        StartAt: "Process item",
        States: { "Process item": { ...invokeForItem(parts), ResultSelector: { "result.$": "$.Payload" }, End: true } },
      },
      ResultWriter: { Resource: "arn:aws:states:::s3:putObject", Parameters: { Bucket, Prefix } },
      Catch: [{ ErrorEquals: ["States.ALL"], Next: STATES.tell }],
      Next: STATES.count,
    },
    // executions of their own may fail up to the tolerated share, which only their map run counts
    [STATES.count]: {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:sfn:describeMapRun",
      Parameters: { "MapRunArn.$": "$.MapRunArn" },
      ResultSelector: {
        "mapRunArn.$": "$.MapRunArn",
        "failed.$": "States.MathAdd($.ItemCounts.Failed, $.ItemCounts.TimedOut)",
      },
      TimeoutSeconds: 60,
      ...retried(parts),
      Catch: [{ ErrorEquals: ["States.ALL"], Next: STATES.tell }],
      Next: STATES.check,
    },
  };
}

const invokeForItem = (parts: ItemDefinitionParts): State =>
  invoke(parts, parts.processFunctionArn, "$.item", parts.itemTimeoutSeconds);

const invoke = (parts: ItemDefinitionParts, functionArn: string, payload: string, timeoutSeconds: number): State => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Parameters: { FunctionName: functionArn, "Payload.$": payload },
  TimeoutSeconds: timeoutSeconds,
  ...retried(parts),
});

/** `States.TaskFailed` is every error but a time-out. Source: Step Functions Developer Guide, "Handling errors". */
const retried = ({ retry }: ItemDefinitionParts): State => ({
  Retry: [
    {
      ErrorEquals: ["States.TaskFailed", "States.Timeout"],
      IntervalSeconds: retry.intervalSeconds,
      MaxAttempts: retry.attempts,
      BackoffRate: retry.backoffRate,
      MaxDelaySeconds: retry.maxDelaySeconds,
      JitterStrategy: "FULL",
    },
  ],
});
