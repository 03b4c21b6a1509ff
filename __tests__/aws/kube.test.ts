import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withLocalState } from "@cdktf-ml-infra/rehearsal/local-state";
import { type Providers, startProviders } from "@cdktf-ml-infra/rehearsal/server";
import { rehearse } from "@cdktf-ml-infra/rehearsal/testing";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { buildApp } from "../../stacks/app";
import type { Environment } from "../../stacks/environment";
import {
  kubeConfigurations,
  kubeEnvironment,
  PARTS,
  type Platform,
  SECRETS,
} from "../stacks/exadeploy/kube-configurations.fixture";
import { Moto } from "../support/moto";
import type { Json } from "../support/synth";
import { stateOf, Workspace } from "../support/terraform";
import { forMoto } from "../support/terraform-json";
import { onAws, stacksOf } from "./stacks.fixture";

const providers = { secrets: SECRETS };
const appOf = (...environments: Environment[]) =>
  buildApp(environments, { outdir: mkdtempSync(join(inject("scratch"), "out-")) });

/** Outputs of other stacks that a stack reads, with values of the form that their names tell. */
function outputsRead(json: Json): Record<string, { value: string; type: "string" }> {
  const names = [...JSON.stringify(json).matchAll(/\.outputs\.([\w-]+)/g)].map(([, name = ""]) => name);
  const madeUp = (name: string) => {
    if (/certificate/.test(name)) return "Q0E=";
    if (/endpoint$/.test(name)) return "https://example.eks.amazonaws.com";
    if (/security_group/.test(name)) return "sg-0123456789abcdef0";
    return /vpc/.test(name) ? "vpc-0123456789abcdef0" : "plain";
  };
  return Object.fromEntries(names.map((name) => [name, { value: madeUp(name), type: "string" }]));
}

onAws("the Kubernetes layer", () => {
  it("goes up and comes down in every configuration, ExaDeploy and each backend and autoscaler among them", async () => {
    const stacks = await rehearse(appOf(...Object.values(kubeConfigurations)), { providers });
    expect(Object.keys(stacks).filter((id) => id.endsWith("-kube"))).toHaveLength(
      Object.keys(kubeConfigurations).length,
    );
    const releases = (name: string) =>
      Object.entries<Json>(stacks[`${name}-exadeploy-kube`]?.resources ?? {})
        .filter(([address]) => address.startsWith("helm_release."))
        .map(([, release]) => release.name);
    expect(releases("bare")).toEqual(expect.arrayContaining(["cluster-autoscaler", "nvidia-device-plugin"]));
    expect(releases("karpenter")).toContain("karpenter");
    expect(releases("remote")).toContain("exadeploy");
    expect(JSON.stringify(stacks)).not.toContain(Object.values(SECRETS)[0]);
  });
  it("goes up with each part of the platform alone", async () => {
    const parts = Object.entries<Json>(PARTS).map(([name, settings]) =>
      kubeEnvironment(`x${name.toLowerCase()}`.slice(0, 12), { platform: { [name]: settings } as Platform }),
    );
    const stacks = await rehearse(appOf(...parts), { providers, steps: ["init", "plan", "apply", "second plan"] });
    expect(Object.keys(stacks).filter((id) => id.endsWith("-kube"))).toHaveLength(parts.length);
  });

  describe("with the real AWS provider, and the rehearsal's for the rest", () => {
    let moto: Moto;
    let others: Providers;
    beforeAll(async () => {
      moto = await Moto.start();
      others = await startProviders({ packages: ["@cdktf/provider-helm", "@cdktf/provider-kubernetes"] });
    });
    afterAll(async () => {
      others?.close();
      await moto?.stop();
    });
    it.each([
      ["the cluster autoscaler", kubeEnvironment("plain", { platform: { prometheus: {}, dcgmExporter: {} } })],
      [
        "Karpenter",
        kubeEnvironment("nodes", { platform: { loadBalancerController: {} } }, { autoscaler: "karpenter" }),
      ],
    ])("is valid with %s, and a plan creates all of it", async (_, environment) => {
      const stack = stacksOf(environment).find(({ id }) => id.endsWith("-kube"));
      if (!stack) throw new Error("there is no kube stack");
      const cluster = join(inject("scratch"), `${stack.id}.tfstate`);
      const json = forMoto(withLocalState(stack.json, () => cluster));
      writeFileSync(cluster, JSON.stringify(stateOf(outputsRead(stack.json))));
      const workspace = await Workspace.of(stack.id, json, {
        source: stack.folder,
        env: { ...moto.env, TF_REATTACH_PROVIDERS: others.reattach },
      });
      const changes = await workspace.plan();
      expect(new Set(changes.map(({ action }) => action))).toEqual(new Set(["create"]));
      expect(changes.length).toBeGreaterThan(5);
    });
  });
});
