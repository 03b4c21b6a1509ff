import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { App, TerraformOutput, TerraformStack } from "cdktf";
import { describe, expect, it } from "vitest";
import { plan, rehearse } from "../src/testing";
import { scratchFolder } from "./support/terraform";
import { withTerraform } from "./support/with-terraform";

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

withTerraform("rehearse", () => {
  it("returns the plan, outputs and resources of each stack, and cleans up", async () => {
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
  it("takes the given stacks and their dependencies", async () => {
    const { app } = apps();
    const steps = ["init", "plan", "apply"] as const;
    expect(Object.keys(await rehearse(app, { ...options, steps, stacks: ["net*"] }))).toEqual(["network"]);
  });
  it("fails with Terraform's diagnostics and the construct", async () => {
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
  it("returns the plan of one stack after applying its dependencies", async () => {
    const { subnets } = apps();
    const { resource_changes } = await plan(subnets, options);
    expect(resource_changes.map(({ address, change }) => [address, change.actions])).toEqual([
      ["aws_subnet.subnet[0]", ["create"]],
      ["aws_subnet.subnet[1]", ["create"]],
    ]);
    expect(resource_changes[0]?.change.after.vpc_id).toMatch(/^vpc-/);
    expect(resource_changes[0]?.change.after_unknown.arn).toBe(true);
  });
  it("fails with Terraform's diagnostics", async () => {
    const { subnets } = apps("$" + "{aws_vpc.none.cidr_block}");
    await expect(plan(subnets, options)).rejects.toThrow(/^subnets failed in validate:[\s\S]*undeclared resource/);
  });
});

describe("without Terraform", () => {
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
