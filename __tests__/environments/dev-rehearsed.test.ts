import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withTerraform } from "@cdktf-ml-infra/rehearsal/test-support/with-terraform";
import { type Rehearsed, rehearse } from "@cdktf-ml-infra/rehearsal/testing";
import { beforeAll, expect, it } from "vitest";
import { dev } from "../../environments/dev";
import { buildApp } from "../../stacks/app";

const providers = { packages: ["@cdktf/provider-aws"] };

withTerraform("dev, deployed to a simulated AWS", () => {
  let stacks: Record<string, Rehearsed>;
  beforeAll(async () => {
    const app = buildApp([dev], { outdir: mkdtempSync(join(tmpdir(), "dev-")) });
    stacks = await rehearse(app, { providers, steps: ["init", "plan", "apply", "second plan"] });
  }, 600_000);
  const network = () => stacks["dev-exadeploy-network"] as Rehearsed;
  const own = () => Object.entries(network().resources).filter(([address]) => !address.startsWith("data."));

  it("deploys every resource, with an empty second plan", () => {
    expect(Object.keys(stacks)).toHaveLength(20);
    for (const [id, { resource_changes, resources }] of Object.entries(stacks)) {
      const planned = resource_changes.filter(({ mode }) => mode === "managed").map(({ address }) => address);
      expect(planned.length, id).toBeGreaterThan(5);
      expect(Object.keys(resources), id).toEqual(expect.arrayContaining(planned));
    }
  });
  it("reads its data sources", () => {
    const zones = Object.entries(network().resources).filter(([it]) => it.startsWith("data.aws_availability_zones."));
    expect(zones.map(([, { names }]) => names)).toEqual([["us-west-2a", "us-west-2b", "us-west-2c", "us-west-2d"]]);
  });
  it("has simulated values for everything that AWS decides", () => {
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
