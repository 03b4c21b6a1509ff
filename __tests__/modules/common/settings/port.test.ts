import { expect, it } from "vitest";
import { portSchema } from "../../../../modules/common/settings/port";

it.each([1, 443, 65_535])("may be %d", (port) => {
  expect(portSchema.parse(port)).toBe(port);
});
it.each([0, 65_536, 80.5, "80"])("may not be %j", (port) => {
  expect(portSchema.safeParse(port).success).toBe(false);
});
