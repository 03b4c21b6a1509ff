import { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import { expect, it } from "vitest";
import type { ItemWorkflowProps } from "../../../../modules/aws/sfn/item-workflow";
import { type Json, synth } from "../../../support/synth";
import { BUCKET, TOPIC, workflow } from "./item-workflow.fixture";

const definition = (some: Partial<ItemWorkflowProps> = {}): Json =>
  JSON.parse(synth((stack) => workflow(stack, some)).one(SfnStateMachine).definition);
/** Every state of a definition, those of its map too. */
const statesOf = ({ States }: Json): [name: string, state: Json][] =>
  Object.entries<Json>(States).flatMap(([name, state]) => [
    [name, state] as [string, Json],
    ...(state.ItemProcessor ? statesOf(state.ItemProcessor) : []),
  ]);
const nextOf = ({ Next, Default, Choices = [], Catch = [] }: Json): string[] =>
  [Next, Default, ...[...Choices, ...Catch].map((each: Json) => each.Next)].filter(Boolean);

it("lists, then processes ten at a time, each call with its time-out and its retries", () => {
  const found = definition();
  expect(found).toMatchObject({ StartAt: "List", TimeoutSeconds: 3600, Comment: "Labels receipts" });
  const { List, "Process items": map } = found.States;
  const Retry = [
    {
      ErrorEquals: ["States.TaskFailed", "States.Timeout"],
      IntervalSeconds: 2,
      MaxAttempts: 3,
      BackoffRate: 2,
      MaxDelaySeconds: 60,
      JitterStrategy: "FULL",
    },
  ];
  expect(List).toMatchObject({
    Resource: "arn:aws:states:::lambda:invoke",
    Parameters: { FunctionName: "arn:aws:lambda:us-east-1:111122223333:function:list", "Payload.$": "$" },
    TimeoutSeconds: 300,
    Retry,
  });
  expect(map).toMatchObject({ Type: "Map", ItemsPath: "$.list.items", MaxConcurrency: 10 });
  expect(map.ItemProcessor.ProcessorConfig).toEqual({ Mode: "INLINE" });
  expect(map.ItemProcessor.States["Process item"]).toMatchObject({
    Parameters: { FunctionName: "arn:aws:lambda:us-east-1:111122223333:function:process", "Payload.$": "$.item" },
    TimeoutSeconds: 180,
    Retry,
  });
});
it.each<[string, Partial<ItemWorkflowProps>]>([
  ["in the answer", {}],
  ["in S3", { longList: { bucket: BUCKET } }],
])("reaches every state, and each task has retries, a time-out and somewhere to go: items %s", (_, some) => {
  const found = definition(some);
  const check = (scope: Json) => {
    const names = Object.keys(scope.States);
    const reached = new Set([scope.StartAt]);
    for (const name of reached) for (const next of nextOf(scope.States[name])) reached.add(next);
    expect([...reached].sort()).toEqual(names.sort());
    for (const { ItemProcessor } of Object.values<Json>(scope.States)) if (ItemProcessor) check(ItemProcessor);
  };
  check(found);
  const tasks = statesOf(found).filter(([, { Type }]) => Type === "Task");
  expect(tasks.length).toBeGreaterThan(3);
  for (const [name, task] of tasks) {
    expect(task.TimeoutSeconds, name).toBeGreaterThan(0);
    expect(task.Retry, name).toHaveLength(1);
    // in an execution of its own, an item fails as a whole, which the map run counts
    if (!(some.longList && name === "Process item"))
      expect(task.Catch?.at(-1).ErrorEquals, name).toEqual(["States.ALL"]);
  }
});
it("tells the topic before it fails, and of items that failed", () => {
  const { States } = definition();
  for (const name of ["Tell of the failure", "Tell of failed items"]) {
    expect(States[name]).toMatchObject({
      Resource: "arn:aws:states:::sns:publish",
      Parameters: { TopicArn: TOPIC.arn },
    });
  }
  expect(States["Tell of the failure"].Next).toBe("Failed");
  expect(States.Failed).toMatchObject({ Type: "Fail", Error: "ItemWorkflowFailed" });
});
it.each<[Partial<ItemWorkflowProps>, (found: Json) => unknown, unknown]>([
  [{ timeoutSeconds: 300, itemTimeoutSeconds: 300 }, ({ TimeoutSeconds }) => TimeoutSeconds, 300],
  [{ timeoutSeconds: 100 }, ({ States }) => States.List.TimeoutSeconds, 100],
  [
    { timeoutSeconds: 100 },
    ({ States }) => States["Process items"].ItemProcessor.States["Process item"].TimeoutSeconds,
    100,
  ],
  [{ itemsKey: "receipts" }, ({ States }) => States["Process items"].ItemsPath, "$.list.receipts"],
  [{ concurrency: 40 }, ({ States }) => States["Process items"].MaxConcurrency, 40],
  [{ retry: { attempts: 0 } }, ({ States }) => States.List.Retry[0].MaxAttempts, 0],
  [
    { concurrency: 10_000, longList: { bucket: BUCKET } },
    ({ States }) => States["Process items"].MaxConcurrency,
    10_000,
  ],
])("takes %j", (some, of, expected) => {
  expect(of(definition(some))).toBe(expected);
});
it("reads a long list from S3, in executions of their own, and writes the results there", () => {
  const longList = { bucket: BUCKET, format: "CSV" as const, resultPrefix: "out/here", toleratedFailurePercent: 5 };
  const { "Process items": map, "Count failures": count } = definition({ longList }).States;
  expect(map).toMatchObject({
    Label: "Items",
    ItemReader: {
      Resource: "arn:aws:states:::s3:getObject",
      ReaderConfig: { InputType: "CSV", CSVHeaderLocation: "FIRST_ROW" },
      Parameters: { Bucket: "lists", "Key.$": "$.list.items" },
    },
    ToleratedFailurePercentage: 5,
    ResultWriter: { Resource: "arn:aws:states:::s3:putObject", Parameters: { Bucket: "lists", Prefix: "out/here" } },
  });
  expect(map.ItemProcessor.ProcessorConfig).toEqual({ Mode: "DISTRIBUTED", ExecutionType: "STANDARD" });
  expect(count.Resource).toBe("arn:aws:states:::aws-sdk:sfn:describeMapRun");
  expect(definition({ longList: { bucket: BUCKET } }).States["Process items"].ItemReader.ReaderConfig).toEqual({
    InputType: "JSON",
  });
});
