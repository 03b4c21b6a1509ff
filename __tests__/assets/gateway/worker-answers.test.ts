import { describe, expect, it } from "vitest";
import { nodeInfo, outcomeOf, refusalOf } from "../../../assets/gateway/worker-answers";
import { COMPLETE, FAILED, IDLE, RUNNING } from "../../support/fake-worker";

describe("the outcome of a task", () => {
  it("is what the method gave back", () => {
    expect(outcomeOf(COMPLETE.results)).toEqual({ kind: "complete", value: { html: "<b>bold</b>", n: 3 } });
  });
  it("is the exception, its message, and the lines that led there as Python writes them", () => {
    expect(outcomeOf(FAILED.results)).toEqual({
      kind: "failed",
      exception: "ValueError",
      message: "no <such> thing",
      traceback: [
        'File "/app/fossa/control/process.py", line 100\n    subtask_return_value = sub_task_method(**method_kwargs)',
        'File "/app/node.py", line 14\n    raise ValueError("no <such> thing")',
      ],
    });
  });
  it("has no message with Fossa 0.0.31, whose lines begin at once", () => {
    const { payload } = FAILED.results;
    const results = { type: "TaskFailed", payload: { ...payload, traceback: payload.traceback.slice(1) } };
    expect(outcomeOf(results)).toMatchObject({ message: "", traceback: [expect.any(String), expect.any(String)] });
  });
  it.each<[unknown, object]>([
    [null, { kind: "other", value: null }],
    [
      { type: "TaskPartition", payload: 1 },
      { kind: "other", value: { type: "TaskPartition", payload: 1 } },
    ],
    [
      { type: "TaskFailed", payload: {} },
      { kind: "failed", exception: "Failed", message: "", traceback: [] },
    ],
    [
      { type: "TaskComplete", payload: {} },
      { kind: "complete", value: undefined },
    ],
  ])("of %o is %o", (results, outcome) => {
    expect(outcomeOf(results)).toEqual(outcome);
  });
});

describe("a refusal", () => {
  it.each<[unknown, string | undefined]>([
    [
      { error: { message: "Node at full capacity and can't accept new tasks" } },
      "Node at full capacity and can't accept new tasks",
    ],
    [{ msg: "Bad Request" }, "Bad Request"],
    [{ message: "task unknown" }, "task unknown"],
    [{ error: "no" }, undefined],
    [undefined, undefined],
  ])("%o says %s", (answer, words) => {
    expect(refusalOf(answer)).toBe(words);
  });
});

describe("node_info", () => {
  it("is read as Fossa writes it, with what else a node says of itself", () => {
    const answer = {
      ...IDLE,
      node_info: { ...IDLE.node_info, broker: "connected", zone: "a" },
      running_tasks: [RUNNING],
    };
    expect(nodeInfo.parse(answer)).toMatchObject({
      node_info: { available_processing_capacity: 4, broker: "connected", zone: "a" },
      running_tasks: [{ task_id: "kbeok", model_class: "Slow" }],
    });
  });
  it.each<[string, object]>([
    ["no node_info", { ...IDLE, node_info: undefined }],
    ["a capacity in words", { ...IDLE, node_info: { ...IDLE.node_info, available_processing_capacity: "many" } }],
    ["no list of tasks", { ...IDLE, running_tasks: {} }],
    ["a task without id", { ...IDLE, running_tasks: [{ model_class: "Slow" }] }],
    ["a task without class", { ...IDLE, recent_completed_tasks: [{ task_id: "abcde" }] }],
  ])("with %s is refused", (_, answer) => {
    expect(nodeInfo.safeParse(answer).success).toBe(false);
  });
});
