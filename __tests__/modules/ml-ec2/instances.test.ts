import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { TerraformOutput, Token } from "cdktf";
import { expect, it } from "vitest";
import { type Json, refTo, synth } from "../../support/synth";
import { build, Compute, type ComputeSettings, NETWORK } from "./compute.fixture";

const amiId = "ami-0123456789abcdef0";

it("makes one closed machine in a private subnet", () => {
  const { all, data, one } = build();
  const instance = one(Instance);
  expect(instance).toMatchObject({
    ami: expect.stringMatching(/^\$\{data\.aws_ssm_parameter\.compute_instances_image_\w+\.insecure_value\}$/),
    instance_type: "t3.medium",
    subnet_id: "subnet-1a",
    associate_public_ip_address: false,
    iam_instance_profile: "ml-dev-ml-instance",
    vpc_security_group_ids: [refTo(SecurityGroup, "id")],
    user_data: "#!/bin/bash\n",
    user_data_replace_on_change: false,
    tags: { Name: "ml-dev-ml-training-1" },
    depends_on: [expect.stringMatching(/^aws_vpc_security_group_egress_rule\./)],
  });
  expect(data(DataAwsSsmParameter)).toHaveLength(1);
  expect(data(DataAwsSsmParameter)[0].name).toContain("al2023");
  expect(all(LaunchTemplate)).toEqual([]);
});
it("takes metadata requests with a token only, and tells tags there", () => {
  expect(build().one(Instance).metadata_options).toEqual({
    http_endpoint: "enabled",
    http_tokens: "required",
    http_put_response_hop_limit: 1,
    instance_metadata_tags: "enabled",
  });
});
it("encrypts the root volume and deletes it with the machine", () => {
  expect(build({ rootVolumeSize: 80 }).one(Instance).root_block_device).toEqual({
    volume_type: "gp3",
    volume_size: 80,
    encrypted: true,
    delete_on_termination: true,
    tags: { Name: "ml-dev-ml-training-1" },
  });
  const diskKmsKeyArn = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
  expect(build({ diskKmsKeyArn }).one(Instance).root_block_device.kms_key_id).toBe(diskKmsKeyArn);
});
it("leaves no trace of what is off", () => {
  const instance = build().one(Instance);
  for (const key of ["maintenance_options", "instance_market_options", "key_name", "volume_tags"]) {
    expect(instance).not.toHaveProperty(key);
  }
  expect(instance).toMatchObject({ monitoring: false, disable_api_termination: false }); // else they stay on
  expect(build().json).not.toContain("amzn2");
});
it("turns on what is asked for", () => {
  const settings = { keyName: "me", terminationProtection: true, autoRecovery: true, userDataReplaceOnChange: true };
  expect(build(settings, { alarms: true }).one(Instance)).toMatchObject({
    key_name: "me",
    disable_api_termination: true,
    monitoring: true,
    maintenance_options: { auto_recovery: "default" },
    user_data_replace_on_change: true,
  });
});
it.each<[ComputeSettings, Json]>([
  [{ spot: true }, { spot_instance_type: "one-time" }],
  [{ spot: { maxPrice: 0.05 } }, { spot_instance_type: "one-time", max_price: "0.05" }],
])("asks once for spare capacity (%j)", (settings, spot_options) => {
  expect(build(settings).one(Instance).instance_market_options).toEqual({ market_type: "spot", spot_options });
});
it.each<[ComputeSettings, string[] | undefined]>([
  [{}, ["ami", "user_data"]],
  [{ amiId }, ["user_data"]],
  [{ userDataReplaceOnChange: true }, ["ami"]],
  [{ amiId, userDataReplaceOnChange: true }, []],
])("keeps a machine as it is but for what is asked for (%j)", (settings, ignored) => {
  expect(build(settings).one(Instance).lifecycle?.ignore_changes).toEqual(ignored);
});
it("spreads machines over the subnets by turns", () => {
  const { all, compute } = build({ instanceCount: 3 });
  expect(all(Instance).map(({ subnet_id, tags }) => [tags.Name, subnet_id])).toEqual([
    ["ml-dev-ml-training-1", "subnet-1a"],
    ["ml-dev-ml-training-2", "subnet-1b"],
    ["ml-dev-ml-training-3", "subnet-1a"],
  ]);
  expect(compute.instances?.instances.map(({ key }) => key)).toEqual([
    "ml-training-1",
    "ml-training-2",
    "ml-training-3",
  ]);
  expect(build({ instanceCount: 20 }).all(Instance)).toHaveLength(20);
});
it("finds the subnets of a network whose subnets are known later", () => {
  const network = { ...NETWORK, privateSubnetIds: Token.asList({ later: true }) };
  expect(
    build({ instanceCount: 2, network })
      .all(Instance)
      .map(({ subnet_id }) => subnet_id),
  ).toEqual([expect.stringMatching(/^\$\{element\(.*, 0\)\}$/), expect.stringMatching(/^\$\{element\(.*, 1\)\}$/)]);
});
it("stands in public subnets, with public addresses, where it is told to", () => {
  const instances = build({ placement: "public", instanceCount: 2 }).all(Instance);
  expect(instances.map(({ subnet_id }) => subnet_id)).toEqual(["subnet-0a", "subnet-0b"]);
  expect(instances.map(({ associate_public_ip_address: address }) => address)).toEqual([true, true]);
});
it("puts the tags that others look for on machine and volume", () => {
  const { tags, root_block_device } = build({}, { tags: { SnapshotPolicy: "ml-dev" } }).one(Instance);
  expect(tags).toEqual({ SnapshotPolicy: "ml-dev", Name: "ml-dev-ml-training-1" });
  expect(root_block_device.tags).toEqual(tags);
});
it.each([
  ["private", 0],
  ["public", 2],
] as const)("tells what %s machines are reached by", (placement, addresses) => {
  const { outputs } = synth((stack) => {
    const { instances } = new Compute(stack, "compute", { instanceCount: 2, placement });
    for (const key of ["instances", "instanceIds", "instanceArns", "privateIps", "publicIps"] as const) {
      new TerraformOutput(stack, key, { value: instances?.[key], staticId: true });
    }
  });
  const two = (attribute: string) => [refTo(Instance, attribute), refTo(Instance, attribute)];
  const { value } = outputs.instances;
  expect(value).toEqual(
    [1, 2].map((i) => ({
      key: `ml-training-${i}`,
      instanceId: refTo(Instance, "id"),
      availabilityZone: refTo(Instance, "availability_zone"),
    })),
  );
  expect(new Set(value.map(({ instanceId }: Json) => instanceId)).size).toBe(2);
  expect(outputs.instanceIds.value).toEqual(two("id"));
  expect(outputs.instanceArns.value).toEqual(two("arn"));
  expect(outputs.privateIps.value).toEqual(two("private_ip"));
  expect(outputs.publicIps.value).toEqual(two("public_ip").slice(0, addresses));
});
