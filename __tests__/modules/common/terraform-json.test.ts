import { Token } from "cdktf";
import { expect, it } from "vitest";
import { terraformJson } from "../../../modules/common/terraform-json";

it("escapes what Terraform would take for a template", () => {
  expect(terraformJson({ a: `\${b} %{if c}` })).toBe('{"a":"$${b} %%{if c}"}');
});
it("keeps references", () => {
  const token = Token.asString({ ref: "x" });
  expect(terraformJson([token])).toBe(`["${token}"]`);
});
it("indents where asked", () => {
  expect(terraformJson({ a: 1 }, 2)).toBe('{\n  "a": 1\n}');
});
