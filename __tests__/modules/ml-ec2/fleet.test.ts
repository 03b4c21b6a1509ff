import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { AutoscalingPolicy } from "@cdktf/provider-aws/lib/autoscaling-policy";
import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import type { TerraformStack } from "cdktf";
import { expect, it } from "vitest";
import type { Fleet } from "../../../modules/aws/ec2/fleet";
import { fleetShape, machineFleet } from "../../../modules/ml-ec2/fleet";
import { type BadInput, rejects } from "../../support/bad-input";
import { refTo, synth } from "../../support/synth";
import { build, Compute, type ComputeSettings, computeSchema, NETWORK } from "./compute.fixture";

const certificateArn = "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const amiId = "ami-0123456789abcdef0";
const fleet = {};

it("makes a group of one to ten, and no machine of its own", () => {
  const { all, compute, one } = build({ fleet });
  expect(all(Instance)).toEqual([]);
  const group = one(AutoscalingGroup);
  expect(group).toMatchObject({
    name: "ml-dev-ml-training",
    min_size: 1,
    max_size: 10,
    vpc_zone_identifier: ["subnet-1a", "subnet-1b"],
    launch_template: { id: refTo(LaunchTemplate, "id"), version: refTo(LaunchTemplate, "latest_version") },
    health_check_type: "EC2",
    health_check_grace_period: 900,
    default_instance_warmup: 900,
    target_group_arns: [],
    depends_on: [expect.stringMatching(/^aws_vpc_security_group_egress_rule\./)],
  });
  for (const key of ["desired_capacity", "mixed_instances_policy", "capacity_rebalance"]) {
    expect(group).not.toHaveProperty(key);
  }
  expect(group).not.toHaveProperty("lifecycle");
  expect(compute.fleet?.minSize).toBe(1);
});
it("starts new machines before old ones go when the template changes", () => {
  expect(build({ fleet }).one(AutoscalingGroup).instance_refresh).toEqual({
    strategy: "Rolling",
    preferences: { min_healthy_percentage: 100, max_healthy_percentage: 110, auto_rollback: true },
  });
});
it("makes each machine as closed as a single one", () => {
  const template = build({ fleet, keyName: "me", placement: "public" }, { alarms: true }).one(LaunchTemplate);
  expect(template).toMatchObject({
    name_prefix: "ml-dev-ml-training-",
    image_id: expect.stringMatching(/^\$\{data\.aws_ssm_parameter\.[\w-]+\.insecure_value\}$/),
    instance_type: "t3.medium",
    key_name: "me",
    iam_instance_profile: { name: "ml-dev-ml-instance" },
    monitoring: { enabled: true },
    lifecycle: { ignore_changes: ["image_id"] },
  });
  expect(template.metadata_options).toEqual({
    http_endpoint: "enabled",
    http_tokens: "required",
    http_put_response_hop_limit: 1,
    instance_metadata_tags: "enabled",
  });
  expect(template.network_interfaces).toEqual([
    {
      associate_public_ip_address: "true",
      delete_on_termination: "true",
      security_groups: [refTo(SecurityGroup, "id")],
    },
  ]);
  expect(template.block_device_mappings).toEqual([
    {
      device_name: "/dev/xvda",
      ebs: { volume_type: "gp3", volume_size: 50, encrypted: "true", delete_on_termination: "true" },
    },
  ]);
});
it("leaves no trace in the template of what is off, and stays with an image that is pinned", () => {
  const { data, one } = build({ fleet, amiId, instanceType: "p3.2xlarge" });
  const template = one(LaunchTemplate);
  expect(template).toMatchObject({ image_id: amiId, network_interfaces: [{ associate_public_ip_address: "false" }] });
  for (const key of ["monitoring", "key_name", "lifecycle"]) expect(template).not.toHaveProperty(key);
  expect(template.block_device_mappings[0].ebs.volume_size).toBe(100);
  expect(data(DataAwsSsmParameter)).toEqual([]);
});
it("hands Terraform's text over to the function that encodes it", () => {
  const script = 'echo "$${x}" "$(date)" %%{y}\n';
  const { one, parsed } = build({ fleet }, { userData: script });
  const [name = ""] = Object.keys(parsed.locals);
  expect(parsed.locals).toEqual({ [name]: script });
  expect(one(LaunchTemplate).user_data).toBe(`\${base64encode(local.${name})}`);
});
it("tags machines, volumes and interfaces, as the provider's default tags do not reach them", () => {
  const { one } = build({ fleet }, { tags: { Project: "ml" } });
  const tags = { Project: "ml", Name: "ml-dev-ml-training" };
  expect(one(LaunchTemplate).tag_specifications).toEqual(
    ["instance", "volume", "network-interface"].map((resource_type) => ({ resource_type, tags })),
  );
  expect(one(AutoscalingGroup).tag).toEqual(
    Object.entries(tags).map(([key, value]) => ({ key, value, propagate_at_launch: true })),
  );
});
it("makes data volumes with each machine", () => {
  const mapping = {
    device_name: "/dev/sdf",
    ebs: { volume_size: 200, encrypted: "true", delete_on_termination: "true" },
  };
  const { one } = synth((stack) => make(stack));
  expect(one(LaunchTemplate).block_device_mappings[1]).toMatchObject(mapping);
});
it("holds the CPU about the target, unless there is none", () => {
  const policy = build({ fleet }).one(AutoscalingPolicy);
  expect(policy).toMatchObject({
    autoscaling_group_name: refTo(AutoscalingGroup, "name"),
    policy_type: "TargetTrackingScaling",
    target_tracking_configuration: {
      predefined_metric_specification: { predefined_metric_type: "ASGAverageCPUUtilization" },
      target_value: 70,
    },
  });
  expect(build({ fleet: { targetCpu: false } }).all(AutoscalingPolicy)).toEqual([]);
});
it("does not undo what scales the fleet", () => {
  const ignored = (settings: ComputeSettings["fleet"], scheduled = false) =>
    build({ fleet: settings }, { scheduled }).one(AutoscalingGroup).lifecycle?.ignore_changes;
  expect(ignored({ desiredSize: 3 })).toEqual(["desired_capacity"]);
  expect(ignored({ desiredSize: 3, targetCpu: false })).toBeUndefined();
  expect(ignored({}, true)).toEqual(["min_size", "desired_capacity"]);
  expect(build({ fleet: { desiredSize: 3 } }).one(AutoscalingGroup).desired_capacity).toBe(3);
});
it("mixes types and ways to pay", () => {
  const settings = { otherInstanceTypes: ["t3.large", "m5.large"], spotPercentage: 75, onDemandBase: 2 };
  const group = build({ fleet: settings }).one(AutoscalingGroup);
  expect(group).not.toHaveProperty("launch_template");
  expect(group.capacity_rebalance).toBe(true);
  expect(group.mixed_instances_policy).toEqual({
    instances_distribution: {
      on_demand_allocation_strategy: "prioritized",
      on_demand_base_capacity: 2,
      on_demand_percentage_above_base_capacity: 25,
      spot_allocation_strategy: "price-capacity-optimized",
    },
    launch_template: {
      launch_template_specification: {
        launch_template_id: refTo(LaunchTemplate, "id"),
        version: refTo(LaunchTemplate, "latest_version"),
      },
      override: [{ instance_type: "t3.medium" }, { instance_type: "t3.large" }, { instance_type: "m5.large" }],
    },
  });
});
it("takes further types without spot, and spot without further types", () => {
  const types = build({ fleet: { otherInstanceTypes: ["t3.large"] } }).one(AutoscalingGroup);
  expect(types).not.toHaveProperty("capacity_rebalance");
  expect(types.mixed_instances_policy.instances_distribution).toEqual({
    on_demand_allocation_strategy: "prioritized",
    on_demand_base_capacity: 0,
    on_demand_percentage_above_base_capacity: 100,
    spot_allocation_strategy: "price-capacity-optimized",
  });
  const spot = build({ fleet: { spotPercentage: 100 } }).one(AutoscalingGroup).mixed_instances_policy;
  expect(spot.instances_distribution.on_demand_percentage_above_base_capacity).toBe(0);
  expect(spot.launch_template.override).toEqual([{ instance_type: "t3.medium" }]);
});
it("serves a load balancer, which then says who is well, once it listens", () => {
  const group = build({ fleet, loadBalancer: { certificateArn } }).one(AutoscalingGroup);
  expect(group).toMatchObject({ health_check_type: "ELB", target_group_arns: [refTo(LbTargetGroup, "arn")] });
  expect(group.depends_on).toContainEqual(expect.stringMatching(/^aws_lb_listener\.compute_load-balancer_https/));
});
it("is off by default, and its settings are these", () => {
  expect(fleetShape.fleet.parse(undefined)).toBeUndefined();
  expect(fleetShape.fleet.parse({})).toEqual({
    minSize: 1,
    maxSize: 10,
    targetCpu: 70,
    warmupSeconds: 900,
    otherInstanceTypes: [],
    spotPercentage: 0,
    onDemandBase: 0,
  });
});
it.each<[string, ComputeSettings]>([
  ["an empty fleet", { fleet: { minSize: 0, maxSize: 1 } }],
  ["a fleet of 100", { fleet: { minSize: 100, maxSize: 100, desiredSize: 100 } }],
  ["the least target", { fleet: { targetCpu: 10 } }],
  ["the greatest target", { fleet: { targetCpu: 90 } }],
  ["no warm-up", { fleet: { warmupSeconds: 0 } }],
  ["an hour of warm-up", { fleet: { warmupSeconds: 3600 } }],
  ["a greatest base", { fleet: { spotPercentage: 1, onDemandBase: 100 } }],
  ["types of GPUs", { instanceType: "g4dn.xlarge", fleet: { otherInstanceTypes: ["g5.xlarge", "g4dn.2xlarge"] } }],
  ["unknown types with an image", { instanceType: "q9.large", amiId, fleet: { otherInstanceTypes: ["q8.large"] } }],
])("accepts %s", (_, settings) => {
  expect(build(settings).all(AutoscalingGroup)).toHaveLength(1);
});

const types = (count: number) => Array.from({ length: count }, (_, i) => `m5.${i + 2}xlarge`);
const rows: BadInput<Record<string, unknown>>[] = [
  ["fleet", { fleet: true }, "of type object", "true"],
  ["fleet.minSize", { fleet: { minSize: -1 } }, "at least 0", "-1"],
  ["fleet.minSize", { fleet: { minSize: 101 } }, "at most 100", "101"],
  ["fleet.maxSize", { fleet: { minSize: 0, maxSize: 0 } }, "at least 1", "0"],
  ["fleet.maxSize", { fleet: { maxSize: 101 } }, "at most 100", "101"],
  ["fleet.maxSize", { fleet: { minSize: 4, maxSize: 3 } }, "at least minSize (4)", "got 3"],
  ["fleet.desiredSize", { fleet: { minSize: 2, desiredSize: 1 } }, "from minSize (2) to maxSize (10)", "got 1"],
  ["fleet.desiredSize", { fleet: { desiredSize: 11 } }, "to maxSize (10)", "got 11"],
  ["fleet.targetCpu", { fleet: { targetCpu: 9.9 } }, "at least 10", "9.9"],
  ["fleet.targetCpu", { fleet: { targetCpu: 91 } }, "at most 90", "91"],
  ["fleet.targetCpu", { fleet: { targetCpu: true } }, "10 to 90, or false", "true"],
  ["fleet.warmupSeconds", { fleet: { warmupSeconds: 3601 } }, "at most 3600", "3601"],
  ["fleet.warmupSeconds", { fleet: { warmupSeconds: -1 } }, "at least 0", "-1"],
  ["fleet.spotPercentage", { fleet: { spotPercentage: 101 } }, "at most 100", "101"],
  ["fleet.spotPercentage", { fleet: { spotPercentage: -1 } }, "at least 0"],
  ["fleet.onDemandBase", { fleet: { onDemandBase: 1 } }, "0 where spotPercentage is 0", "got 1"],
  ["fleet.onDemandBase", { fleet: { onDemandBase: 101, spotPercentage: 5 } }, "at most 100", "101"],
  ["fleet.otherInstanceTypes[0]", { fleet: { otherInstanceTypes: ["bad"] } }, "such as t3.medium", "bad"],
  ["fleet.otherInstanceTypes", { fleet: { otherInstanceTypes: types(40) } }, "at most 39 items", "40"],
  ["fleet.otherInstanceTypes", { fleet: { otherInstanceTypes: ["m5.large", "m5.large"] } }, "each type once"],
  ["fleet.otherInstanceTypes", { fleet: { otherInstanceTypes: ["t3.medium"] } }, "not repeat", "got t3.medium"],
  ["fleet.otherInstanceTypes", { fleet: { otherInstanceTypes: ["t4g.medium"] } }, "architecture", "got t4g.medium"],
  ["fleet.otherInstanceTypes", { fleet: { otherInstanceTypes: ["g5.xlarge"] } }, "kind of accelerator", "g5.xlarge"],
  ["fleet.otherInstanceTypes", { fleet: { otherInstanceTypes: ["q9.large"] } }, "project's table", "amiId"],
  ["fleet.maxsize", { fleet: { maxsize: 3 } }, "did you mean maxSize?"],
  ["instanceCount", { fleet, instanceCount: 2 }, "left out with fleet", "fleet.minSize", "got 2"],
  ["spot", { fleet, spot: true }, "false with fleet", "fleet.spotPercentage", "got true"],
  ["spot", { fleet, spot: { maxPrice: 1 } }, "false with fleet", 'got {"maxPrice":1}'],
  ["terminationProtection", { fleet, terminationProtection: true }, "false with fleet", "got true"],
  ["userDataReplaceOnChange", { fleet, userDataReplaceOnChange: true }, "false with fleet", "got true"],
];
rejects("test/compute", rows, (scope, props) => new Compute(scope, "compute", props as ComputeSettings));

/** A fleet with a data volume. */
function make(stack: TerraformStack): Fleet {
  const { fleet: settings, ...rest } = computeSchema.parse({ fleet });
  if (!settings) throw new Error("no fleet");
  return machineFleet(stack, "fleet", {
    prefix: "ml-dev",
    network: NETWORK,
    securityGroupIds: [],
    instanceProfileName: "profile",
    userData: "",
    detailedMonitoring: false,
    tags: {},
    dependsOn: [],
    dataVolumes: [{ name: "data", size: 200, mountPoint: "/data", device: "/dev/sdf", allowReplacement: false }],
    scheduled: false,
    targetGroupArns: [],
    settings: { ...rest, fleet: settings },
  });
}
