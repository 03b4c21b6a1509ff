import { expect, it } from "vitest";
import { cidrSchema, contains, host, isCidr, overlaps, subnet } from "../../../../modules/common/settings/cidr";

const messages = (value: string) =>
  cidrSchema(16, 24)
    .safeParse(value)
    .error?.issues.map((issue) => issue.message) ?? [];

it.each(["10.0.0.0/16", "192.168.255.0/24", "0.0.0.0/16", "255.255.0.0/16"])("accepts %s", (cidr) => {
  expect(messages(cidr)).toEqual([]);
});
it.each([
  ["10a0b0c0/16", "must be an IPv4 CIDR such as 10.0.0.0/16, got 10a0b0c0/16"],
  ["999.1.1.1/16", "must be an IPv4 CIDR"],
  ["10.0.0/16", "must be an IPv4 CIDR"],
  ["10.0.0.0", "must be an IPv4 CIDR"],
  ["010.0.0.0/16", "must be an IPv4 CIDR"],
  ["10.0.0.0/33", "must be an IPv4 CIDR"],
  [" 10.0.0.0/16", "must be an IPv4 CIDR"],
  ["10.0.0.0/15", "must have a prefix from /16 to /24, got 10.0.0.0/15"],
  ["10.0.0.0/25", "must have a prefix from /16 to /24"],
  ["10.0.5.1/16", "must not have host bits set (did you mean 10.0.0.0/16?), got 10.0.5.1/16"],
])("refuses %s", (cidr, words) => {
  expect(messages(cidr)).toEqual([expect.stringContaining(words)]);
});
it("cuts subnets as Terraform's cidrsubnet does", () => {
  expect(subnet("10.255.0.0/16", 4, 1)).toBe("10.255.16.0/20");
  expect(subnet("10.255.0.0/16", 4, 15)).toBe("10.255.240.0/20");
  expect(subnet("255.255.255.0/24", 8, 255)).toBe("255.255.255.255/32");
  expect(() => subnet("10.0.0.0/16", 4, 16)).toThrow(RangeError);
  expect(() => subnet("10.0.0.0/30", 3, 0)).toThrow(RangeError);
  expect(() => subnet("nonsense", 3, 0)).toThrow("not an IPv4 CIDR: nonsense");
});
it("tells a CIDR from anything else", () => {
  for (const cidr of ["10.0.0.0/8", "10.0.5.1/16", "0.0.0.0/0", "255.255.255.255/32"]) expect(isCidr(cidr)).toBe(true);
  for (const other of ["10.0.0.0", "10.0.0.0/33", "::/0", "", undefined, null, 10]) expect(isCidr(other)).toBe(false);
});
it("counts addresses as Terraform's cidrhost does", () => {
  expect(host("192.168.0.0/16", 2)).toBe("192.168.0.2");
  expect(host("10.0.0.0/24", 255)).toBe("10.0.0.255");
  expect(host("10.0.0.7/32", 0)).toBe("10.0.0.7");
  expect(() => host("10.0.0.0/24", 256)).toThrow("10.0.0.0/24 has no address 256");
  expect(() => host("10.0.0.0/24", -1)).toThrow(RangeError);
});
it("knows what lies in what", () => {
  expect(contains("10.0.0.0/16", "10.0.255.0/24")).toBe(true);
  expect(contains("10.0.0.0/16", "10.1.0.0/24")).toBe(false);
  expect(contains("10.0.0.0/24", "10.0.0.0/16")).toBe(false);
  expect(overlaps("10.0.0.0/24", "10.0.0.0/16")).toBe(true);
  expect(overlaps("10.0.0.0/17", "10.0.128.0/17")).toBe(false);
  expect(overlaps("0.0.0.0/0", "255.255.255.255/32")).toBe(true);
});
