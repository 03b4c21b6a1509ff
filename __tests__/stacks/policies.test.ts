import { stacksIn } from "@cdktf-ml-infra/rehearsal/stacks";
import { expect, it } from "vitest";
import { documentsIn } from "../../tools/policy/documents";
import { Plausible } from "../../tools/policy/plausible";
import { resourcesOf } from "../../tools/policy/resources";
import { synthApp } from "../support/synth";
import { POLICY_ENVIRONMENTS } from "./policies.fixture";

const stacks = stacksIn(synthApp(...POLICY_ENVIRONMENTS).outdir);
const plausible = new Plausible(stacks);
/** Path of a construct without the environment, of which there are many. */
const place = (path: string) => path.replace(/^[\w-]+?-(?=exadeploy|fossa|ml-ec2|state)/, "");
const list = (value: string | string[] = []) => [value].flat();

/** Every action that a policy allows or denies, and every policy of AWS's that is attached, a line each. */
function lines(): string[] {
  const own = stacks.flatMap((stack) =>
    documentsIn(stack, plausible).flatMap(({ path, document: { Statement } }) =>
      Statement.flatMap(({ Effect, Action, NotAction }) => [
        ...list(Action).map((action) => `${place(path)} ${Effect} ${action}`),
        ...list(NotAction).map((action) => `${place(path)} ${Effect} all but ${action}`),
      ]),
    ),
  );
  const managed = stacks.flatMap(({ id, json }) =>
    resourcesOf(json)
      .filter(({ type }) => type.endsWith("_policy_attachment"))
      .map(({ path, body }) => `${place(path)} Attach ${plausible.text(id, body.policy_arn)}`),
  );
  return [...new Set([...own, ...managed])].sort();
}

it("allows what it allowed: every action of every policy is seen by whoever changes one", async () => {
  await expect(`${lines().join("\n")}\n`).toMatchFileSnapshot("rendered/policies.txt");
});
