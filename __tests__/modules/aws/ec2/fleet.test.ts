import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { AutoscalingLifecycleHook } from "@cdktf/provider-aws/lib/autoscaling-lifecycle-hook";
import { AutoscalingPolicy } from "@cdktf/provider-aws/lib/autoscaling-policy";
import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { expect, it } from "vitest";
import { fleetTypesFault } from "../../../../modules/aws/ec2/fleet";
import { refTo } from "../../../support/synth";
import { buildFleet as build } from "./fleet.fixture";

it("keeps its size without scaling", () => {
  const made = build();
  expect(made.all(AutoscalingPolicy)).toEqual([]);
  expect(made.one(AutoscalingGroup)).not.toHaveProperty("enabled_metrics");
  expect(made.one(AutoscalingGroup).instance_refresh.preferences).not.toHaveProperty("scale_in_protected_instances");
});
it("gives a machine time to save its work before it ends, where asked", () => {
  expect(build().all(AutoscalingLifecycleHook)).toEqual([]);
  expect(build({ terminationSeconds: 120 }).one(AutoscalingLifecycleHook)).toMatchObject({
    autoscaling_group_name: refTo(AutoscalingGroup, "name"),
    lifecycle_transition: "autoscaling:EC2_INSTANCE_TERMINATING",
    heartbeat_timeout: 120,
    default_result: "CONTINUE",
  });
});
it("starts each machine from the newest image of a parameter, without a plan for it", () => {
  const made = build({ imageParameter: "/images/training" });
  expect(made.one(LaunchTemplate).image_id).toBe("resolve:ssm:/images/training");
  expect(made.one(LaunchTemplate)).not.toHaveProperty("lifecycle");
  expect(made.data(DataAwsSsmParameter)).toEqual([]);
  expect(made.one(AutoscalingGroup).instance_refresh.preferences).not.toHaveProperty("auto_rollback"); // AWS refuses it
  expect(build().one(AutoscalingGroup).instance_refresh.preferences.auto_rollback).toBe(true);
});
it("asks for metadata by tokens only, and for no public address", () => {
  const template = build().one(LaunchTemplate);
  expect(template.metadata_options).toEqual({
    http_endpoint: "enabled",
    http_tokens: "required",
    http_put_response_hop_limit: 1,
  });
  expect(template.network_interfaces[0].associate_public_ip_address).toBe("false");
  expect(template).not.toHaveProperty("key_name");
});
it("tags what it starts", () => {
  expect(build().one(AutoscalingGroup).tag).toEqual([
    { key: "Team", value: "ml", propagate_at_launch: true },
    { key: "Name", value: "dev-training", propagate_at_launch: true },
  ]);
});
it.each<[[string, ...string[]], string | undefined, RegExp | undefined]>([
  [["g4dn.xlarge"], undefined, undefined],
  [["g4dn.xlarge", "g6.xlarge"], undefined, undefined],
  [["g4dn.xlarge", "m5.large"], undefined, /kind of accelerator of g4dn\.xlarge$/],
  [["c7g.large", "c5.large"], undefined, /architecture/],
  [["q9.large", "q8.large"], undefined, /project's table, or amiId must be given$/],
  [["q9.large", "q8.large"], "ami-0123456789abcdef0", undefined],
])("knows whether %j share an image", (types, amiId, words) => {
  const fault = fleetTypesFault(types, "amiId", amiId);
  if (words) expect(fault).toMatch(words);
  else expect(fault).toBeUndefined();
});
