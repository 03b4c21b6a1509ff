import { expect, it } from "vitest";
import { dev } from "../../environments/dev";
import { prod } from "../../environments/prod";
import { type Json, synthApp } from "../support/synth";
import { addressConfigurations, awsConfigurations } from "./configurations.fixture";

const parts = (kind: Json = {}) =>
  Object.entries<Json>(kind).flatMap(([type, named]) =>
    Object.entries<Json>(named).map(([name, body]) => ({ address: `${type}.${name}`, body })),
  );

// Terraform refuses anything else: what another stack holds is there before this one, and cannot be waited for
it("what a resource waits for is a whole resource or data source of its own stack", () => {
  const app = synthApp(dev, prod, ...new Set([...awsConfigurations, ...addressConfigurations]));
  const wrong = app.ids.flatMap((id) => {
    const { resource, data } = app.stack(id).parsed;
    const [resources, looked] = [parts(resource), parts(data)];
    const known = new Set([
      ...resources.map(({ address }) => address),
      ...looked.map(({ address }) => `data.${address}`),
    ]);
    return [...resources, ...looked].flatMap(({ address, body }) =>
      (body.depends_on ?? []).flatMap((other: string) => (known.has(other) ? [] : `${id}/${address}: ${other}`)),
    );
  });
  expect(wrong).toEqual([]);
}, 120_000);
