import { stateLocation, withLocalState, withoutProtection } from "@cdktf-ml-infra/rehearsal/local-state";
import type { StackFolder } from "@cdktf-ml-infra/rehearsal/stacks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dev } from "../../environments/dev";
import { defineEnvironment } from "../../stacks/environment";
import { Moto } from "../support/moto";
import { Workspace } from "../support/terraform";
import { forMoto } from "../support/terraform-json";
import { withoutWhatMotoLacks } from "./moto-lacks";
import { onAws, stacksOf } from "./stacks.fixture";

/** Layers of Dask that dev goes without, but for the VPN, which moto lacks. */
const pages = defineEnvironment({
  name: "pages",
  region: "us-west-2",
  dask: {
    loadBalancing: { accessLogs: { forceDestroy: true } },
    container: { dashboards: { pages: { newest: { hosts: ["dask.example.com"] } } } },
  },
});

/** Stacks that read each other's outputs, with those of the same chain in the order of deployment. */
function chainsOf(stacks: readonly StackFolder[]): StackFolder[][] {
  const chains: StackFolder[][] = [];
  for (const stack of stacks) {
    const needed = chains.filter((chain) => chain.some(({ id }) => stack.needs.includes(id)));
    for (const chain of needed) chains.splice(chains.indexOf(chain), 1);
    chains.push([...needed.flat(), stack]);
  }
  return chains;
}

onAws("dev on moto", () => {
  const table = chainsOf(stacksOf(dev, pages)).map((chain) => [(chain[0] as StackFolder).id, chain] as const);

  // The provider waits for most of the time, so that chains go beside each other, each with an AWS of its own.
  describe.concurrent.each(table)("what begins with %s", (_, stacks) => {
    const chain = stacks.map((stack) => [stack.id, stack] as const);
    const states = new Map<string, string>();
    const workspaces = new Map<string, Workspace>();

    let moto: Moto;
    beforeAll(async () => {
      moto = await Moto.start();
    });
    afterAll(() => moto?.stop());

    it.sequential.each(chain)("%s applies, and a second plan changes nothing", async (id, { json, folder }) => {
      const local = withLocalState(json, (location) => states.get(location) ?? `${location} is not applied`);
      const applicable = withoutProtection(withoutWhatMotoLacks(forMoto(local)));
      const workspace = await Workspace.of(`deploy-${id}`, applicable, { source: folder, env: moto.env });
      workspaces.set(id, workspace);
      states.set(stateLocation(json), workspace.stateFile);
      await workspace.apply();
      expect(await workspace.plan()).toEqual([]);
    });

    it.sequential.each([...chain].reverse())("%s is destroyed", async (id) => {
      await workspaces.get(id)?.destroy();
      expect(await workspaces.get(id)?.outputs()).toEqual({});
    });
  });
});
