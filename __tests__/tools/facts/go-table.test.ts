import { expect, it } from "vitest";
import { goTable } from "../../../tools/facts/go-table";

it("reads every price of every region", () => {
  const text = `var Prices = map[string]map[T]float64{
	// us-east-1
	"us-east-1": {
		// a1 family
		"a1.2xlarge": 0.204000, "u7i-12tb.224xlarge": 152.880000,
	},
	"us-gov-west-1": {
		"m5.large": 0.121,
	},
}`;
  expect(goTable(text)).toEqual({
    "us-east-1": { "a1.2xlarge": 0.204, "u7i-12tb.224xlarge": 152.88 },
    "us-gov-west-1": { "m5.large": 0.121 },
  });
});
