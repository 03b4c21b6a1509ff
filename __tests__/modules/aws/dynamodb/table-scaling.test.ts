import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import { expect, it } from "vitest";
import { z } from "zod";
import { TableScaling, tableScalingSchema } from "../../../../modules/aws/dynamodb/table-scaling";
import { refTo, synth } from "../../../support/synth";

const schema = tableScalingSchema(z.int().min(1).max(100));
const MINIMAL = { maxReadUnits: 50, maxWriteUnits: 20 };
const build = (settings: object = {}, indexNames: string[] = ["GSI1"]) =>
  synth((stack) => {
    const of = { tableName: "dev-receipts", indexNames, readUnits: 5, writeUnits: 2 };
    new TableScaling(stack, "scaling", { ...of, settings: schema.parse({ ...MINIMAL, ...settings }) });
  });

it("scales reads and writes of the table and of each index, each for itself", () => {
  const targets = build({}, ["GSI1", "GSITYPE"])
    .all(AppautoscalingTarget)
    .map((target) => [target.resource_id, target.scalable_dimension, target.min_capacity, target.max_capacity]);
  expect(targets.sort()).toEqual(
    [
      ["table/dev-receipts", "dynamodb:table:ReadCapacityUnits", 5, 50],
      ["table/dev-receipts", "dynamodb:table:WriteCapacityUnits", 2, 20],
      ["table/dev-receipts/index/GSI1", "dynamodb:index:ReadCapacityUnits", 5, 50],
      ["table/dev-receipts/index/GSI1", "dynamodb:index:WriteCapacityUnits", 2, 20],
      ["table/dev-receipts/index/GSITYPE", "dynamodb:index:ReadCapacityUnits", 5, 50],
      ["table/dev-receipts/index/GSITYPE", "dynamodb:index:WriteCapacityUnits", 2, 20],
    ].sort(),
  );
  expect(build({}, []).all(AppautoscalingTarget)).toHaveLength(2);
});
it("follows the use of what it scales, by a policy of each target", () => {
  const stack = build();
  expect(stack.all(AppautoscalingPolicy)).toHaveLength(4);
  const targets = stack.byId(AppautoscalingTarget);
  for (const [id, policy] of Object.entries(stack.byId(AppautoscalingPolicy))) {
    const [kind, other] = /read-policy/.test(id) ? ["Read", "Write"] : ["Write", "Read"];
    expect(policy).toEqual({
      name: `${kind?.toLowerCase()}-use`,
      policy_type: "TargetTrackingScaling",
      service_namespace: refTo(AppautoscalingTarget, "service_namespace"),
      resource_id: refTo(AppautoscalingTarget, "resource_id"),
      scalable_dimension: refTo(AppautoscalingTarget, "scalable_dimension"),
      target_tracking_scaling_policy_configuration: {
        predefined_metric_specification: { predefined_metric_type: `DynamoDB${kind}CapacityUtilization` },
        target_value: 70,
      },
    });
    const [, target = ""] = policy.resource_id.split(".");
    expect(policy.scalable_dimension).toContain(`.${target}.`);
    expect(targets[target].scalable_dimension).toMatch(new RegExp(`:${kind}CapacityUnits$`));
    expect(targets[target].scalable_dimension).not.toContain(other);
  }
});
it.each([20, 90])("keeps its use at %i percent where asked", (targetPercent) => {
  for (const policy of build({ targetPercent }).all(AppautoscalingPolicy)) {
    expect(policy.target_tracking_scaling_policy_configuration.target_value).toBe(targetPercent);
  }
});
it.each([1, 100])("takes %i units at most, as those of the table are bounded", (units) => {
  const targets = build({ maxReadUnits: units, maxWriteUnits: units }).all(AppautoscalingTarget);
  expect(targets.map(({ max_capacity }) => max_capacity)).toEqual(Array(4).fill(units));
});
it.each<[string, object]>([
  ["targetPercent", { targetPercent: 19 }],
  ["targetPercent", { targetPercent: 91 }],
  ["targetPercent", { targetPercent: 70.5 }],
  ["maxReadUnits", { maxReadUnits: 0 }],
  ["maxReadUnits", { maxReadUnits: 101 }],
  ["maxReadUnits", { maxReadUnits: undefined }],
  ["maxWriteUnits", { maxWriteUnits: 0 }],
  ["maxWriteUnits", { maxWriteUnits: 101 }],
  ["maxWriteUnits", { maxWriteUnits: undefined }],
  ["", { minReadUnits: 1 }],
])("takes no %s of %j", (path, settings) => {
  const { error } = schema.safeParse({ ...MINIMAL, ...settings });
  expect(error?.issues.map((issue) => issue.path.join("."))).toEqual([path]);
});
