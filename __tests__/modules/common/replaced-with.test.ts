import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { DataResource } from "cdktf";
import { expect, it } from "vitest";
import { replacedWith } from "../../../modules/common/replaced-with";
import { refTo, synth } from "../../support/synth";

const build = (values: Record<string, unknown> = {}) =>
  synth((stack) => {
    const other = new SnsTopic(stack, "other");
    new SnsTopic(stack, "topic", { lifecycle: replacedWith(stack, "parts", { ...values, arn: other.arn }) });
  });

it("has Terraform remember the values, and replace the resource with them", () => {
  const { one, byId } = build({ user: "fossa", subnets: ["a", "b"] });
  expect(one(DataResource)).toEqual({
    triggers_replace: { user: "fossa", subnets: ["a", "b"], arn: refTo(SnsTopic, "arn") },
  });
  const [address] = Object.keys(byId(DataResource));
  expect(byId(SnsTopic).topic).toEqual({ lifecycle: { replace_triggered_by: [`terraform_data.${address}`] } });
  expect(byId(SnsTopic).other).toEqual({});
});
it("synthesizes where there is no Terraform", () => {
  const { PATH } = process.env;
  process.env.PATH = "/nowhere";
  try {
    expect(build().one(DataResource)).toBeDefined();
  } finally {
    process.env.PATH = PATH;
  }
});
