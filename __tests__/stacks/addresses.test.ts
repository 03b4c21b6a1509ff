import { expect, it } from "vitest";
import { dev } from "../../environments/dev";
import { prod } from "../../environments/prod";
import { type Json, synthApp } from "../support/synth";
import { addressConfigurations } from "./configurations.fixture";

/** Address of every resource of the stacks, without the hash, which is of the same ids. */
function addresses(...environments: Parameters<typeof synthApp>): string {
  const { ids, stack } = synthApp(...environments);
  const lines = ids.flatMap((id) =>
    Object.entries<Json>(stack(id).parsed.resource ?? {}).flatMap(([type, named]) =>
      Object.values<Json>(named).map((resource) => `${resource["//"].metadata.path} ${type}`),
    ),
  );
  return `${lines.sort().join("\n")}\n`;
}

it("keeps the address of every resource: one that moves is replaced", async () => {
  await expect(addresses(dev, prod, ...addressConfigurations)).toMatchFileSnapshot("rendered/addresses.txt");
});
