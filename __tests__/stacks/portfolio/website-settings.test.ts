import { expect, it } from "vitest";
import { websiteSchema } from "../../../stacks/portfolio/website-settings";

it("needs nothing, and is checked by the website's own rules", () => {
  expect(websiteSchema.parse(undefined)).toEqual({});
  expect(websiteSchema.safeParse({ priceClass: "x" }).success).toBe(false);
});
