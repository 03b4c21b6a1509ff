import { EksNodeGroup } from "@cdktf/provider-aws/lib/eks-node-group";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { PlacementGroup } from "@cdktf/provider-aws/lib/placement-group";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { describe, expect, it } from "vitest";
import { type Json, refTo } from "../../support/synth";
import { BLOCK, EFA, GPU_POOL, group, ONE_SUBNET, pool, RESERVED_GROUP, type Settings } from "./node-group.fixture";

const template = (settings: Partial<Settings> = {}, cluster = {}) => group(settings, cluster).one(LaunchTemplate);

describe("by default", () => {
  const found = template();
  it("answers the metadata service to tokens only, and not to pods", () => {
    expect(found.metadata_options).toEqual({
      http_endpoint: "enabled",
      http_tokens: "required",
      http_put_response_hop_limit: 1,
    });
    expect(template({ metadataHopLimit: 2 }).metadata_options.http_put_response_hop_limit).toBe(2);
  });
  it("has one encrypted gp3 volume of 100 GiB", () => {
    const ebs = { volume_type: "gp3", encrypted: "true", delete_on_termination: "true", volume_size: 100 };
    const speed = { iops: 3000, throughput: 125 }; // gp3's own, written so that other numbers do not stay
    expect(found.block_device_mappings).toEqual([{ device_name: "/dev/xvda", ebs: { ...ebs, ...speed } }]);
  });
  it("has the node security group, detailed monitoring, and nothing else", () => {
    expect(found.vpc_security_group_ids).toEqual(["sg-0123456789abcdef0"]);
    expect(found.monitoring).toEqual({ enabled: true });
    expect(Object.keys(found).sort()).toEqual([
      "block_device_mappings",
      "metadata_options",
      "monitoring",
      "name_prefix",
      "tag_specifications",
      "vpc_security_group_ids",
    ]);
    expect(template({ detailedMonitoring: false })).not.toHaveProperty("monitoring");
  });
  it("tags instances, volumes and network interfaces, by name at least", () => {
    const tags = { Name: "ml-default" };
    const types = ["instance", "volume", "network-interface"];
    expect(found.tag_specifications).toEqual(types.map((resource_type) => ({ resource_type, tags })));
    const tagged = template({}, { instanceTags: { team: "a", Name: "mine" } }).tag_specifications;
    expect(tagged.map((spec: Json) => spec.tags)).toEqual(Array(3).fill({ team: "a", Name: "mine" }));
  });
});

describe("volumes", () => {
  it("are as fast as asked, under the key given", () => {
    const diskKmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/0f1e2d3c-0000";
    const settings = { diskSize: 500, diskIops: 4000, diskThroughput: 1000, diskKmsKeyArn };
    expect(template(settings).block_device_mappings[0].ebs).toMatchObject({
      volume_size: 500,
      iops: 4000,
      throughput: 1000,
      kms_key_id: diskKmsKeyArn,
    });
  });
  it("of Bottlerocket: the system's as its image has it, and a second for images and pods", () => {
    const settings = { imageFamily: "bottlerocket" as const, diskSize: 300, diskThroughput: 500 };
    const volume = { volume_type: "gp3", encrypted: "true", delete_on_termination: "true" };
    expect(template(settings).block_device_mappings).toEqual([
      { device_name: "/dev/xvda", ebs: volume },
      { device_name: "/dev/xvdb", ebs: { ...volume, volume_size: 300, iops: 3000, throughput: 500 } },
    ]);
  });
});

describe("reserved capacity", () => {
  it("of a capacity block: its type stands in the template alone, and the group in one subnet", () => {
    const found = pool(GPU_POOL, BLOCK);
    expect(found.one(LaunchTemplate)).toMatchObject({
      instance_type: "p5.48xlarge",
      instance_market_options: { market_type: "capacity-block" },
      capacity_reservation_specification: {
        capacity_reservation_target: { capacity_reservation_id: "cr-0123456789abcdef0" },
      },
    });
    expect(found.one(EksNodeGroup)).toMatchObject({
      capacity_type: "CAPACITY_BLOCK",
      subnet_ids: ONE_SUBNET.subnetIds,
    });
    expect(found.one(EksNodeGroup)).not.toHaveProperty("instance_types");
  });
  it("of an on-demand reservation, alone or in a resource group", () => {
    const found = template({ capacityReservationId: "cr-01234567" });
    expect(found.capacity_reservation_specification).toEqual({
      capacity_reservation_target: { capacity_reservation_id: "cr-01234567" },
    });
    expect(found).not.toHaveProperty("instance_market_options");
    expect(found).not.toHaveProperty("instance_type");
    const { capacity_reservation_specification } = template({ capacityReservationResourceGroupArn: RESERVED_GROUP });
    expect(capacity_reservation_specification).toEqual({
      capacity_reservation_target: { capacity_reservation_resource_group_arn: RESERVED_GROUP },
    });
  });
  it("frees the old nodes before it starts new ones", () => {
    const lifecycle = (settings: Partial<Settings>) => group(settings).one(EksNodeGroup).lifecycle;
    expect(lifecycle({})).toMatchObject({ create_before_destroy: true });
    expect(lifecycle({ capacityReservationId: "cr-01234567" })).not.toHaveProperty("create_before_destroy");
    expect(lifecycle({ capacityReservationResourceGroupArn: RESERVED_GROUP })).not.toHaveProperty(
      "create_before_destroy",
    );
  });
});

describe("EFA", () => {
  const interfaces = (settings: Partial<Settings>) => template({ ...EFA, ...settings }).network_interfaces;
  it.each([
    ["p4d.24xlarge", 4],
    ["p5.48xlarge", 32],
    ["g5.8xlarge", 1],
    ["trn1.32xlarge", 8],
    ["c5n.18xlarge", 1],
  ])("has an interface on each card of %s", (type, cards) => {
    const expected = Array.from({ length: cards }, (_, i) => ({
      network_card_index: i,
      device_index: i === 0 ? 0 : 1,
      interface_type: i === 0 ? "efa" : "efa-only",
      delete_on_termination: "true",
      security_groups: ["sg-0123456789abcdef0", refTo(SecurityGroup, "id")],
    }));
    expect(interfaces({ instanceTypes: [type] })).toEqual(expected);
  });
  it("leaves card 0 of p6-b300 to IP, which has no EFA", () => {
    const found = interfaces({ instanceTypes: ["p6-b300.48xlarge"] });
    expect(found.map((each: Json) => each.interface_type)).toEqual(["interface", ...Array(16).fill("efa-only")]);
    expect(found[16].network_card_index).toBe(16);
  });
  it("names security groups on the interfaces only", () => {
    expect(template(EFA)).not.toHaveProperty("vpc_security_group_ids");
  });
  it("lets all traffic pass within the group, in and out", () => {
    const found = group(EFA);
    const rule = {
      security_group_id: refTo(SecurityGroup, "id"),
      referenced_security_group_id: refTo(SecurityGroup, "id"),
      ip_protocol: "-1",
    };
    expect(found.one(VpcSecurityGroupIngressRule)).toEqual(expect.objectContaining(rule));
    expect(found.one(VpcSecurityGroupEgressRule)).toEqual(expect.objectContaining(rule));
    for (const type of [VpcSecurityGroupIngressRule, VpcSecurityGroupEgressRule]) {
      expect(found.one(type)).not.toHaveProperty("from_port");
    }
    expect(found.one(SecurityGroup)).toMatchObject({ vpc_id: "vpc-0123456789abcdef0", name_prefix: "efa-default-" });
    expect(found.one(SecurityGroup)).not.toHaveProperty("ingress");
  });
  it("labels the nodes, keeps them close and in one subnet", () => {
    const found = group(EFA);
    expect(found.one(EksNodeGroup)).toMatchObject({
      labels: { "vpc.amazonaws.com/efa.present": "true" },
      subnet_ids: ONE_SUBNET.subnetIds,
    });
    expect(found.one(PlacementGroup)).toEqual({ name: "ml-default", strategy: "cluster" });
    expect(found.one(LaunchTemplate).placement).toEqual({ group_name: refTo(PlacementGroup, "name") });
  });
  it("leaves no trace when off", () => {
    const { json } = group({ instanceTypes: ["p4d.24xlarge"] });
    for (const word of ["/efa", '"efa', "placement", "network_interfaces", "aws_security_group"])
      expect(json).not.toContain(word);
  });
});

describe("placement", () => {
  it("is close without EFA when asked", () => {
    const found = group({ placementGroup: true, ...ONE_SUBNET });
    expect(found.one(PlacementGroup).strategy).toBe("cluster");
    expect(found.one(LaunchTemplate).placement).toEqual({ group_name: refTo(PlacementGroup, "name") });
  });
  it("is free with EFA when asked", () => {
    expect(group({ ...EFA, placementGroup: false }).all(PlacementGroup)).toEqual([]);
  });
  it("is where the reservation is, unless asked", () => {
    const reserved = { ...EFA, capacityReservationId: "cr-01234567" };
    expect(template(reserved)).not.toHaveProperty("placement");
    expect(group({ ...reserved, placementGroup: true }).all(PlacementGroup)).toHaveLength(1);
  });
  it("may be in a group that exists", () => {
    const found = group({ ...EFA, placementGroupName: "theirs" });
    expect(found.all(PlacementGroup)).toEqual([]);
    expect(found.one(LaunchTemplate).placement).toEqual({ group_name: "theirs" });
  });
});
