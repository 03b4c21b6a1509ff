import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { dev } from "../../environments/dev";
import { prod } from "../../environments/prod";
import { defineEnvironment } from "../../stacks/environment";
import { systemKeys } from "../../stacks/systems";
import { synthApp } from "../support/synth";

/** Folder of a system, and the part of its stacks' ids: `ml-ec2` for `mlEc2`. */
const kebab = (key: string) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const folders = readdirSync(resolve(__dirname, "../../stacks"), { withFileTypes: true }).filter((entry) =>
  entry.isDirectory(),
);

it("registers every folder of stacks/ as a system", () => {
  expect(systemKeys.map(kebab).sort()).toEqual(folders.map(({ name }) => name).sort());
});
it.each(systemKeys)("adds the stacks of %s, under its name, where an environment has it", (key) => {
  const { ids } = synthApp(defineEnvironment({ name: "dev", region: "us-west-2", [key]: {} }));
  expect(ids).not.toEqual([]);
  for (const id of ids) expect(id).toMatch(new RegExp(`^dev-${kebab(key)}(-|$)`));
});
it("has every stack publish its cost", () => {
  const { ids, stack } = synthApp(dev, prod);
  for (const id of ids) expect(stack(id).outputs, id).toHaveProperty("estimated_monthly_cost");
});
it("adds none where an environment has no system", () => {
  const state = { kind: "s3", bucket: "our-state" } as const;
  expect(synthApp(defineEnvironment({ name: "dev", region: "us-west-2", state })).ids).toEqual(["dev-state"]);
});
