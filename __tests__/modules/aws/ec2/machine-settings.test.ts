import { Token } from "cdktf";
import { describe, expect, it } from "vitest";
import { instanceTypeSchema, loginShape, METADATA_OPTIONS } from "../../../../modules/aws/ec2/machine-settings";

describe("an instance type", () => {
  it.each(["t3.medium", "m7i-flex.large", "c7g.metal", "m7i.metal-24xl", "u7i-12tb.224xlarge"])("may be %s", (type) => {
    expect(instanceTypeSchema.parse(type)).toBe(type);
  });
  it.each(["", "t3", "t3.", "T3.medium", "t3.2XL", "t3.metal-24"])("may not be %j", (type) => {
    expect(instanceTypeSchema.safeParse(type).success).toBe(false);
  });
});

describe("a key pair", () => {
  it.each([undefined, "me", "my key (old)", "x".repeat(255), Token.asString({})])("may be %j", (name) => {
    expect(loginShape.keyName.parse(name)).toBe(name);
  });
  it.each(["", " me", "me ", "é", "x".repeat(256)])("may not be %j", (name) => {
    expect(loginShape.keyName.safeParse(name).success).toBe(false);
  });
});

it("keeps instance metadata from containers and from requests without a session token", () => {
  expect(METADATA_OPTIONS).toEqual({ httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 });
});
