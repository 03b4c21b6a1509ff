import { Lazy, Token } from "cdktf";
import { describe, expect, it } from "vitest";
import { onePerZone } from "../../../modules/common/zones";

describe("one subnet per zone", () => {
  const four = ["subnet-1a", "subnet-1b", "subnet-2a", "subnet-2b"];
  it("is the first of each zone, as a network has them round by round", () => {
    expect(onePerZone({ azs: ["a", "b"] }, four)).toEqual(["subnet-1a", "subnet-1b"]);
    expect(onePerZone({ azs: ["a", "b", "c"] }, ["subnet-1a"])).toEqual(["subnet-1a"]);
  });
  it("is every subnet of a network whose zones are not known", () => {
    expect(onePerZone({}, four)).toEqual(four);
    const token = Token.asList(Lazy.listValue({ produce: () => four }));
    expect(onePerZone({ azs: ["a", "b"] }, token)).toBe(token);
  });
});
