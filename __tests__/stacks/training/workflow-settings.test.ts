import { expect, it } from "vitest";
import { workflowsSchema } from "../../../stacks/training/workflow-settings";

const PREPARE = {
  description: "Prepares each file",
  listFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:list",
  processFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:prepare:live",
};

it("has none by default, and lists in answers", () => {
  expect(workflowsSchema.parse(undefined)).toEqual({});
  const { prepare } = workflowsSchema.parse({ prepare: PREPARE });
  expect(prepare).toMatchObject({ itemsKey: "items", concurrency: 10, timeoutSeconds: 3600 });
  expect(prepare?.longList).toBeUndefined();
});
it("takes lists in a bucket, of which a tenth may fail", () => {
  const { prepare } = workflowsSchema.parse({ prepare: { ...PREPARE, longList: { bucketName: "lists" } } });
  expect(prepare?.longList).toEqual({ bucketName: "lists", format: "JSON", toleratedFailurePercent: 10 });
});
it.each<[string, object, string]>([
  ["Prepare", PREPARE, "Prepare"],
  ["prepare", { ...PREPARE, description: "" }, "prepare.description"],
  ["prepare", { ...PREPARE, processFunctionArn: "prepare" }, "prepare.processFunctionArn"],
  ["prepare", { ...PREPARE, itemsKey: "1st" }, "prepare.itemsKey"],
  ["prepare", { ...PREPARE, longList: { bucketName: "lists", format: "XML" } }, "prepare.longList.format"],
  [
    "prepare",
    { ...PREPARE, longList: { bucketName: "lists", toleratedFailurePercent: 101 } },
    "prepare.longList.toleratedFailurePercent",
  ],
])("refuses %s: %j", (name, workflow, path) => {
  const { error } = workflowsSchema.safeParse({ [name]: workflow });
  expect(error?.issues.map((issue) => issue.path.join("."))).toContain(path);
});
