import { expect, it } from "vitest";
import { z } from "zod";
import { refuse } from "../../../../modules/common/settings/faults";
import { parseInput } from "../../../../modules/common/settings/props";
import { errorOf } from "../../../support/bad-input";

it.each([
  ["size", "farm: size: must be even, got 3"],
  [["pools", 1, "size"], "farm: pools[1].size: must be even, got 3"],
  [[], "farm: props: must be even, got 3"],
])("reports a fault at %j", (path, message) => {
  const schema = z.object({}).superRefine((_, ctx) => refuse(ctx, path, "must be even, got 3"));
  expect(errorOf(() => parseInput("farm", schema, {})).message).toBe(message);
});
