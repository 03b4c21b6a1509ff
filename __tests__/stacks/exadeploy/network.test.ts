import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { expect, it } from "vitest";
import { defineEnvironment } from "../../../stacks/environment";
import { publishedOutputs, synthApp } from "../../support/synth";

const build = (network: object) =>
  synthApp(defineEnvironment({ name: "test", region: "us-west-2", exadeploy: { network } })).stack(
    "test-exadeploy-network",
  );

it("names the network after environment and system, and takes its settings", () => {
  const { one } = build({ cidr: "10.77.0.0/16" });
  expect(one(Vpc)).toMatchObject({ cidr_block: "10.77.0.0/16", tags: { Name: "test-exadeploy" } });
});
it("publishes the reference's outputs", () => {
  const tier = (name: string) =>
    ["subnets", "subnet_arns", "subnets_cidr_blocks", "route_table_ids"].map((what) => `${name}_${what}`);
  const vpc = ["vpc_id", "vpc_name", "vpc_arn", "vpc_cidr_block", "azs"];
  const group = ["database_subnet_group", "database_subnet_group_name"];
  const outputs = publishedOutputs(build({}));
  expect(outputs).toEqual([...vpc, ...group, ...["public", "private", "database"].flatMap(tier)].sort());
  expect(outputs).toHaveLength(19);
});
