import { describe, expect, it } from "vitest";
import {
  type Diagnostic,
  diagnosticsIn,
  located,
  messagesIn,
  pathOf,
  placeOfAddress,
  plainDiagnostic,
  render,
} from "../src/diagnostic";

const error: Diagnostic = { severity: "error", summary: "Wrong", detail: "" };
const made = (path: string, more: object = {}) => ({ "//": { metadata: { path, uniqueId: "x" } }, ...more });

describe("messagesIn", () => {
  it("reads one object, or one per line", () => {
    expect(messagesIn('{\n  "valid": true\n}\n')).toEqual([{ valid: true }]);
    expect(messagesIn('{"a":1}\nnote\n{"b":2}\n{broken\n')).toEqual([{ a: 1 }, { b: 2 }]);
    expect(messagesIn("")).toEqual([]);
  });
  it("reads distinct diagnostics of both forms", () => {
    const other = { ...error, summary: "Else" };
    expect(diagnosticsIn([{ diagnostic: error }, { type: "log" }, { diagnostics: [other, error] }])).toEqual([
      error,
      other,
    ]);
  });
});

it("plainDiagnostic uses the first line as summary", () => {
  expect(plainDiagnostic("\nError: No provider\n\n  It was not\nfound.\n\n", "else")).toEqual({
    severity: "error",
    summary: "No provider",
    detail: "  It was not\nfound.",
  });
  expect(plainDiagnostic("", "init ended with status 1")).toMatchObject({ summary: "init ended with status 1" });
});

describe("the construct of a diagnostic", () => {
  const json = {
    "//": { metadata: { backend: "local" } },
    data: { aws_region: { here: made("s/here") } },
    module: { vpc: made("s/vpc", { source: "./vpc" }) },
    output: { id: { value: 1 } },
    provider: { aws: [{ region: "x" }] },
    resource: {
      aws_vpc: { a: made("s/a/vpc", { tags: { "a.b": "1" }, list: [{ deep: { er: 1 } }] }), "a-b": made("s/a-b") },
      aws_eip: { a: made("s/a/eip", { domain: "vpc" }) },
    },
  };
  const constructs = (more: Partial<Diagnostic>) => located({ ...error, ...more }, { json }).constructs;
  const lines = JSON.stringify(json, undefined, 2).split("\n");
  const on = (text: string, filename = "cdk.tf.json") => {
    const line = lines.findIndex((it) => it.includes(text)) + 1;
    expect(line, text).toBeGreaterThan(0);
    return constructs({ range: { filename, start: { line } } });
  };

  it.each([
    ["aws_vpc.a", "s/a/vpc"],
    ["aws_vpc.a[0]", "s/a/vpc"],
    ['aws_vpc.a["x.y"]', "s/a/vpc"],
    ["data.aws_region.here", "s/here"],
    ["module.vpc.aws_subnet.a[0]", "s/vpc"],
    ["module.vpc[0].data.aws_subnet.a", "s/vpc"],
  ])("is found by the address %s", (address, path) => {
    expect(constructs({ address })).toEqual([path]);
    expect(pathOf(placeOfAddress(address), json)).toBe(path);
  });
  it.each([
    ['"er": 1', "s/a/vpc"],
    ['"a.b"', "s/a/vpc"],
    ['"a-b": {', "s/a-b"],
    ['"domain"', "s/a/eip"],
    ['"here": {', "s/here"],
    ['"source"', "s/vpc"],
  ])("is found by the line of %s", (text, path) => {
    expect(on(text)).toEqual([path]);
  });
  it("is missing for outputs, providers, other files and unknown addresses", () => {
    expect(on('"value": 1')).toBe(undefined);
    expect(on('"region": "x"')).toBe(undefined);
    expect(on('"domain"', "main.tf")).toBe(undefined);
    expect(constructs({ address: "aws_vpc.z" })).toBe(undefined);
    expect(constructs({})).toBe(undefined);
  });
  it("is every one whose address is in a diagnostic without location", () => {
    expect(constructs({ summary: "Cycle: aws_vpc.a, aws_eip.a" })).toEqual(["s/a/vpc", "s/a/eip"]);
    expect(constructs({ detail: "see data.aws_region.here and aws_vpc.a-b" })).toEqual(["s/a-b", "s/here"]);
    expect(constructs({ summary: "aws_vpc.abc" })).toBe(undefined);
  });
});

describe("render", () => {
  it("shows a diagnostic as Terraform does, with its construct", () => {
    const diagnostic: Diagnostic = {
      ...error,
      summary: "Missing required argument",
      detail: "The argument is required.\nSet it.",
      address: "aws_subnet.a",
      range: { filename: "cdk.tf.json", start: { line: 12 } },
      snippet: { context: "resource.aws_subnet.a", code: '"a": {\n}', start_line: 12 },
      constructs: ["s/a"],
    };
    expect(render(diagnostic)).toBe(
      [
        "╷",
        "│ Error: Missing required argument",
        "│",
        "│   with aws_subnet.a,",
        "│   on cdk.tf.json line 12, in resource.aws_subnet.a:",
        '│   12: "a": {',
        "│   13: }",
        "│",
        "│ The argument is required.",
        "│ Set it.",
        "│",
        "│ construct: s/a",
        "╵",
      ].join("\n"),
    );
  });
  it("omits missing parts", () => {
    expect(render(error)).toBe("╷\n│ Error: Wrong\n╵");
    expect(render({ ...error, severity: "warning", constructs: ["a", "b"] })).toBe(
      "╷\n│ Warning: Wrong\n│\n│ constructs: a, b\n╵",
    );
  });
});
