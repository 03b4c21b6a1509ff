import { expect, it } from "vitest";
import { usernameSchema } from "../../../../modules/aws/rabbitmq/username";

const fault = (name: unknown) => usernameSchema.safeParse(name).error?.issues[0]?.message;

it.each(["fo", "fossa", "Jobs_v2.eu-west", "guests", "x".repeat(100)])("takes %s", (name) => {
  expect(usernameSchema.parse(name)).toBe(name);
});
it.each(["f", "", "x".repeat(101), "a b", "a:b", "a@b", "a/b", "ü", 'a"b', "a$b", "a~b", 5, undefined])(
  "refuses %j",
  (name) => {
    expect(fault(name)).toBeDefined();
  },
);
it.each(["guest", "Guest"])("refuses %s, which everybody knows", (name) => {
  expect(fault(name)).toContain("must be a user of its own");
});
