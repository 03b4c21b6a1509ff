import { Token } from "cdktf";
import { z } from "zod";
import { type Issues, refuse } from "../settings/faults";

const words = (what: string, form = /./) => {
  const word = z.string().refine((text) => form.test(text) || Token.isUnresolved(text), `must be ${what}`);
  return z.union([word, z.array(word).min(1)], { error: `must be ${what}, or a list of them` });
};
/** Source: IAM User Guide, "IAM JSON policy elements: Action" and "Resource". */
const ACTION = /^(\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+)$/;
const RESOURCE = /^(\*|arn:.+)$/;
/** Source: IAM User Guide, "IAM and AWS STS quotas": 10,240 characters in all inline policies of a role, of which others take some. */
const MOST_CHARACTERS = 7000;

/** Keys of a policy statement that a user writes. */
export const statementShape = {
  Sid: z
    .string()
    .regex(/^[A-Za-z0-9]*$/, "must have letters and digits only")
    .optional(),
  Effect: z.enum(["Allow", "Deny"]).optional(),
  Action: words("an action, such as s3:GetObject", ACTION),
  Resource: words("an ARN or *", RESOURCE).optional(),
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
  .superRefine((statements, ctx) => {
    const { length } = JSON.stringify(statements).replace(/\s/g, "");
    if (length <= MOST_CHARACTERS) return;
    refuse(
      ctx,
      [],
      `must have at most ${MOST_CHARACTERS} characters as JSON, got ${length}; name less by patterns with *`,
    );
  })
  .default([]);
