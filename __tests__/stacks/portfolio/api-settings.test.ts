import { expect, it } from "vitest";
import { apiSchema } from "../../../stacks/portfolio/api-settings";

it("needs nothing, and is checked by the API's own rules", () => {
  const settings = apiSchema.parse(undefined);
  expect(settings).toMatchObject({ routes: {}, without: [], logRetentionDays: 14, dashboard: true });
  expect(settings.throttle).toEqual({ burst: 10_000, rate: 20_000 });
  expect(apiSchema.parse({})).toEqual(settings);
  expect(apiSchema.safeParse({ without: ["nothing"] }).success).toBe(false);
});
