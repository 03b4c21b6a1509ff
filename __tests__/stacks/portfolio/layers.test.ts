import { CodebuildProject } from "@cdktf/provider-aws/lib/codebuild-project";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import { describe, expect, it } from "vitest";
import { defineEnvironment, type EnvironmentSettings } from "../../../stacks/environment";
import { errorOf } from "../../support/bad-input";
import { publishedOutputs, synthApp } from "../../support/synth";

type Layers = NonNullable<NonNullable<EnvironmentSettings["portfolio"]>["layers"]>;
const PACKAGE = "__tests__/stacks/training/packages/image-files";
const synth = (layers: Layers = {}, more: Partial<NonNullable<EnvironmentSettings["portfolio"]>> = {}) =>
  synthApp(defineEnvironment({ name: "test", region: "eu-west-1", portfolio: { layers, ...more } })).stack(
    "test-portfolio-layers",
  );

describe("the layers of a portfolio", () => {
  it("are that of the receipts, of the package that the platform has", () => {
    const stack = synth();
    expect(stack.one(CodebuildProject).name).toBe("test-portfolio-receipts");
    expect(stack.one(S3Bucket).bucket_prefix).toBe("test-portfolio-receipts-layer-");
    expect(publishedOutputs(stack)).toEqual(["layer_arns", "sns_topic_arn", "state_machine_arns"]);
    expect(Object.keys(stack.outputs.layer_arns.value)).toEqual(["receipts"]);
    expect(Object.keys(stack.outputs.state_machine_arns.value)).toEqual(["receipts"]);
  });
  it("are the user's too, in one order however they are written", () => {
    const more = { packageDir: PACKAGE };
    const stack = synth({ zebra: more, apes: more });
    expect(stack.all(CodebuildProject).map(({ name }) => name)).toEqual(
      ["apes", "receipts", "zebra"].map((key) => `test-portfolio-${key}`),
    );
    expect(synth({ apes: more, zebra: more }).json).toBe(stack.json);
  });
  it("let the user set what they like of that of the receipts, its package too", () => {
    const digestOf = (stack: ReturnType<typeof synth>) => stack.one(SchedulerSchedule).name;
    expect(synth({ receipts: { version: 3 } }).json).toContain('"PINNED_VERSION": "3"');
    expect(digestOf(synth({ receipts: { packageDir: PACKAGE } }))).not.toBe(digestOf(synth()));
  });
  it("tell nobody of failures where alarms are off", () => {
    const stack = synth({}, { alarms: false });
    expect(publishedOutputs(stack)).toEqual(["layer_arns", "state_machine_arns"]);
    expect(stack.one(SfnStateMachine).definition).not.toContain("sns:publish");
    expect(stack.parsed.resource).not.toHaveProperty("aws_cloudwatch_metric_alarm");
  });
  it.each([
    [{ "Big Name": { packageDir: PACKAGE } }, 'portfolio.layers["Big Name"]: must be lower-case letters'],
    [{ other: {} }, "portfolio.layers.other.packageDir: is required"],
    [{ other: { packageDir: "none" } }, "portfolio.layers.other.packageDir: must be a folder, but it does not exist"],
    [{ other: { packageDir: "stacks/portfolio" } }, "portfolio.layers.other.packageDir: must hold a pyproject.toml"],
    [{ receipts: { versionsKept: 0 } }, "portfolio.layers.receipts.versionsKept: must be at least 1"],
    [{ receipts: { name: "mine" } }, "portfolio.layers.receipts.name: must be left out"],
    [
      Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`a${i}`, { packageDir: PACKAGE }])),
      "portfolio.layers: must have at most 10 layers with receipts, got 11",
    ],
  ])("refuse %j", (layers, message) => {
    expect(errorOf(() => synth(layers as Layers)).message).toContain(message);
  });
  it("take ten", () => {
    const nine = Array.from({ length: 9 }, (_, i) => [`a${i}`, { packageDir: PACKAGE }]);
    expect(synth(Object.fromEntries(nine)).all(CodebuildProject)).toHaveLength(10);
  });
});
