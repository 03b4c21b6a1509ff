import { Construct } from "constructs";
import { expect, it } from "vitest";
import { present } from "../../../../modules/common/settings/present";
import { errorOf } from "../../../support/bad-input";
import { synth } from "../../../support/synth";

const ask = <T>(part: T | undefined) => {
  const got: T[] = [];
  synth((stack) => got.push(present(new Construct(stack, "box"), "lid", part, "must be on for this, got off")));
  return got[0];
};

it.each(["part", 0, false, null])("gives the part that there is (%j)", (part) => {
  expect(ask(part)).toBe(part);
});
it("names the option of a part that there is not, and where", () => {
  const { name, message } = errorOf(() => ask(undefined));
  expect([name, message]).toEqual(["InputError", "test/box: lid: must be on for this, got off"]);
});
