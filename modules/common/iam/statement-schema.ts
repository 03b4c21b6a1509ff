import { z } from "zod";
import { type Issues, refuse } from "../settings/faults";

const words = (what: string) =>
  z.union([z.string().min(1), z.array(z.string().min(1)).min(1)], { error: `must be ${what}, or a list of them` });

/** Keys of a policy statement that a user writes. */
export const statementShape = {
  Sid: z
    .string()
    .regex(/^[A-Za-z0-9]*$/, "must have letters and digits only")
    .optional(),
  Effect: z.enum(["Allow", "Deny"]).optional(),
  Action: words("an action, such as s3:GetObject"),
  Resource: words("an ARN").optional(),
  Condition: z.record(z.string(), z.record(z.string(), words("a value"))).optional(),
};

/** Refuses a Sid that an earlier statement has. Source: IAM User Guide, "IAM JSON policy elements: Sid". */
export function checkSids(statements: readonly { Sid?: string }[], ctx: Issues): void {
  for (const [i, { Sid }] of statements.entries()) {
    if (Sid === undefined || statements.findIndex((other) => other.Sid === Sid) === i) continue;
    refuse(ctx, [i, "Sid"], `must be unique, got ${Sid} again`);
  }
}

/** Statements of a role's policy. */
export const statementsSchema = z
  .array(
    z.strictObject(statementShape).superRefine(({ Resource }, ctx) => {
      if (Resource === undefined) refuse(ctx, "Resource", "is required, got nothing");
    }),
  )
  .superRefine(checkSids)
  .default([]);
