import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { expect, it } from "vitest";
import { awsPolicyArn, ManagedRole, type ManagedRoleProps } from "../../../../modules/common/iam/managed-role";
import { refTo, synth } from "../../../support/synth";

const PROPS: ManagedRoleProps = { name: "ml-node", assumeRolePolicy: "{}", policyArns: {} };
const role = (props: Partial<ManagedRoleProps> = {}) =>
  synth((stack) => {
    const { policies } = new ManagedRole(stack, "role", { ...PROPS, ...props });
    new S3Bucket(stack, "user", { dependsOn: policies });
  });

it("attaches managed policies and its own by their names", () => {
  const { one } = role({ policyArns: { read: awsPolicyArn("ReadOnlyAccess") }, policies: { mine: '{"a":1}' } });
  expect(one(IamRole).assume_role_policy).toBe("{}");
  expect(one(IamRolePolicyAttachment)).toMatchObject({
    role: refTo(IamRole, "name"),
    policy_arn: "arn:aws:iam::aws:policy/ReadOnlyAccess",
  });
  expect(one(IamRolePolicy)).toMatchObject({ role: refTo(IamRole, "name"), name: "mine", policy: '{"a":1}' });
  expect(one(S3Bucket).depends_on).toHaveLength(2);
});
it("names the role by a prefix of at most 38 characters, and keeps long names apart", () => {
  const prefix = (name: string) => role({ name }).one(IamRole).name_prefix;
  expect(prefix("ml-node")).toBe("ml-node-");
  expect(prefix("x".repeat(37))).toBe(`${"x".repeat(37)}-`);
  expect(prefix("x".repeat(38))).toMatch(/^x+-[0-9a-f]{8}-$/);
  expect(prefix(`${"x".repeat(100)}a`)).toHaveLength(38);
  expect(prefix(`${"x".repeat(100)}a`)).not.toBe(prefix(`${"x".repeat(100)}b`));
});
it("is the same whatever the order of its policies", () => {
  const [a, b] = [awsPolicyArn("A"), awsPolicyArn("B")];
  expect(role({ policyArns: { a, b }, policies: { c: "1", d: "2" } }).json).toBe(
    role({ policyArns: { b, a }, policies: { d: "2", c: "1" } }).json,
  );
});
