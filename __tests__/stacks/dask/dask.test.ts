import { readFileSync } from "node:fs";
import { join } from "node:path";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { describe, expect, it } from "vitest";
import { prod } from "../../../environments/prod";
import { type Json, synthApp } from "../../support/synth";
import { daskConfigurations } from "./configurations.fixture";

const LAYERS = ["network", "vpn", "load-balancing", "container", "agent"];
type Made = ReturnType<typeof synthApp>;
const dependencies = ({ outdir }: Made): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries<Json>(JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")).stacks)
      .map(([id, stack]) => [id, [...stack.dependencies].sort()] as [string, string[]])
      .filter(([id]) => id.includes("-dask-")),
  );

describe("the layers", () => {
  const made = synthApp(prod);
  const ids = made.ids.filter((id) => id.includes("-dask-"));
  it("are five in prod, each on those before it", () => {
    expect([...ids].sort()).toEqual(LAYERS.map((layer) => `prod-dask-${layer}`).sort());
    for (const [id, needed] of Object.entries(dependencies(made))) {
      const place = LAYERS.indexOf(id.replace("prod-dask-", ""));
      for (const other of needed) expect(LAYERS.indexOf(other.replace("prod-dask-", "")), id).toBeLessThan(place);
      expect(needed.includes("prod-dask-network"), id).toBe(place > 0);
    }
    expect(dependencies(made)["prod-dask-load-balancing"]).toContain("prod-dask-vpn");
  });
  it("open nothing to the internet", () => {
    const configurations = Object.values(daskConfigurations).map((environment) => synthApp(environment));
    for (const app of [made, ...configurations]) {
      for (const id of app.ids.filter((name) => name.includes("-dask-"))) {
        for (const rule of app.stack(id).all(VpcSecurityGroupIngressRule)) {
          expect(rule.cidr_ipv4 ?? "", id).not.toBe("0.0.0.0/0");
          expect(rule, id).not.toHaveProperty("cidr_ipv6");
        }
      }
    }
  });
  it("never bear the tag by which dask-cloudprovider deletes what it made", () => {
    for (const id of ids) expect(made.text(id), id).not.toMatch(/"createdBy"/);
  });
  it("tag everything", () => {
    for (const id of ids) {
      expect(made.stack(id).parsed.provider.aws[0].default_tags[0].tags).toMatchObject({ System: "dask", Stack: id });
    }
  });
});
it.each([
  ["lake", ["agent", "container", "load-balancing", "network", "vpn"]],
  ["spare", ["container", "network"]],
  ["lodger", ["agent", "container", "load-balancing", "network", "vpn"]],
] as const)("are what the configuration %s asks for", (name, layers) => {
  expect(synthApp(daskConfigurations[name]).ids).toEqual(layers.map((layer) => `${name}-dask-${layer}`));
});
it("leaves no trace of layers that are left out", () => {
  const { ids, text } = synthApp(daskConfigurations.spare);
  for (const id of ids) expect(text(id), id).not.toMatch(/vpn|load.balanc|aws_lb/i);
});
