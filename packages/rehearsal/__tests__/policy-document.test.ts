import { describe, expect, it } from "vitest";
import type { Value } from "../src/msgpack-cty";
import { policyDocument } from "../src/policy-document";

const json = (config: Record<string, Value>) => policyDocument(config).json;
const lines = (...text: string[]) => text.join("\n");

describe("aws_iam_policy_document", () => {
  it("is formatted as by the provider", () => {
    expect(json({ statement: [{ actions: ["s3:GetObject"], resources: ["*"], effect: null }] })).toBe(
      lines(
        "{",
        '  "Version": "2012-10-17",',
        '  "Statement": [',
        "    {",
        '      "Effect": "Allow",',
        '      "Action": "s3:GetObject",',
        '      "Resource": "*"',
        "    }",
        "  ]",
        "}",
      ),
    );
  });
  it.each<[string, Record<string, Value>, object]>([
    ["several words in reverse order", { actions: ["a", "c", "b"] }, { Action: ["c", "b", "a"] }],
    [
      "IAM's own variables",
      { resources: ["arn:aws:s3:::b/&{aws:username}"] },
      { Resource: `arn:aws:s3:::b/$${"{aws:username}"}` },
    ],
    ["everybody", { principals: [{ type: "*", identifiers: ["*"] }] }, { Principal: "*" }],
    [
      "principals of one type together",
      {
        principals: [
          { type: "AWS", identifiers: ["a"] },
          { type: "AWS", identifiers: ["b"] },
        ],
      },
      { Principal: { AWS: ["a", "b"] } },
    ],
    [
      "conditions by test and variable, in order",
      {
        condition: [
          { test: "StringEquals", variable: "b", values: ["2", "1"] },
          { test: "Bool", variable: "c", values: ["true"] },
          { test: "StringEquals", variable: "a", values: ["x"] },
        ],
      },
      { Condition: { Bool: { c: "true" }, StringEquals: { a: "x", b: ["2", "1"] } } },
    ],
  ])("writes %s", (_, statement, rendered) => {
    const { minified_json } = policyDocument({ statement: [statement] });
    expect(minified_json).toBe(
      JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...rendered }] }),
    );
  });
  it("escapes characters of HTML", () => {
    expect(json({ statement: [{ sid: "a<b>&c" }] })).toContain('"Sid": "a\\u003cb\\u003e\\u0026c"');
  });
  it("merges documents: a later statement replaces one with the same Sid", () => {
    const document = (sid: string, action: string) =>
      JSON.stringify({
        Version: "2012-10-17",
        Id: "first",
        Statement: [{ Sid: sid, Effect: "Allow", Action: action }],
      });
    const { Id, Statement } = JSON.parse(
      json({
        source_policy_documents: [document("a", "source")],
        statement: [
          { sid: "a", actions: ["own"] },
          { sid: "b", actions: ["own"] },
        ],
        override_policy_documents: [document("b", "override")],
      }) as string,
    );
    expect(Id).toBe("first");
    expect(Statement.map(({ Sid, Action }: Record<string, string>) => [Sid, Action])).toEqual([
      ["a", "own"],
      ["b", "override"],
    ]);
  });
  it("has only a version by default", () => {
    expect(policyDocument({}).minified_json).toBe('{"Version":"2012-10-17"}');
    expect(policyDocument({ version: "2008-10-17" }).minified_json).toBe('{"Version":"2008-10-17"}');
  });
  it("rejects documents that the provider rejects", () => {
    expect(() => json({ source_policy_documents: ['{"Statement":{"Effect":"Allow"}}'] })).toThrow(
      /Statement must be a list/,
    );
  });
});
