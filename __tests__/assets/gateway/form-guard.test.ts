import { describe, expect, it } from "vitest";
import { FormTokens, fromOwnPage } from "../../../assets/gateway/form-guard";

describe("a form's token", () => {
  let now = 1_000;
  const tokens = new FormTokens(Buffer.from("one"), () => now);

  it("is accepted for twelve hours", () => {
    now = 1_000;
    const token = tokens.issue();
    expect(tokens.accepts(token)).toBe(true);
    now += 12 * 3_600_000 - 1;
    expect(tokens.accepts(token)).toBe(true);
    now += 1;
    expect(tokens.accepts(token)).toBe(false);
  });
  it("is not one of another process", () => {
    expect(tokens.accepts(new FormTokens(Buffer.from("two"), () => now).issue())).toBe(false);
  });
  it.each<[string, (token: string) => string]>([
    ["nothing", () => ""],
    ["a dot", () => "."],
    ["no signature", (token) => token.split(".")[0] ?? ""],
    ["another expiry", (token) => `9${token}`],
    ["a signature cut short", (token) => token.slice(0, -1)],
    ["another signature", (token) => `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`],
    ["letters beyond ASCII", (token) => `${token.split(".")[0]}.${"é".repeat(43)}`],
  ])("is not %s", (_, change) => {
    expect(tokens.accepts(change(tokens.issue()))).toBe(false);
  });
});

describe("a form from this site", () => {
  const HOST = "fossa.example.org";
  it.each<[boolean, Record<string, string>]>([
    [true, { Origin: "http://fossa.example.org" }],
    [true, { Origin: "http://fossa.example.org", "Sec-Fetch-Site": "same-origin" }],
    [true, { "Sec-Fetch-Site": "same-origin" }],
    [true, { Origin: "https://fossa.example.org", "X-Forwarded-Proto": "https" }],
    [false, {}],
    [false, { Origin: "null" }],
    [false, { Origin: "https://fossa.example.org" }],
    [false, { Origin: "http://fossa.example.org", "X-Forwarded-Proto": "https" }],
    [false, { Origin: "http://fossa.example.org:8080" }],
    [false, { Origin: "http://fossa.example.org.evil.example" }],
    [false, { Origin: "http://evil.example", "Sec-Fetch-Site": "same-origin" }],
    [false, { Origin: "http://fossa.example.org", "Sec-Fetch-Site": "cross-site" }],
    [false, { Origin: "http://fossa.example.org", "Sec-Fetch-Site": "same-site" }],
    [false, { Origin: "http://fossa.example.org", "Sec-Fetch-Site": "none" }],
  ])("%s for %o", (own, headers) => {
    expect(fromOwnPage(new Headers({ Host: HOST, ...headers }))).toBe(own);
  });
});
