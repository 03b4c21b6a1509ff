import { expect, it } from "vitest";
import { NO_OPENINGS, RULE_QUOTA } from "../../../modules/common/openings";

it("knows AWS's quota, which is that of groups of which nothing else is known", () => {
  expect(RULE_QUOTA).toEqual({ default: 60, highest: 1000 });
  expect(NO_OPENINGS).toEqual({ clientCidrs: [], apiCidrs: [], nodeRules: 0, apiRules: 0, securityGroupRules: 60 });
});
