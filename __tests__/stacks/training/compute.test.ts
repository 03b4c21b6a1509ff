import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { describe, expect, it } from "vitest";
import { type Json, publishedOutputs, synthApp } from "../../support/synth";
import { trainingConfigurations } from "./configurations.fixture";
import { build } from "./training.fixture";

const app = build();
const stack = (layer: string) => app.stack(`dev-training-${layer}`);

describe("the compute", () => {
  it("tags what it starts as the stack's", () => {
    const tags: Json[] = stack("compute").one(AutoscalingGroup).tag;
    expect(tags.map(({ key }) => key)).toEqual(expect.arrayContaining(["Environment", "System", "Stack", "Name"]));
  });
  it("installs the runtime first, then the user's packages", () => {
    const made = synthApp(trainingConfigurations.builder).text("builder-training-compute");
    expect(made).toContain("wheels python3.12 ml-training image-classes\\n");
  });
});
it("publishes what people and programs need", () => {
  expect(publishedOutputs(stack("compute"))).toEqual([
    "auto_scaling_group_name",
    "client_policy_arn",
    "config_parameter_name",
    "instance_profile_name",
    "instance_role_arn",
    "launch_template_id",
    "log_group_name",
    "train_command",
  ]);
});
