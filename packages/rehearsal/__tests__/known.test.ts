import { describe, expect, it } from "vitest";
import { withFacts } from "../src/known";
import type { Block } from "../src/schema";

const AWS = "registry.terraform.io/hashicorp/aws";
const HELM = "registry.terraform.io/hashicorp/helm";
const text = () => ({ type: "string" as const, optional: true as const });

describe("facts about the real provider", () => {
  it("mark sensitive arguments only", () => {
    const derived: Block = { attributes: { private_key: text(), domain_name: text() }, blocks: {} };
    const { attributes } = withFacts(AWS, "resource", "aws_acm_certificate", derived);
    expect(attributes).toEqual({ private_key: { ...text(), sensitive: true }, domain_name: text() });
    expect(derived.attributes.private_key).toEqual(text()); // which others may hold
  });
  it("mark nested attributes", () => {
    const derived: Block = {
      attributes: { set_sensitive: { optional: true, nested: { nesting: "list", attributes: { value: text() } } } },
      blocks: {},
    };
    const { attributes } = withFacts(HELM, "resource", "helm_release", derived);
    expect(attributes.set_sensitive?.nested?.attributes.value).toEqual({ ...text(), sensitive: true });
  });
  it("limit the number of blocks", () => {
    const derived: Block = {
      attributes: {},
      blocks: { stage: { nesting: "list", min: 1, block: { attributes: {}, blocks: {} } } },
    };
    expect(withFacts(AWS, "resource", "aws_codepipeline", derived).blocks.stage).toMatchObject({ min: 2 });
  });
  it("are ignored for attributes that this version lacks", () => {
    const none: Block = { attributes: {}, blocks: {} };
    expect(withFacts(AWS, "resource", "aws_acm_certificate", none)).toEqual(none);
    expect(withFacts(AWS, "resource", "aws_codepipeline", none)).toEqual(none);
  });
  it("do not affect other types and providers", () => {
    const derived: Block = { attributes: { private_key: text() }, blocks: {} };
    expect(withFacts(AWS, "resource", "aws_vpc", derived)).toBe(derived);
    expect(withFacts(AWS, "data", "aws_acm_certificate", derived)).toBe(derived);
    expect(withFacts("registry.terraform.io/hashicorp/null", "resource", "null_resource", derived)).toBe(derived);
  });
});
