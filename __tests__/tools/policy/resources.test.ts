import { expect, it } from "vitest";
import { resourcesOf } from "../../../tools/policy/resources";

const json = {
  resource: {
    aws_vpc: { v: { "//": { metadata: { path: "dev/vpc" } }, cidr_block: "10.0.0.0/16" } },
    aws_eip: { a: {}, b: {} },
  },
  data: { aws_region: { r: {} } },
};

it("lists resources by their constructs, and data sources when asked", () => {
  expect(resourcesOf(json)).toEqual([
    { type: "aws_vpc", name: "v", path: "dev/vpc", body: json.resource.aws_vpc.v },
    { type: "aws_eip", name: "a", path: "a", body: {} },
    { type: "aws_eip", name: "b", path: "b", body: {} },
  ]);
  expect(resourcesOf(json, ["data"]).map(({ type }) => type)).toEqual(["aws_region"]);
  expect(resourcesOf({})).toEqual([]);
});
