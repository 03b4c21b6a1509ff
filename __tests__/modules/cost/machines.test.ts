import { describe, expect, it } from "vitest";
import { estimateOf, notPriced, paid, plainInstance, ref } from "./cost.fixture";

const instance = (own: object = {}, others: Record<string, Record<string, unknown>> = {}) => ({
  aws_instance: { box: { ...plainInstance, ...own } },
  ...others,
});

describe("an instance", () => {
  it("costs its hours and its root volume", () => {
    expect(paid(instance())).toEqual({ "EC2 m5.large": [100, "hour", 10], "EBS root gp3": [50, "GB-month", 4] });
    expect(notPriced(instance())).toEqual([]);
  });
  it("costs seven metrics with detailed monitoring, a public address and its further volumes", () => {
    const lines = paid(
      instance({
        monitoring: true,
        associate_public_ip_address: true,
        ebs_block_device: [{ device_name: "/dev/sdf", volume_type: "st1", volume_size: "500" }],
      }),
    );
    expect(lines).toMatchObject({
      "detailed monitoring": [7, "metric-month", 2.1],
      "public IPv4": [100, "hour", 0.5],
      "EBS st1": [500, "GB-month", 22.5],
    });
  });
  it("costs a part on spot capacity, by its family or by default", () => {
    const market = { instance_market_options: { market_type: "spot" } };
    expect(paid(instance(market))).toMatchObject({ "EC2 m5.large spot, at 0.4 of on demand": [100, "hour", 4] });
    expect(paid(instance({ ...market, instance_type: "c5.large" }))).toMatchObject({
      "EC2 c5.large spot, at 0.5 of on demand": [100, "hour", 10],
    });
    expect(paid(instance(market), { usage: { spotFactor: 0.3 } })).toMatchObject({
      "EC2 m5.large spot, at 0.3 of on demand": [100, "hour", 3],
    });
    expect(paid(instance(), { usage: { spotShare: 0.25 } })).toMatchObject({
      "EC2 m5.large": [75, "hour", 7.5],
      "EC2 m5.large spot, at 0.4 of on demand": [25, "hour", 1],
    });
  });
  it("that is stopped keeps its volume", () => {
    expect(paid(instance(), { usage: { instanceHours: 40 } })).toEqual({
      "EC2 m5.large": [40, "hour", 4],
      "EBS root gp3": [50, "GB-month", 4],
    });
  });
  it("takes what it lacks from its launch template", () => {
    const own = {
      launch_template: { id: ref("aws_launch_template.t.id") },
      instance_type: undefined,
      root_block_device: undefined,
    };
    const template = {
      instance_type: "g5.xlarge",
      monitoring: { enabled: true },
      instance_market_options: { market_type: "spot" },
      block_device_mappings: [{ device_name: "/dev/xvda", ebs: { volume_type: "gp3", volume_size: 200 } }],
    };
    expect(paid(instance(own, { aws_launch_template: { t: template } }))).toEqual({
      "EC2 g5.xlarge spot, at 0.4 of on demand": [100, "hour", 40],
      "detailed monitoring": [7, "metric-month", 2.1],
      "EBS gp3": [200, "GB-month", 16],
    });
  });
  it("gets its address from its subnet, or from an elastic IP that has a line of its own", () => {
    const inSubnet = { associate_public_ip_address: undefined, subnet_id: ref("aws_subnet.s.id") };
    const subnet = (map_public_ip_on_launch?: boolean) => ({ aws_subnet: { s: { map_public_ip_on_launch } } });
    expect(paid(instance(inSubnet, subnet(true)))["public IPv4"]).toEqual([100, "hour", 0.5]);
    expect(paid(instance(inSubnet, subnet()))["public IPv4"]).toBeUndefined();
    expect(notPriced(instance(inSubnet, subnet()))).toEqual([]);
    const unknown = ["aws_instance.box: public IPv4 addresses depend on subnets of which this stack does not tell"];
    expect(notPriced(instance(inSubnet))).toEqual(unknown);
    expect(notPriced(instance({ associate_public_ip_address: undefined }))).toEqual(unknown);
    const elastic = { aws_eip: { e: { instance: ref("aws_instance.box.id") } } };
    const addresses = estimateOf(instance({ associate_public_ip_address: true }, elastic))
      .items.filter(({ item }) => item === "public IPv4")
      .map(({ address }) => address);
    expect(addresses).toEqual(["aws_eip.e"]);
  });
  it.each([
    ["instance_type", { instance_type: ref("var.type") }, "instance_type is not known at synth"],
    ["no instance_type", { instance_type: undefined }, "instance_type is not given"],
    ["root volume", { root_block_device: undefined }, "root volume: its size and type are the image's"],
    ["size", { root_block_device: { volume_type: "gp3" } }, "root_block_device.volume_size is not given"],
    ["size", { root_block_device: { volume_type: "gp3", volume_size: -1 } }, "volume_size is not a number from 0"],
    ["monitoring", { monitoring: "maybe" }, "monitoring is not true or false"],
    ["tenancy", { tenancy: "dedicated" }, "its hardware is not shared, for which there is no price here"],
    ["launch template", { launch_template: { id: "lt-1" } }, "its aws_launch_template is not in this stack"],
    ["dynamic", { dynamic: { ebs_block_device: {} } }, "its ebs_block_device blocks are made at apply time"],
    ["block", { root_block_device: ref("local.root") }, "root_block_device is not known at synth"],
  ])("whose %s is not plain is listed with the reason", (_, own, reason) => {
    expect(notPriced(instance(own)).join()).toContain(reason);
  });
  it("follows a reference to a literal of the same stack", () => {
    const chain = {
      instance_type: ref("aws_launch_template.t.instance_type"),
      root_block_device: { volume_type: "gp3", volume_size: ref("aws_ebs_volume.v.size") },
    };
    const others = {
      aws_launch_template: { t: { instance_type: "g5.xlarge" } },
      aws_ebs_volume: { v: { size: 10, type: "gp3" } },
    };
    expect(paid(instance(chain, others))).toMatchObject({
      "EC2 g5.xlarge": [100, "hour", 100],
      "EBS root gp3": [10, "GB-month", 0.8],
    });
    const circle = { instance_type: ref("aws_instance.box.instance_type") };
    expect(notPriced(instance(circle)).join()).toContain("instance_type is not known at synth");
  });
  it("as a spot request costs the part of spot", () => {
    expect(paid({ aws_spot_instance_request: { r: plainInstance } })).toMatchObject({
      "EC2 m5.large spot, at 0.4 of on demand": [100, "hour", 4],
    });
  });
});

describe("an auto-scaling group", () => {
  const template = {
    instance_type: "m5.large",
    network_interfaces: [{ associate_public_ip_address: "false" }],
    block_device_mappings: [{ device_name: "/dev/xvda", ebs: { volume_type: "gp3", volume_size: 50 } }],
  };
  const group = (own: object = {}, templateOwn: object = {}) => ({
    aws_launch_template: { t: { ...template, ...templateOwn } },
    aws_autoscaling_group: {
      g: { name_prefix: "ml-", min_size: 2, launch_template: { id: ref("aws_launch_template.t.id") }, ...own },
    },
  });
  it("costs its least size, or the average that was given by address or name", () => {
    expect(paid(group())).toEqual({ "EC2 m5.large": [200, "hour", 20], "EBS gp3": [100, "GB-month", 8] });
    expect(notPriced(group())).toEqual([]);
    for (const name of ["aws_autoscaling_group.g", "ml"]) {
      expect(paid(group(), { usage: { sizes: { [name]: 3.5 } } })["EC2 m5.large"]).toEqual([350, "hour", 35]);
    }
  });
  it("says when a given size names no group", () => {
    expect(notPriced(group(), { usage: { sizes: { lm: 3, ml: 1 } } })).toEqual([
      "usage.sizes.lm: no group of this stack has this name",
    ]);
    expect(notPriced({ aws_vpc: { v: {} } }, { usage: { sizes: { ml: 1 } } })).toEqual([]);
  });
  it("costs what its instances have", () => {
    expect(
      paid(group({}, { monitoring: { enabled: true }, network_interfaces: { associate_public_ip_address: "true" } })),
    ).toMatchObject({
      "detailed monitoring": [14, "metric-month", 4.2],
      "public IPv4": [200, "hour", 1],
    });
    expect(paid(group({}, { instance_market_options: { market_type: "spot" } }))).toHaveProperty([
      "EC2 m5.large spot, at 0.4 of on demand",
    ]);
  });
  it("is split between on demand and spot by its policy", () => {
    const policy = (instances_distribution: object) => ({
      min_size: 5,
      launch_template: undefined,
      mixed_instances_policy: {
        instances_distribution,
        launch_template: {
          launch_template_specification: { launch_template_id: ref("aws_launch_template.t.id") },
          override: [{ instance_type: "c5.large" }, { instance_type: "m5.large" }],
        },
      },
    });
    expect(
      paid(group(policy({ on_demand_base_capacity: 1, on_demand_percentage_above_base_capacity: 25 }))),
    ).toMatchObject({
      "EC2 c5.large": [200, "hour", 40],
      "EC2 c5.large spot, at 0.5 of on demand": [300, "hour", 30],
    });
    expect(paid(group(policy({})))["EC2 c5.large"]).toEqual([500, "hour", 100]);
  });
  it("of no instance is shown with nothing", () => {
    expect(paid(group({ min_size: 0 }))).toEqual({ "EC2 m5.large": [0, "hour", 0], "EBS gp3": undefined });
  });
  it.each([
    ["min_size", { min_size: ref("var.n") }, {}, "min_size is not known at synth"],
    ["template", { launch_template: undefined }, {}, "its instances are not known without a launch template"],
    [
      "requirements",
      { mixed_instances_policy: { launch_template: { override: [{ weighted_capacity: "2" }] } } },
      {},
      "weights",
    ],
    ["root volume", {}, { block_device_mappings: undefined }, "root volume"],
    ["subnets", {}, { network_interfaces: undefined }, "public IPv4 addresses depend"],
  ])("whose %s is not plain is listed", (_, own, templateOwn, reason) => {
    expect(notPriced(group(own, templateOwn)).join()).toContain(reason);
  });
});

describe("a node group", () => {
  const nodes = (own: object = {}) => ({
    aws_subnet: { s: {} },
    aws_eks_node_group: {
      g: {
        node_group_name_prefix: "gpu-",
        instance_types: ["g5.xlarge", "m5.large"],
        scaling_config: { min_size: 1, desired_size: 3, max_size: 5 },
        subnet_ids: [ref("aws_subnet.s.id")],
        ...own,
      },
    },
  });
  it("costs its least size of its first type, with the disk of EKS", () => {
    expect(paid(nodes())).toEqual({
      "EC2 g5.xlarge": [100, "hour", 100],
      "EBS gp3, as EKS makes it": [20, "GB-month", 1.6],
    });
    expect(paid(nodes({ disk_size: 100 }))["EBS gp3, as EKS makes it"]).toEqual([100, "GB-month", 8]);
    expect(paid(nodes(), { usage: { sizes: { gpu: 2 } } })["EC2 g5.xlarge"]).toEqual([200, "hour", 200]);
    expect(notPriced(nodes())).toEqual([]);
  });
  it("costs the part of spot with spot capacity", () => {
    expect(paid(nodes({ capacity_type: "SPOT" }))).toHaveProperty(["EC2 g5.xlarge spot, at 0.4 of on demand"]);
  });
  it("takes type, disks and monitoring from its launch template", () => {
    const launch_template = { id: ref("aws_launch_template.t.id") };
    const t = {
      instance_type: "c5.large",
      monitoring: { enabled: true },
      block_device_mappings: [
        { device_name: "/dev/xvda", ebs: { volume_type: "gp3", volume_size: 10 } },
        { device_name: "/dev/xvdb", ebs: { volume_type: "gp3", volume_size: 40, iops: 4000, throughput: 225 } },
      ],
    };
    const { aws_eks_node_group, aws_subnet } = nodes({ launch_template, instance_types: undefined });
    expect(paid({ aws_eks_node_group, aws_subnet, aws_launch_template: { t } })).toEqual({
      "EC2 c5.large": [100, "hour", 20],
      "detailed monitoring": [7, "metric-month", 2.1],
      "EBS gp3": [40, "GB-month", 3.2],
      "EBS IOPS above 3000": [1000, "IOPS-month", 5],
      "EBS throughput above 125 MiB/s": [100, "MiB/s-month", 4],
    });
  });
  it("is of t3.medium when nothing says its type, and not known when a template outside may", () => {
    expect(paid(nodes({ instance_types: undefined }))).toHaveProperty(["EC2 t3.medium"]);
    const elsewhere = { instance_types: undefined, launch_template: { id: "lt-1" } };
    expect(notPriced(nodes(elsewhere)).join()).toContain("its instance type is not known at synth");
    expect(notPriced(nodes({ instance_types: [ref("var.type")] })).join()).toContain("its instance type is not known");
    expect(notPriced(nodes({ instance_types: ref("var.types") })).join()).toContain("instance_types is not known");
  });
});

it("a group without the block that holds its size is listed", () => {
  expect(notPriced({ aws_eks_node_group: { g: {} }, aws_ec2_fleet: { f: {} } })).toEqual([
    "aws_ec2_fleet.f: target_capacity_specification is not given",
    "aws_eks_node_group.g: scaling_config is not given",
  ]);
});

describe("a fleet", () => {
  const fleet = (
    capacity: object,
    override: object = { instance_type: "m5.large", subnet_id: ref("aws_subnet.s.id") },
  ) => ({
    aws_subnet: { s: {} },
    aws_launch_template: {
      t: { block_device_mappings: { device_name: "/dev/sda1", ebs: { volume_type: "gp3", volume_size: 10 } } },
    },
    aws_ec2_fleet: {
      f: {
        target_capacity_specification: { total_target_capacity: 4, ...capacity },
        launch_template_config: {
          launch_template_specification: { launch_template_id: ref("aws_launch_template.t.id") },
          override,
        },
      },
    },
  });
  it("costs its target, on demand and on spot", () => {
    expect(paid(fleet({ default_target_capacity_type: "spot", on_demand_target_capacity: 1 }))).toEqual({
      "EC2 m5.large": [100, "hour", 10],
      "EC2 m5.large spot, at 0.4 of on demand": [300, "hour", 12],
      "EBS gp3": [40, "GB-month", 3.2],
    });
    expect(paid(fleet({ default_target_capacity_type: "on-demand" }))["EC2 m5.large"]).toEqual([400, "hour", 40]);
    expect(notPriced(fleet({ default_target_capacity_type: "spot" }))).toEqual([]);
  });
  it("of weights is listed", () => {
    expect(notPriced(fleet({ default_target_capacity_type: "spot" }, { weighted_capacity: 2 })).join()).toContain(
      "weights",
    );
  });
});
