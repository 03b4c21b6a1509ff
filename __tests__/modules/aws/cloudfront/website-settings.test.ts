import { expect, it } from "vitest";
import { staticWebsiteSettings, websiteSchema } from "../../../../modules/aws/cloudfront/website-settings";

it("shows the example site on CloudFront's name where nothing is said", () => {
  expect(websiteSchema.parse({ name: "dev-site" })).toEqual({
    name: "dev-site",
    folder: expect.stringMatching(/assets\/website\/site$/),
    reserved: [],
    pages: [],
    fallback: "spa",
    immutableFolders: ["_next/static"],
    bucket: { forceDestroy: false, preventDestroy: false, noncurrentVersionDays: 90 },
    priceClass: "PriceClass_100",
    contentSecurityPolicy: {},
    httpsDays: 365,
    connect: [],
    accessLogs: { retentionDays: 90, forceDestroy: false },
    errorPercent: 5,
    logRetentionDays: 30,
    tracing: true,
  });
});
it.each([
  "name",
  "hosts",
  "hostedZoneId",
  "reserved",
  "connect",
  "alarmTopicArns",
  "globalAlarmTopicArns",
  "globalProvider",
])("leaves %s to the stack", (key) => {
  const { success, error } = staticWebsiteSettings.safeParse({ [key]: "x" });
  expect(success).toBe(false);
  expect(error?.issues[0]).toMatchObject({ path: [key], message: expect.stringContaining("since the stack sets it") });
});
it("leaves a user's settings as they are", () => {
  const given = { folder: false as const, pages: ["a.html"], waf: {} };
  expect(staticWebsiteSettings.parse(given)).toBe(given);
});
