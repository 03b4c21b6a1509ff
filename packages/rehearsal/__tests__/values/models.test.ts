import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { Models } from "../../src/values/models";

const packages = mkdtempSync(join(tmpdir(), "models-"));
function put(path: string, content: unknown) {
  const file = join(packages, path);
  mkdirSync(dirname(file), { recursive: true });
  const text = typeof content === "string" ? content : JSON.stringify(content);
  writeFileSync(file, path.endsWith(".gz") ? gzipSync(text) : text);
}

put("botocore/__init__.py", "import os\n__version__ = '1.2.3'\n");
put("cfnlint/version.py", '__version__ = "4.5.6"\n');
put("botocore/data/eks/2015-01-01/service-2.json.gz", { operations: {}, shapes: {} }); // an older one
put("botocore/data/eks/2017-11-01/service-2.json.gz", {
  operations: { CreateNodegroup: { input: { shape: "Request" } } },
  shapes: {
    Request: {
      type: "structure",
      members: {
        capacityType: { shape: "Capacity" },
        scaling: { shape: "Scaling" },
        names: { shape: "Names" },
        note: { shape: "Text" },
        any: { shape: "Any" },
      },
    },
    Capacity: { type: "string", enum: ["SPOT", "ON_DEMAND"], min: 1, max: 9 },
    Scaling: { type: "structure", members: { least: { shape: "Count" } } },
    Count: { type: "integer", min: 0, max: 5 },
    Names: { type: "list", member: { shape: "Name" }, max: 3 },
    Name: { type: "string", pattern: "[a-z]+", min: 0, max: 8 },
    Any: { type: "string", pattern: "^.*$", min: 0 },
    Text: { type: "string", documentation: "Valid values: a, b" },
  },
});
put("cfnlint/data/schemas/providers/us-east-1.json", { "AWS::Logs::LogGroup": "abc" });
put("cfnlint/data/schemas/resources/abc.json", {
  properties: {
    RetentionInDays: { type: "integer", enum: [1, 3] },
    Rules: { type: "array", items: { $ref: "#/definitions/Rule" } },
  },
  definitions: {
    Rule: { properties: { Days: { type: "integer", minimum: 1 }, Key: { type: "string", maxLength: 4 } } },
  },
});
put("cfnlint/data/schemas/extensions/aws_rds/engine.json", {
  allOf: [{ properties: { Engine: { enum: ["mysql"] } } }],
});

const models = new Models(packages);

describe("the models", () => {
  it("have versions", () => {
    expect(models.versions).toEqual({ botocore: "1.2.3", "cfn-lint": "4.5.6" });
  });
  it.each([
    ["words", "eks:CreateNodegroup.capacityType", { type: "string", oneOf: ["SPOT", "ON_DEMAND"] }],
    ["a range", "eks:CreateNodegroup.scaling.least", { type: "number", min: 0, max: 5 }],
    ["what each of a list is", "eks:CreateNodegroup.names", { type: "string", pattern: "[a-z]+", max: 8 }],
    ["a property", "cfn:AWS::Logs::LogGroup.RetentionInDays", { type: "number", oneOf: [1, 3] }],
    ["a property of each of a list", "cfn:AWS::Logs::LogGroup.Rules.Days", { type: "number", min: 1 }],
    ["a length", "cfn:AWS::Logs::LogGroup.Rules.Key", { type: "string", max: 4 }],
    ["an addition", "cfn-lint:aws_rds/engine#/allOf/0/properties/Engine", { type: "string", oneOf: ["mysql"] }],
  ])("have the limits of %s", (_, reference, limits) => {
    expect(models.limits(reference)).toEqual(limits);
  });
  it.each([
    ["eks:CreateNodegroup.note", "the model does not limit its values"],
    ["eks:CreateNodegroup.any", "the model does not limit its values"], // a pattern that lets all pass
    ["eks:CreateNodegroup.capacity", "eks:CreateNodegroup.capacity: is not in the models"],
    ["eks:CreateNodegroup.capacityType.more", "is not in the models"],
    ["eks:DeleteNodegroup.name", "eks:DeleteNodegroup: is not in the models"],
    ["eksx:CreateNodegroup.name", "eksx: is not in the models"],
    ["cfn:AWS::Logs::Group.Name", "AWS::Logs::Group: is not in the models"],
    ["cfn:AWS::Logs::LogGroup.Rules.Month", "is not in the models"],
    ["cfn-lint:aws_rds/engine#/allOf/1/Engine", "is not in the models"],
  ])("reject %s", (reference, message) => {
    expect(() => models.limits(reference)).toThrow(message);
  });
});
