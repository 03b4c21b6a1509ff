import { FlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { S3BucketReplicationConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-replication-configuration";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { describe, expect, it } from "vitest";
import { estimateMonthlyCost } from "../../../modules/cost/estimate";
import { defineEnvironment, type EnvironmentSettings } from "../../../stacks/environment";
import { errorOf } from "../../support/bad-input";
import { type Json, synthApp } from "../../support/synth";

const app = (mlEc2: EnvironmentSettings["mlEc2"] = {}, name = "dev") =>
  synthApp(defineEnvironment({ name, region: "eu-west-1", mlEc2 }));
const build = (mlEc2: EnvironmentSettings["mlEc2"] = {}) => app(mlEc2).stack("dev-ml-ec2");
const box = build();

describe("the network", () => {
  const cidrs = (stack: typeof box) =>
    stack
      .all(Subnet)
      .map(({ cidr_block }) => cidr_block)
      .sort();

  it("is laid out as in the reference, with flow logs of seven days", () => {
    expect(box.one(Vpc).cidr_block).toBe("10.0.0.0/16");
    expect(cidrs(box)).toEqual(["10.0.1.0/24", "10.0.11.0/24", "10.0.12.0/24", "10.0.2.0/24"]);
    expect(box.one(FlowLog).traffic_type).toBe("ALL");
    const groups = Object.values<Json>(box.parsed.resource.aws_cloudwatch_log_group);
    expect(groups.map(({ name }) => name).sort()).toEqual([
      "/aws/ec2/ml-infrastructure-dev-ml-training",
      "/aws/vpc/ml-infrastructure-dev",
    ]);
    expect(groups.find(({ name }) => name === "/aws/vpc/ml-infrastructure-dev").retention_in_days).toBe(7);
  });
  it("computes its subnets for another block, and takes what is given", () => {
    expect(cidrs(build({ network: { cidr: "10.9.0.0/16", azCount: 2 } }))).toHaveLength(4);
    const own = {
      cidr: "10.9.0.0/16",
      azCount: 2,
      public: { cidrs: ["10.9.1.0/24"] },
      private: { cidrs: ["10.9.2.0/24"] },
    };
    expect(cidrs(build({ network: { ...own, nat: "single" } }))).toEqual(["10.9.1.0/24", "10.9.2.0/24"]);
  });
  it("has the machine wait for the way to the internet", () => {
    expect(box.one(Instance).depends_on.join()).toMatch(/aws_route\./);
  });
});

it("tags everything by project, owner and cost centre too", () => {
  const { tags } = build({ machines: { projectName: "vision" }, owner: "anna", costCenter: "r-and-d" }).parsed.provider
    .aws[0].default_tags[0];
  expect(tags).toEqual({
    Environment: "dev",
    System: "ml-ec2",
    Stack: "dev-ml-ec2",
    ManagedBy: "cdktf-ml-infra",
    Project: "vision",
    Owner: "anna",
    CostCenter: "r-and-d",
  });
});

describe("replication", () => {
  it("has a provider in its region, under an alias", () => {
    const stack = build({ machines: { replication: { region: "eu-central-1" } } });
    expect(stack.parsed.provider.aws[1]).toMatchObject({ alias: "replica", region: "eu-central-1" });
    expect(stack.all(S3BucketReplicationConfigurationA)).toHaveLength(2);
  });
  it("leaves no provider behind when it is off", () => {
    expect(box.parsed.provider.aws).toHaveLength(1);
  });
});

describe("the cost", () => {
  const output = box.outputs.estimated_monthly_cost.value;

  it("is that of the stack's resources", () => {
    const estimate = estimateMonthlyCost(box.parsed);
    expect(output.total).toBe(estimate.total);
    expect(output.items).toHaveLength(estimate.items.length);
    expect(output.region).toBe("eu-west-1");
    expect(output.total).toBeGreaterThan(60);
  });
  it("follows the settings", () => {
    const cheaper = build({ network: { nat: "none" }, machines: { placement: "public" } }).outputs
      .estimated_monthly_cost.value;
    expect(output.total - cheaper.total).toBeGreaterThan(30);
  });
});

describe("a wrong setting", () => {
  it.each<[EnvironmentSettings["mlEc2"] | object, string, string?]>([
    [{ machines: { instanceType: "bad" } }, "dev: mlEc2.machines.instanceType: "],
    [{ machines: { region: "us-east-1", instancetype: "x" } }, "instancetype: unknown key; did you mean instanceType?"],
    [{ network: { cidr: "10.0.0.0/8" } }, "dev: mlEc2.network.cidr: must have a prefix from /16 to /24"],
    [
      { network: { public: { cidrs: ["10.0.1.0/24"] }, private: { cidrs: ["10.0.1.0/24"] } } },
      "dev: mlEc2.network.public.cidrs[0]: must not overlap private.cidrs[0]",
    ],
    [{ network: { azCount: 2, azs: ["eu-west-1a", "eu-west-1b", "eu-west-1c"] } }, "dev: mlEc2.network.az"],
  ])("%j", (mlEc2, message) => {
    expect(errorOf(() => app(mlEc2 as EnvironmentSettings["mlEc2"])).message).toContain(message);
  });
  it("is an environment that the reference has no name for", () => {
    expect(errorOf(() => app({}, "qa")).message).toBe(
      'qa: name: must be dev, staging or prod for ML EC2 (mlEc2), got "qa"',
    );
  });
});
