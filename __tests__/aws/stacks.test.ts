import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stateLocation, withLocalState } from "@cdktf-ml-infra/rehearsal/local-state";
import type { StackFolder } from "@cdktf-ml-infra/rehearsal/stacks";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { mockApply } from "../support/mock-apply";
import { Moto } from "../support/moto";
import { makeReadSecrets } from "../support/read-secrets";
import type { Json } from "../support/synth";
import { stateOf, Workspace } from "../support/terraform";
import { forMoto } from "../support/terraform-json";
import { ENVIRONMENTS, onAws, stacksOf } from "./stacks.fixture";

const addresses = ({ resource = {} }: Json) =>
  Object.entries<Json>(resource).flatMap(([type, named]) => Object.keys(named).map((name) => `${type}.${name}`));

onAws("every stack of every environment and configuration", () => {
  const stacks = stacksOf(...ENVIRONMENTS);
  const byState = new Map(stacks.map((stack) => [stateLocation(stack.json), stack]));
  const stateFile = ({ id }: StackFolder) => join(inject("scratch"), `${id}.mocked.tfstate`);
  const localState = ({ json }: StackFolder) =>
    withLocalState(json, (location) => {
      const owner = byState.get(location);
      if (!owner) throw new Error(`no stack keeps its state in ${location}`);
      return stateFile(owner);
    });
  const table = stacks.map((stack) => [stack.id, stack] as const);

  let moto: Moto;
  beforeAll(async () => {
    moto = await Moto.start();
    await makeReadSecrets(moto, stacks);
  });
  afterAll(() => moto?.stop());

  it.each(table)("%s applies with the provider's schemas and made-up answers", async (id, stack) => {
    const outputs = await mockApply(`mock-${id}`, localState(stack), { source: stack.folder });
    writeFileSync(stateFile(stack), JSON.stringify(stateOf(outputs)));
    expect(Object.keys(outputs).sort()).toEqual(Object.keys(stack.json.output ?? {}).sort());
  });

  it.each(table)("%s is valid, as a plan that creates all of it shows", async (id, stack) => {
    const json = forMoto(localState(stack));
    const workspace = await Workspace.of(`plan-${id}`, json, { source: stack.folder, env: moto.env });
    const changes = await workspace.plan();
    expect(new Set(changes.map(({ action }) => action))).toEqual(new Set(["create"]));
    const planned = changes.map(({ address }) => address.replace(/\[.*\]$/, ""));
    expect(planned.sort()).toEqual(addresses(json).sort());
  });
});
