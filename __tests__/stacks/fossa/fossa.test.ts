import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { defineEnvironment, type EnvironmentSettings } from "../../../stacks/environment";
import { NETWORK } from "../../modules/fargate-fossa/fossa.fixture";
import { errorOf } from "../../support/bad-input";
import { synthApp } from "../../support/synth";
import { fossaConfigurations } from "./configurations.fixture";

const app = (fossa: EnvironmentSettings["fossa"] = {}) =>
  synthApp(defineEnvironment({ name: "dev", region: "eu-west-2", fossa }));

describe("Fossa's stacks", () => {
  const made = app();
  it("are network, gateway and cluster, each on those before it", () => {
    expect(made.ids).toEqual(["dev-fossa-cluster", "dev-fossa-gateway", "dev-fossa-network"]);
    const { stacks } = JSON.parse(readFileSync(join(made.outdir, "manifest.json"), "utf8"));
    expect(stacks["dev-fossa-network"].dependencies).toEqual([]);
    expect(stacks["dev-fossa-gateway"].dependencies).toEqual(["dev-fossa-network"]);
    expect(stacks["dev-fossa-cluster"].dependencies.sort()).toEqual(["dev-fossa-gateway", "dev-fossa-network"]);
  });
  it("name the region in the provider and in the names that lead to it, and no account", () => {
    for (const id of made.ids) expect(made.text(id), id).not.toMatch(/\b\d{12}\b/);
  });
  it("wait for no route of another stack, which Terraform could not", () => {
    for (const id of made.ids) expect(made.text(id), id).not.toMatch(/"data\.terraform_remote_state[^"]*\.outputs/);
  });
  it("tag everything", () => {
    for (const id of made.ids) {
      expect(made.stack(id).parsed.provider.aws[0].default_tags[0].tags).toMatchObject({ System: "fossa", Stack: id });
    }
  });
});
it("stand in a network that exists, for which no stack is made", () => {
  const made = app({ existingNetwork: NETWORK });
  expect(made.ids).toEqual(["dev-fossa-cluster", "dev-fossa-gateway"]);
  expect(made.text("dev-fossa-gateway")).toContain("rtb-0123456789abcdef0");
});
it.each([
  ["closed", ["cluster", "gateway", "network"]],
  ["workshop", ["cluster", "gateway", "network"]],
  ["guest", ["cluster", "gateway"]],
] as const)("are what the configuration %s asks for", (name, layers) => {
  expect(synthApp(fossaConfigurations[name]).ids).toEqual(layers.map((layer) => `${name}-fossa-${layer}`));
});
it("name the path of a wrong setting", () => {
  const message = errorOf(() => app({ cluster: { workers: { cpu: 300 as 256 } } })).message;
  expect(message).toMatch(/^dev: fossa\.cluster\.workers\.cpu: /);
});
