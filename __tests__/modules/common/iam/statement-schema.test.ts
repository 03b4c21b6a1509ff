import { expect, it } from "vitest";
import { z } from "zod";
import { checkSids, statementShape, statementsSchema } from "../../../../modules/common/iam/statement-schema";

const schema = z.array(z.strictObject(statementShape)).superRefine(checkSids);
const faults = (...statements: object[]) =>
  schema.safeParse(statements).error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];
const Action = "s3:GetObject";

it("takes statements in IAM's spelling", () => {
  const Condition = { StringEquals: { "aws:PrincipalAccount": ["111122223333"] } };
  const whole = { Sid: "A1", Effect: "Deny", Action: [Action], Resource: ["*"], Condition };
  expect(faults({ Action }, whole, { Sid: "", Action, Resource: "*" })).toEqual([]);
});
it.each([
  [{}, "0.Action: must be an action"],
  [{ Action: [] }, "0.Action"],
  [{ Action, Sid: "a-b" }, "0.Sid: must have letters and digits only"],
  [{ Action, Effect: "allow" }, "0.Effect: "],
  [{ Action, Resource: "" }, "0.Resource"],
  [{ Action, Condition: { Bool: "true" } }, "0.Condition.Bool: "],
  [{ Action, NotAction: "x" }, ": "],
])("refuses %j", (statement, fault) => {
  const [first = ""] = faults(statement);
  expect(first).toContain(fault);
});
it("refuses a Sid that another statement has, and names the later one", () => {
  expect(faults({ Sid: "A", Action }, { Action }, { Sid: "A", Action })).toEqual([
    "2.Sid: must be unique, got A again",
  ]);
});
it("asks each statement of a role for what it is about", () => {
  expect(statementsSchema.parse(undefined)).toEqual([]);
  expect(statementsSchema.safeParse([{ Action, Resource: "*" }]).success).toBe(true);
  expect(statementsSchema.safeParse([{ Action }]).error?.issues[0]).toMatchObject({
    path: [0, "Resource"],
    message: "is required, got nothing",
  });
});
