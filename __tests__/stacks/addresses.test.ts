import { expect, it } from "vitest";
import { dev } from "../../environments/dev";
import { prod } from "../../environments/prod";
import { type Json, synthApp } from "../support/synth";
import { kubeConfigurations } from "./exadeploy/kube-configurations.fixture";
import { fossaConfigurations } from "./fossa/configurations.fixture";

/** Every resource of an app's stacks by its address in the state, without the hash that follows from the same ids. */
function addresses(...environments: Parameters<typeof synthApp>): string {
  const { ids, stack } = synthApp(...environments);
  const lines = ids.flatMap((id) =>
    Object.entries<Json>(stack(id).parsed.resource ?? {}).flatMap(([type, named]) =>
      Object.values<Json>(named).map((resource) => `${resource["//"].metadata.path} ${type}`),
    ),
  );
  return `${lines.sort().join("\n")}\n`;
}

it("keeps every resource where it stands in the state: a construct of another id would be made anew", async () => {
  const { everything, karpenter, operator } = kubeConfigurations;
  const all = addresses(dev, prod, ...Object.values(fossaConfigurations), everything, karpenter, operator);
  await expect(all).toMatchFileSnapshot("rendered/addresses.txt");
});
