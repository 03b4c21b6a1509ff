import { describe, expect, it } from "vitest";
import { text } from "./simulated.fixture";

describe("texts by name", () => {
  it.each([
    ["region", /^eu-west-1$/],
    ["availability_zone", /^eu-west-1a$/],
    ["cidr_block", /^10\.\d+\.0\.0\/16$/],
    ["ipv6_cidr_block", /^2600:1f14:[0-9a-f]{3}:[0-9a-f]{2}00::\/56$/],
    ["private_ip", /^10\.0\.\d+\.\d+$/],
    ["public_ip", /^198\.51\.100\.\d+$/],
    ["dns_name", /^dns-name-[0-9a-f]{12}\.eu-west-1\.amazonaws\.com$/],
    ["invoke_url", /^https:\/\/invoke-url-[0-9a-f]{12}\.eu-west-1\.amazonaws\.com$/],
    ["created_at", /^2025-\d\d-\d\dT\d\d:\d\d:\d\dZ$/],
    ["certificate_pem", /^-----BEGIN CERTIFICATE-----\n/],
    ["private_key", /^-----BEGIN PRIVATE KEY-----\n/],
    ["thumbprint", /^[0-9a-f]{40}$/],
    ["key_fingerprint", /^([0-9a-f]{2}:){19}[0-9a-f]{2}$/],
    ["etag", /^[0-9a-f]{32}$/],
    ["status", /^available$/],
    ["anything_else", /^anything-else-[0-9a-f]{8}$/],
  ])("%s", (name, form) => expect(text("aws_anything", name)).toMatch(form));
  it("a policy is valid", () => {
    const { Version, Statement } = JSON.parse(text("aws_anything", "policy") as string);
    expect([Version, Statement]).toEqual(["2012-10-17", [expect.objectContaining({ Effect: "Allow" })]]);
  });
  it("a name is its prefix and 26 characters", () => {
    expect(text("aws_iam_role", "name", { name_prefix: "web-" })).toMatch(/^web-[0-9a-f]{26}$/);
    expect(text("aws_s3_bucket", "bucket", { bucket_prefix: "data-" })).toMatch(/^data-[0-9a-f]{26}$/);
    expect(text("aws_iam_role", "name")).toMatch(/^iam-role-[0-9a-f]{8}$/);
  });
});
