import { describe, expect, it } from "vitest";
import type { CtyType } from "../../src/schema";
import { simulated, text } from "./simulated.fixture";

describe("values of other types", () => {
  it.each<[CtyType, string, unknown]>([
    ["bool", "enabled", false],
    ["number", "port", 443],
    ["number", "volume_size", 20],
    ["number", "revision", 1],
    [["map", "string"], "labels", {}],
    [["list", "string"], "ids", [expect.any(String)]],
    [["set", ["object", { name: "string", size: "number" }]], "parts", [{ name: expect.any(String), size: 20 }]],
  ])("%j", (type, name, value) => expect(simulated("aws_anything", { [name]: type }).get(name)).toEqual(value));
  it("an optional list is empty, except for those that AWS fills", () => {
    const none = simulated("aws_anything", {});
    expect(none.make(["rules"], { type: ["set", "string"], optional: true, computed: true })).toEqual([]);
    expect(none.make(["vpc_security_group_ids"], { type: ["set", "string"], optional: true, computed: true })).toEqual([
      expect.stringMatching(/^sg-/),
    ]);
  });
});

describe("an argument that is not set", () => {
  it("gets a value that AWS accepts", () => {
    const group = simulated("aws_eks_node_group", { capacity_type: "string", version: "string" });
    expect(group.get("capacity_type")).toBe("ON_DEMAND");
    expect(simulated("aws_iam_role", { max_session_duration: "number" }).get("max_session_duration")).toBe(3600);
  });
});

describe("simulated values", () => {
  it("depend on the seed alone", () => {
    expect(text("aws_vpc", "id")).toBe(text("aws_vpc", "id"));
    expect(text("aws_vpc", "id", {}, "other")).not.toBe(text("aws_vpc", "id"));
  });
  it("keep known values", () =>
    expect(text("aws_vpc", "cidr_block", { cidr_block: "10.9.0.0/16" })).toBe("10.9.0.0/16"));
  it("end the recursion of attributes that refer to each other", () => {
    const looped = simulated("aws_sns_topic_policy", { id: "string", arn: "string" });
    expect(looped.get("id")).toEqual(expect.any(String));
  });
});
