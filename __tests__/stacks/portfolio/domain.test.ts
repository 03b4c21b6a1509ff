import { expect, it } from "vitest";
import { apiHost, domainSchema, siteHosts } from "../../../stacks/portfolio/domain";

const DOMAIN = { name: "example.com", hostedZoneId: "Z0123456789EXAMPLE" };

it.each([
  ["prod", {}, ["example.com", "www.example.com"], "api.example.com"],
  ["dev", {}, ["dev.example.com"], "api.dev.example.com"],
  ["prod", { apex: false }, ["prod.example.com"], "api.prod.example.com"],
  ["dev", { apex: true }, ["example.com", "www.example.com"], "api.example.com"],
])("gives %s, with %j, the names %j and %s", (environment, more, hosts, api) => {
  const domain = domainSchema.parse({ ...DOMAIN, ...more });
  expect(siteHosts(environment, domain)).toEqual(hosts);
  expect(apiHost(environment, domain)).toBe(api);
});
it("takes a domain of 43 characters, with which a certificate's name has room", () => {
  const name = (length: number) => `${"x".repeat(length - 4)}.com`;
  expect(domainSchema.safeParse({ ...DOMAIN, name: name(43) }).error).toBeUndefined();
  expect(domainSchema.safeParse({ ...DOMAIN, name: name(44) }).error?.issues[0]?.path).toEqual(["name"]);
});
it.each([
  ["name", { name: "Example" }],
  ["name", { name: undefined }],
  ["hostedZoneId", { hostedZoneId: "example" }],
  ["hostedZoneId", { hostedZoneId: undefined }],
  ["apex", { apex: "www" }],
])("refuses a wrong %s", (path, more) => {
  expect(domainSchema.safeParse({ ...DOMAIN, ...more }).error?.issues.map((issue) => issue.path.join("."))).toEqual([
    path,
  ]);
});
