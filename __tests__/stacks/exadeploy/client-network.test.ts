import { DbSubnetGroup } from "@cdktf/provider-aws/lib/db-subnet-group";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { expect, it } from "vitest";
import { defineEnvironment } from "../../../stacks/environment";
import { publishedOutputs, synthApp } from "../../support/synth";

const clientNetwork = { cidr: "10.88.0.0/16" };
const stack = synthApp(
  defineEnvironment({
    name: "test",
    region: "us-west-2",
    exadeploy: { network: { cidr: "10.77.0.0/16" }, clientNetwork },
  }),
).stack("test-exadeploy-client-network");

it("is a VPC of its own, for machines rather than databases or Kubernetes", () => {
  expect(stack.one(Vpc)).toMatchObject({ cidr_block: "10.88.0.0/16", tags: { Name: "test-exadeploy-client" } });
  expect(stack.all(DbSubnetGroup)).toEqual([]);
  for (const { tags } of stack.all(Subnet)) expect(Object.keys(tags)).toEqual(["Name"]);
});
it("publishes the reference's output", () => {
  expect(publishedOutputs(stack)).toEqual(["peer_vpc_id"]);
});
