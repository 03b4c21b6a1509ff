import { EksCluster } from "@cdktf/provider-aws/lib/eks-cluster";
import { EksNodeGroup } from "@cdktf/provider-aws/lib/eks-node-group";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { PlacementGroup } from "@cdktf/provider-aws/lib/placement-group";
import { TerraformOutput } from "cdktf";
import { describe, expect, it } from "vitest";
import { NodeGroup, type NodeGroupProps } from "../../../modules/cluster/node-group";
import { rejects } from "../../support/bad-input";
import { refTo, synth } from "../../support/synth";
import { CLUSTER, GPU_POOL, group, ONE_SUBNET, PLAIN, pool, type Settings } from "./node-group.fixture";

describe("a plain group", () => {
  const found = group();
  it("is made of its settings and nothing else", () => {
    expect(found.one(EksNodeGroup)).toEqual({
      cluster_name: "ml",
      node_group_name_prefix: "default-",
      node_role_arn: "arn:aws:iam::123456789012:role/ml-node",
      subnet_ids: ["subnet-0000000000000000a", "subnet-0000000000000000b"],
      version: "1.35",
      ami_type: "AL2023_x86_64_STANDARD",
      capacity_type: "ON_DEMAND",
      instance_types: ["m5.xlarge"],
      scaling_config: { min_size: 1, max_size: 10, desired_size: 1 },
      update_config: { max_unavailable_percentage: 33 },
      launch_template: { id: refTo(LaunchTemplate, "id"), version: refTo(LaunchTemplate, "latest_version") },
      node_repair_config: { enabled: false },
      lifecycle: {
        create_before_destroy: true,
        ignore_changes: ["scaling_config[0].desired_size"],
        postcondition: [expect.objectContaining({})],
      },
    });
  });
  it("fails the plan of a minSize above the present number of nodes, with the command that adds some", () => {
    const [{ condition, error_message }] = found.one(EksNodeGroup).lifecycle.postcondition;
    expect(condition).toBe(`\${self.scaling_config[0].desired_size >= self.scaling_config[0].min_size}`);
    expect(error_message).toContain(
      `aws eks update-nodegroup-config --cluster-name ml --nodegroup-name \${self.node_group_name}`,
    );
  });
  it("emits nothing that AWS provider 5.100 does not know", () => {
    for (const word of ['"region": "us-east-1"', '"region"']) expect(found.json.split(word)).toHaveLength(2); // the provider's
    expect(found.json).not.toMatch(/control_plane_scaling_config|deletion_protection|availability_mode|threshold/);
  });
});
it("starts at the fewest nodes, none if so, and leaves the number to the autoscaler", () => {
  const { scaling_config, lifecycle } = group({ minSize: 0, maxSize: 7 }).one(EksNodeGroup);
  expect(scaling_config).toEqual({ min_size: 0, max_size: 7, desired_size: 0 });
  expect(lifecycle.ignore_changes).toEqual(["scaling_config[0].desired_size"]);
});
it("may be of GPU or Neuron types too, by their image", () => {
  const ami = (type: string) => group({ instanceTypes: [type] }).one(EksNodeGroup).ami_type;
  expect(ami("g6.xlarge")).toBe("AL2023_x86_64_NVIDIA");
  expect(ami("trn1.2xlarge")).toBe("AL2023_x86_64_NEURON");
});
it("buys spot capacity of several types in the order given", () => {
  const instanceTypes = ["g6.xlarge", "g5.xlarge", "g4dn.xlarge"];
  const settings = { capacityType: "SPOT" as const, instanceTypes };
  expect(pool(GPU_POOL, settings).one(EksNodeGroup)).toMatchObject({
    capacity_type: "SPOT",
    instance_types: instanceTypes,
  });
});
it("has its labels and taints", () => {
  const taints = [{ key: "a", value: "b", effect: "NO_EXECUTE" as const }];
  expect(group({ labels: { role: "x" }, taints }).one(EksNodeGroup)).toMatchObject({
    labels: { role: "x" },
    taint: taints,
  });
});
it("waits for what the cluster says", () => {
  const found = synth((stack) => {
    const role = new IamRole(stack, "role", { assumeRolePolicy: "{}" });
    new NodeGroup(stack, "group", { name: "a", cluster: { ...CLUSTER, dependsOn: [role] }, settings: PLAIN });
  });
  expect(found.one(EksNodeGroup).depends_on).toEqual(["aws_iam_role.role"]);
});

describe("subnets", () => {
  it("may be the group's own", () => {
    expect(group(ONE_SUBNET).one(EksNodeGroup).subnet_ids).toEqual(ONE_SUBNET.subnetIds);
  });
  it("may be one of the cluster's, by its place", () => {
    expect(group({ subnetIndex: 1 }).one(EksNodeGroup).subnet_ids).toEqual([CLUSTER.subnetIds[1]]);
  });
});

describe("a cluster known only at apply time", () => {
  const build = (settings: Partial<Settings>) =>
    synth((stack) => {
      const eks = new EksCluster(stack, "eks", {
        name: "x",
        roleArn: "arn:aws:iam::123456789012:role/x",
        vpcConfig: { subnetIds: [] },
      });
      const cluster = {
        ...CLUSTER,
        clusterName: eks.name,
        subnetIds: eks.vpcConfig.subnetIds,
        nodeSecurityGroupId: eks.vpcConfig.clusterSecurityGroupId,
      };
      new NodeGroup(stack, "group", { name: "g", cluster, settings: { ...PLAIN, ...settings } });
    });
  it("is referred to", () => {
    const found = build({});
    expect(found.one(EksNodeGroup)).toMatchObject({ cluster_name: refTo(EksCluster, "name") });
    expect(found.one(EksNodeGroup).subnet_ids).toMatch(/^\$\{tolist\(aws_eks_cluster\.eks\.vpc_config/);
    expect(found.one(LaunchTemplate).name_prefix).toBe("eks-g-");
    expect(found.one(LaunchTemplate).tag_specifications[0].tags.Name).toMatch(/^\$\{aws_eks_cluster\.eks\.name\}-g$/);
  });
  it("names its placement group and picks its subnet", () => {
    const found = build({ placementGroup: true, subnetIndex: 5 });
    expect(found.one(PlacementGroup).name).toMatch(/^\$\{aws_eks_cluster\.eks\.name\}-g$/);
    expect(found.one(EksNodeGroup).subnet_ids).toEqual([expect.stringMatching(/^\$\{element\(tolist\(.*\), 5\)\}$/)]);
  });
});

it("exposes its Auto Scaling group and its pool", () => {
  const { outputs } = synth((stack) => {
    const settings = { ...PLAIN, labels: { a: "b" }, taints: [{ key: "k", effect: "NO_SCHEDULE" as const }] };
    const made = new NodeGroup(stack, "group", { name: "a", cluster: CLUSTER, settings });
    new TerraformOutput(stack, "asg", { value: made.autoscalingGroupName });
    expect(made.pool).toMatchObject({
      name: "a",
      kind: "additional",
      labels: { a: "b" },
      taints: [{ key: "k", value: "", effect: "NO_SCHEDULE" }],
    });
  });
  expect(outputs.asg.value).toEqual(refTo(EksNodeGroup, "resources[0].autoscaling_groups[0].name"));
});
it("omits the value of a taint that has none", () => {
  const taint = group({ taints: [{ key: "k", effect: "NO_SCHEDULE" }] }).one(EksNodeGroup).taint;
  expect(taint).toEqual([{ key: "k", effect: "NO_SCHEDULE" }]);
});
it.each(["a", "0", "a".repeat(63), "A_b-c"])("accepts the name %s", (name) => {
  const found = synth((stack) => new NodeGroup(stack, "group", { name, cluster: CLUSTER, settings: PLAIN }));
  expect(found.one(EksNodeGroup).node_group_name_prefix.length).toBeLessThanOrEqual(63 - 26);
  expect(found.one(LaunchTemplate).name_prefix.length).toBeGreaterThanOrEqual(3);
});
it("keeps the names of launch templates and placement groups within EC2's limits", () => {
  const name = "n".repeat(63);
  const cluster = { ...CLUSTER, clusterName: "c".repeat(100) };
  const settings = { ...PLAIN, placementGroup: true, ...ONE_SUBNET };
  const found = synth((stack) => new NodeGroup(stack, "group", { name, cluster, settings }));
  expect(found.one(LaunchTemplate).name_prefix.length).toBeLessThanOrEqual(128 - 26);
  expect(found.one(PlacementGroup).name.length).toBeLessThanOrEqual(255);
});

const props = (wrong: object) => ({ name: "default", cluster: CLUSTER, settings: PLAIN, ...wrong }) as NodeGroupProps;
const settings = (wrong: object) => props({ settings: { ...PLAIN, ...wrong } });
rejects(
  "test/group",
  [
    ["name", props({ name: "" }), '""'],
    ["name", props({ name: "a".repeat(64) }), "aaaa"],
    ["name", props({ name: "-a" }), '"-a"'],
    ["name", props({ name: "a b" }), '"a b"'],
    ["kind", props({ kind: "spot" }), "system, runner, additional", '"spot"'],
    ["settings.subnetIndex", settings({ subnetIndex: 2 }), "less than 2", "got 2"],
    ["settings.perSubnet", settings({ perSubnet: true }), "left out of a single group", "got true"],
    ["settings", props({ settings: undefined }), "required"],
    ["settings.instanceTypes", settings({ instanceTypes: undefined }), "required"],
    ["settings.maxSize", settings({ minSize: 11 }), "at least minSize (11)", "got 10"],
    ["settings.maxSize", settings({ maxSize: 0 }), "at least 1", "got 0"],
    ["settings.taints[0].effect", settings({ taints: [{ key: "a", effect: "FOO" }] }), "PREFER_NO_SCHEDULE", '"FOO"'],
    [
      "settings.taints",
      settings({ taints: Array.from({ length: 51 }, (_, i) => ({ key: `k${i}`, effect: "NO_EXECUTE" })) }),
      "at most 50",
      "51",
    ],
    [
      "settings.taints",
      settings({
        instanceTypes: ["g5.xlarge"],
        taints: Array.from({ length: 50 }, (_, i) => ({ key: `k${i}`, effect: "PREFER_NO_SCHEDULE" })),
      }),
      "at most 49 items beside the group's own 1",
      "got 50",
    ],
    ["settings.labels.kubernetes.io/x", settings({ labels: { "kubernetes.io/x": "y" } }), "reserves"],
    ["settings.suffix", settings({ suffix: "a" }), "unknown key"],
    ["setings", props({ setings: {} }), "did you mean settings?"],
  ],
  (scope, wrong: NodeGroupProps) => new NodeGroup(scope, "group", wrong),
);
