import { describe, expect, it } from "vitest";
import { portfolioSchema } from "../../../stacks/portfolio/settings";

const PACKAGE = "__tests__/stacks/training/packages/image-files";
const route = (layers: string[]) => ({
  api: {
    routes: {
      mine: {
        method: "GET",
        path: "/mine",
        description: "Mine",
        entry: "assets/portfolio-api/process/handler.py",
        layers,
      },
    },
  },
});

it("has all of the portfolio, and nothing of the user's, by default", () => {
  expect(portfolioSchema.parse({})).toMatchObject({
    table: {},
    rawBucket: {},
    layers: {},
    api: { routes: {}, without: [] },
    alarms: true,
    alertEmails: [],
  });
  expect(portfolioSchema.parse({})).not.toHaveProperty("domain");
});
describe("a route", () => {
  it("may have the layer that is always built, and those of the user", () => {
    expect(portfolioSchema.safeParse(route(["receipts"])).error).toBeUndefined();
    const layers = { mine: { packageDir: PACKAGE } };
    expect(portfolioSchema.safeParse({ ...route(["mine", "receipts"]), layers }).error).toBeUndefined();
  });
  it("has no other", () => {
    const layers = { mine: { packageDir: PACKAGE } };
    const { error } = portfolioSchema.safeParse({ ...route(["receipts", "yours"]), layers });
    expect(error?.issues).toMatchObject([
      {
        path: ["api", "routes", "mine", "layers", 1],
        message: "must be one of layers (mine, receipts), got yours",
      },
    ]);
  });
});
it("tells people of alarms where there are any", () => {
  const alertEmails = ["ops@example.com"];
  expect(portfolioSchema.safeParse({ alertEmails }).error).toBeUndefined();
  expect(portfolioSchema.safeParse({ alarms: false }).error).toBeUndefined();
  expect(portfolioSchema.safeParse({ alarms: false, alertEmails }).error?.issues).toMatchObject([
    { path: ["alertEmails"], message: "must be left out where alarms is off, got ops@example.com" },
  ]);
});
it("has a certificate for a domain only", () => {
  const api = { certificateArn: "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f" };
  const domain = { name: "example.com", hostedZoneId: "Z0123456789EXAMPLE" };
  expect(portfolioSchema.safeParse({ api, domain }).error).toBeUndefined();
  expect(portfolioSchema.safeParse({ api }).error?.issues).toMatchObject([{ path: ["api", "certificateArn"] }]);
});
it("knows no key but its own", () => {
  expect(portfolioSchema.safeParse({ bucket: {} }).success).toBe(false);
});
