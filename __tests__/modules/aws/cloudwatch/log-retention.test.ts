import { expect, it } from "vitest";
import { logRetentionSchema } from "../../../../modules/aws/cloudwatch/log-retention";

it.each([1, 7, 30, 365, 3653])("accepts %i days", (days) => {
  expect(logRetentionSchema.safeParse(days).success).toBe(true);
});
it.each([0, 2, 31, 366, 3654, "7"])("refuses %j", (days) => {
  expect(logRetentionSchema.safeParse(days).success).toBe(false);
});
