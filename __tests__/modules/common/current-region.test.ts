import { TerraformLocal } from "cdktf";
import { expect, it } from "vitest";
import { currentRegion } from "../../../modules/common/current-region";
import { synth } from "../../support/synth";

it("is read by the attribute that providers 5 and 6 have in common", () => {
  const { parsed } = synth((scope) => new TerraformLocal(scope, "local", currentRegion(scope)));
  expect(parsed.data.aws_region).toEqual({ region: {} });
  expect(parsed.locals.local).toBe("${" + "data.aws_region.region.id}");
});
