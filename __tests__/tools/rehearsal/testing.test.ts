import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { App, TerraformOutput, TerraformStack } from "cdktf";
import { beforeAll, describe, expect, it } from "vitest";
import { dev } from "../../../environments/dev";
import { buildApp } from "../../../stacks/app";
import { plan, type Rehearsed, rehearse } from "../../../tools/rehearsal/testing";
import { withTerraform } from "../../support/attached";
import { ref } from "../../support/terraform-json";
import { scratchFolder } from "./terraform.fixture";

class NetworkStack extends TerraformStack {
  readonly vpc: Vpc;

  constructor(app: App, id: string) {
    super(app, id);
    new AwsProvider(this, "aws", { region: "eu-west-1" });
    this.vpc = new Vpc(this, "vpc", { cidrBlock: "10.1.0.0/16" });
    new TerraformOutput(this, "vpc_id", { value: this.vpc.id, staticId: true });
  }
}

class SubnetsStack extends TerraformStack {
  constructor(app: App, id: string, { vpc }: NetworkStack, cidrBlock = "10.1.1.0/24") {
    super(app, id);
    new AwsProvider(this, "aws", { region: "eu-west-1" });
    const subnets = new Subnet(this, "subnet", { vpcId: vpc.id, cidrBlock });
    subnets.addOverride("count", 2);
  }
}

function apps(cidrBlock?: string) {
  const app = new App({ outdir: scratchFolder() });
  const network = new NetworkStack(app, "network");
  return { app, network, subnets: new SubnetsStack(app, "subnets", network, cidrBlock) };
}
const options = { providers: { packages: ["@cdktf/provider-aws"] } };

withTerraform("dev, rehearsed in short", () => {
  let stacks: Record<string, Rehearsed>;
  beforeAll(async () => {
    const app = buildApp([dev], { outdir: scratchFolder() });
    stacks = await rehearse(app, { ...options, steps: ["init", "plan", "apply", "second plan"] });
  }, 600_000);
  const network = () => stacks["dev-exadeploy-network"] as Rehearsed;
  const own = () => Object.entries(network().resources).filter(([address]) => !address.startsWith("data."));

  it("goes up whole, and there is nothing left to do", () => {
    expect(Object.keys(stacks)).toHaveLength(9);
    for (const [id, { resource_changes, resources }] of Object.entries(stacks)) {
      const planned = resource_changes.filter(({ mode }) => mode === "managed").map(({ address }) => address);
      expect(planned.length, id).toBeGreaterThan(5);
      expect(Object.keys(resources), id).toEqual(expect.arrayContaining(planned));
    }
  });
  it("has read its data sources", () => {
    const zones = Object.entries(network().resources).filter(([it]) => it.startsWith("data.aws_availability_zones."));
    expect(zones.map(([, { names }]) => names)).toEqual([["us-west-2a", "us-west-2b", "us-west-2c", "us-west-2d"]]);
  });
  it("has everything that only AWS knows made up", () => {
    const [vpc] = own().flatMap(([address, values]) => (address.startsWith("aws_vpc.") ? [values] : []));
    expect(vpc).toMatchObject({
      id: expect.stringMatching(/^vpc-[0-9a-f]{17}$/),
      cidr_block: "10.255.0.0/16",
      region: "us-west-2",
    });
    expect(vpc.arn).toBe(`arn:aws:ec2:us-west-2:123456789012:vpc/${vpc.id}`);
    expect(vpc.tags_all).toMatchObject({ Environment: "dev", Stack: "dev-exadeploy-network" });
    expect(network().outputs.vpc_id?.value).toBe(vpc.id);
  });
  it("has no two resources with the same id", () => {
    const ids = own().map(([address, { id }]) => `${address.split(".")[0]} ${id}`);
    expect(ids.length).toBeGreaterThan(20);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

withTerraform("rehearse", () => {
  it("gives each stack's plan, outputs and resources, and cleans up", async () => {
    const { app } = apps();
    mkdirSync(join(app.outdir, "stacks", "network", ".terraform"), { recursive: true });
    writeFileSync(join(app.outdir, "stacks", "network", "terraform.tfstate"), "not a state");
    const { network, subnets } = await rehearse(app, options);
    expect(network?.resource_changes).toMatchObject([
      { type: "aws_vpc", change: { actions: ["create"], after: { cidr_block: "10.1.0.0/16" } } },
    ]);
    const id = network?.outputs.vpc_id?.value;
    expect(id).toMatch(/^vpc-/);
    expect(subnets?.resources).toMatchObject({
      "aws_subnet.subnet[0]": { vpc_id: id, cidr_block: "10.1.1.0/24" },
      "aws_subnet.subnet[1]": { vpc_id: id },
    });
    expect(existsSync(join(app.outdir, "states"))).toBe(false);
    expect(readdirSync(join(app.outdir, "stacks", "network")).sort()).toEqual([
      ".terraform",
      "cdk.tf.json",
      "terraform.tfstate",
    ]);
  });
  it("takes only the stacks that matter, and those that they need", async () => {
    const { app } = apps();
    const steps = ["init", "plan", "apply"] as const;
    expect(Object.keys(await rehearse(app, { ...options, steps, stacks: ["net*"] }))).toEqual(["network"]);
  });
  it("fails with what terraform says, and names the construct", async () => {
    const { app, subnets } = apps();
    (subnets.node.findChild("subnet") as Subnet).addOverride("cidr", "10.1.2.0/24");
    const failure = rehearse(app, options);
    await expect(failure).rejects.toThrow(
      /^subnets failed in validate:\n╷\n│ Error: Extraneous JSON object property\n/,
    );
    await expect(failure).rejects.toThrow(/"cidr"[\s\S]*construct: subnets\/subnet\n╵$/);
  });
});

withTerraform("plan", () => {
  it("gives the plan of one stack, for which those that it needs are applied", async () => {
    const { subnets } = apps();
    const { resource_changes } = await plan(subnets, options);
    expect(resource_changes.map(({ address, change }) => [address, change.actions])).toEqual([
      ["aws_subnet.subnet[0]", ["create"]],
      ["aws_subnet.subnet[1]", ["create"]],
    ]);
    expect(resource_changes[0]?.change.after.vpc_id).toMatch(/^vpc-/);
    expect(resource_changes[0]?.change.after_unknown.arn).toBe(true);
  });
  it("fails with what terraform says", async () => {
    const { subnets } = apps(ref("aws_vpc.none.cidr_block"));
    await expect(plan(subnets, options)).rejects.toThrow(/^subnets failed in validate:[\s\S]*undeclared resource/);
  });
});

describe("without a terraform", () => {
  it("both say what to do", async () => {
    const { app, network } = apps();
    const before = process.env.TERRAFORM_BINARY_NAME;
    process.env.TERRAFORM_BINARY_NAME = "no-such-terraform";
    try {
      await expect(rehearse(app)).rejects.toThrow(/"no-such-terraform": install/);
      await expect(plan(network)).rejects.toThrow(/"no-such-terraform": install/);
    } finally {
      if (before === undefined) delete process.env.TERRAFORM_BINARY_NAME;
      else process.env.TERRAFORM_BINARY_NAME = before;
    }
  });
});
