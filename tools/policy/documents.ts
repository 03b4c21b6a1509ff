import type { Json, StackFolder } from "@cdktf-ml-infra/rehearsal/stacks";
import type { Plausible } from "./plausible";
import { resourcesOf } from "./resources";

/** Whose a policy is: rights of a principal, who may take a role on, or who may use the resource. */
export type PolicyKind = "identity" | "trust" | "resource";

/** A policy document as AWS would get it, and where it stands. */
export interface PolicyDocument {
  stack: string;
  /** Path of the construct whose argument holds it. */
  path: string;
  type: string;
  kind: PolicyKind;
  /** ARN of the resource that holds it, made up. */
  arn: string;
  document: { Statement: Json[] };
}

const IDENTITY = /^aws_iam_(role|user|group|policy)(_policy)?$/;

/** Every IAM policy document in a stack's resources, whatever argument holds it. */
export function documentsIn({ id: stack, json }: StackFolder, plausible: Plausible): PolicyDocument[] {
  return resourcesOf(json).flatMap(({ type, name, path, body }) =>
    textsIn(body).flatMap(([argument, text]) => {
      if (!/"?Statement"?\s*[:=]/.test(text)) return [];
      const kind: PolicyKind =
        argument === "assume_role_policy" ? "trust" : IDENTITY.test(type) ? "identity" : "resource";
      const document = JSON.parse(plausible.text(stack, text));
      return [{ stack, path, type, kind, arn: plausible.text(stack, `\${${type}.${name}.arn}`), document }];
    }),
  );
}

/** Every text in a resource, with the argument of the resource that it is in. */
const textsIn = (body: Json): [argument: string, text: string][] =>
  Object.entries<Json>(body)
    .filter(([argument]) => argument !== "//")
    .flatMap(([argument, value]) => leaves(value).map((text): [string, string] => [argument, text]));

function leaves(value: Json): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(leaves) : [];
}
