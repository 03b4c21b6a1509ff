import { describe, expect, it } from "vitest";
import { fill, NotRead } from "../../../tools/policy/template";

const filled = (template: string) =>
  fill(template, { path: (path) => `<${path}>`, call: (name, args) => `${name}(${args.join("|")})` });

describe("fill", () => {
  it.each([
    ["no token", "no token"],
    [`\${aws_vpc.v.id}`, "<aws_vpc.v.id>"],
    [`a \${aws_vpc.a-b_1.id} and \${data.aws_region.r.id}`, "a <aws_vpc.a-b_1.id> and <data.aws_region.r.id>"],
    [`\${aws_db.d.secret[0].arn}/*`, "<aws_db.d.secret[0].arn>/*"],
    [`\${aws_x.y["key of mine"].id}`, '<aws_x.y["key of mine"].id>'],
    [`\${replace(aws_x.y.arn, ":a/", ":b/")}`, "replace(<aws_x.y.arn>|:a/|:b/)"],
    [`\${f("x\${aws_x.y.id}\${g("}")}z", a.b)}.`, "f(x<aws_x.y.id>g(})z|<a.b>)."],
    [String.raw`\${f("say \"a\\b\"")}`.slice(1), 'f(say "a\\b")'],
    [`\${f()}`, "f()"],
  ])("reads %s", (template, expected) => {
    expect(filled(template)).toBe(expected);
  });
  it.each([`\${a.b ? 1 : 2}`, `\${f("open}`, `\${}`, `\${a.b`, `\${f(a b)}`])(
    "refuses %s, and shows where",
    (template) => {
      expect(() => filled(template)).toThrow(NotRead);
      expect(() => filled(template)).toThrow(/^an expression that npm run policy does not read, at character \d+: /);
    },
  );
});
