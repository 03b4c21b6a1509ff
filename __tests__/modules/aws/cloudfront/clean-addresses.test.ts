import { readFileSync } from "node:fs";
import { CloudfrontFunction } from "@cdktf/provider-aws/lib/cloudfront-function";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CleanAddresses, cleanAddressesCode } from "../../../../modules/aws/cloudfront/clean-addresses";
import { synth } from "../../../support/synth";
import { edge, SITE, sentTo } from "./clean-addresses.fixture";

const ask = edge();

describe("an address", () => {
  it.each([
    // pages of the folder
    ["/", "/index.html"],
    ["/index.html", "/index.html"],
    ["/resume", "/resume.html"],
    ["/resume.html", "/resume.html"],
    ["/docs", "/docs/index.html"],
    ["/docs/setup", "/docs/setup.html"],
    ["/docs/index.html", "/docs/index.html"],
    ["/%C3%BCber%20uns", "/%C3%BCber%20uns.html"],
    ["/LICENSE", "/LICENSE"],
    // files as they are, there or not
    ["/config.json", "/config.json"],
    ["/assets/site.css", "/assets/site.css"],
    ["/missing.png", "/missing.png"],
    ["/.well-known/security.txt", "/.well-known/security.txt"],
    ["/a.b/c.d", "/a.b/c.d"],
    // unknown ones show the first page
    ["/unknown", "/index.html"],
    ["/docs/unknown/deeper", "/index.html"],
    ["/404", "/index.html"],
    ["/Resume", "/index.html"],
    ["/a.b/c", "/index.html"],
    ["/resume%2e", "/index.html"],
    ["/constructor", "/index.html"],
    ["/__proto__", "/index.html"],
    // nothing of these is looked up, and nothing is sent back
    ["/\\evil.example/", "/index.html"],
    ["/\\/evil.example/", "/index.html"],
    ["\\\\evil.example\\", "/index.html"],
    ["/%5Cevil.example/", "/index.html"],
    ["/%5c%5cevil.example/", "/index.html"],
    ["/%2Fevil.example/", "/index.html"],
    ["/%2f%2fevil.example/", "/index.html"],
    ["/%2e%2e/evil.example/", "/index.html"],
    ["/../evil.example/", "/index.html"],
    ["/.//evil.example/", "/index.html"],
    ["/docs/../resume/", "/index.html"],
    ["/..", "/index.html"],
    ["/%09/evil.example/", "/index.html"],
    ["/%0d%0aset-cookie:a=b/", "/index.html"],
    ["/\t/evil.example/", "/index.html"],
    ["/%00/", "/index.html"],
    ["/%zz/", "/index.html"],
    ["/%", "/index.html"],
    ["/\u00fcber uns/", "/index.html"],
    ["https://evil.example/", "/index.html"],
    ["evil.example/", "/index.html"],
    ["", "/index.html"],
  ])("%j is served as %s", (uri, served) => {
    expect(ask(uri)).toMatchObject({ uri: served });
    expect(sentTo(ask(uri))).toBeUndefined();
  });
  it.each([
    ["/resume/", "/resume"],
    ["/docs/", "/docs"],
    ["/unknown/", "/unknown"],
    ["/docs/setup///", "/docs/setup"],
    ["//", "/"],
    ["//evil.example/", "/evil.example"],
    ["//evil.example", "/evil.example"],
    ["///evil.example//x/", "/evil.example/x"],
    ["//user@evil.example:80/", "/user@evil.example:80"],
    ["/javascript:alert(1)/", "/javascript:alert(1)"],
    ["/%252f%252fevil.example/", "/%252f%252fevil.example"],
    ["/a//b", "/a/b"],
  ])("%j is sent to %s, for good", (uri, location) => {
    expect(ask(uri)).toEqual({
      statusCode: 301,
      statusDescription: "Moved Permanently",
      headers: { location: { value: location }, "cache-control": { value: "max-age=3600" } },
    });
  });
  it("keeps its query, several values of a name too, but nothing that is not printed", () => {
    const several = { value: "1", multiValue: [{ value: "1" }, { value: "2" }] };
    const query = (querystring: Parameters<typeof ask>[1]) => sentTo(ask("/resume/", querystring));
    expect(query({ querystring: { a: several, b: { value: "%26" }, c: { value: "" } } })).toBe(
      "/resume?a=1&a=2&b=%26&c",
    );
    expect(query({ querystring: { a: { value: "x\r\nset-cookie: y" } } })).toBe("/resume");
    expect(ask("/resume", { querystring: { a: { value: "1" } } })).toMatchObject({
      uri: "/resume.html",
      querystring: { a: { value: "1" } },
    });
  });
});
it("sends other hosts of the site to its first, to a path that is safe", () => {
  const www = (uri: string, host = "www.example.com") => sentTo(ask(uri, { host, querystring: { q: { value: "1" } } }));
  expect(www("/resume")).toBe("https://example.com/resume?q=1");
  expect(www("/resume/", "WWW.example.com")).toBe("https://example.com/resume?q=1");
  expect(www("//evil.example/")).toBe("https://example.com/evil.example?q=1");
  expect(www("/\\evil.example")).toBe("https://example.com/?q=1");
  expect(www("/resume", "evil.example")).toBeUndefined();
  expect(www("/resume", "constructor")).toBeUndefined();
  expect(sentTo(edge({ ...SITE, hosts: [] })("/", { host: "d111111abcdef8.cloudfront.net" }))).toBeUndefined();
});
it("leaves unknown addresses to the page of what is not found, where asked", () => {
  const strict = edge({ ...SITE, singlePage: false });
  for (const uri of ["/unknown", "/404", "/%2Fevil.example/", "/docs/unknown"]) expect(strict(uri).uri).toBe(uri);
  expect(strict("/resume").uri).toBe("/resume.html");
  expect(strict("/").uri).toBe("/index.html");
});
it("prefers a page to a folder and to a file of its name", () => {
  for (const files of [["docs.html", "docs/index.html", "docs"]]) {
    for (const order of [files, [...files].reverse()])
      expect(edge({ ...SITE, files: order })("/docs").uri).toBe("/docs.html");
  }
});
it("takes an address without a host, which HTTP/1.0 has", () => {
  expect(ask("/resume", { host: "" }).uri).toBe("/resume.html");
});

const pieces = fc.constantFrom(
  "/",
  "\\",
  ".",
  "..",
  "%2f",
  "%5C",
  "%2e",
  "%252f",
  "%09",
  "\t",
  "\n",
  "evil.example",
  "@",
  ":",
  "http:",
  "resume",
  "docs",
  "?",
  "#",
  "\u3000",
);
const uris = fc.oneof(
  fc.array(pieces, { maxLength: 8 }).map((parts) => `/${parts.join("")}`),
  fc.string({ unit: "binary" }).map((text) => `/${text}`),
  fc.webUrl().map((url) => `/${url}`),
);
it("never sends anybody to another host", () => {
  const query = fc.dictionary(fc.string({ minLength: 1 }), fc.record({ value: fc.string({ unit: "binary" }) }), {
    maxKeys: 3,
  });
  fc.assert(
    fc.property(
      uris,
      query,
      fc.constantFrom("example.com", "www.example.com", "evil.example"),
      (uri, querystring, host) => {
        const location = sentTo(ask(uri, { host, querystring: JSON.parse(JSON.stringify(querystring)) }));
        if (location === undefined) return;
        expect(location).toMatch(
          host === "www.example.com" ? /^https:\/\/example\.com\/(?!\/)[!-~]*$/ : /^\/(?![/\\])[!-~]*$/,
        );
        expect(new URL(location, `https://${host}`).host).toBe(host === "www.example.com" ? "example.com" : host);
      },
    ),
    { numRuns: 3000 },
  );
});
it("sends nobody in circles: where it sends is served", () => {
  fc.assert(
    fc.property(uris, (uri) => {
      const location = sentTo(ask(uri));
      if (location !== undefined) expect(sentTo(ask(location))).toBeUndefined();
    }),
  );
});

it("is a function of runtime 2.0, published, and small", () => {
  const code = cleanAddressesCode(SITE);
  const made = synth((stack) => new CleanAddresses(stack, "edge", { name: "dev-site", code })).one(CloudfrontFunction);
  expect(made).toEqual({
    name: "dev-site-addresses",
    comment: "Clean addresses of pages, and one host",
    runtime: "cloudfront-js-2.0",
    publish: true,
    code: expect.any(String),
  });
  expect(made.code).toContain("`$${path}.html`");
  expect(made.code).not.toMatch(/(?<![$])[$]\{|(?<!%)%\{/);
  expect(made.code.split("$${").join("${")).toBe(code);
  expect(Buffer.byteLength(code)).toBeLessThan(3000);
});
it("uses nothing that the runtime lacks", () => {
  const text = readFileSync("assets/website/clean-addresses.js", "utf8").replace(/^\s*\/\/.*$/gm, "");
  for (const lacking of [
    /\bimport\b/,
    /\brequire\b/,
    /\beval\b/,
    /\bsetTimeout\b/,
    /\?\./,
    /\?\?/,
    /\.\.\.\w/,
    /\bof\b/,
    /\bclass\b/,
  ]) {
    expect(text).not.toMatch(lacking);
  }
});
