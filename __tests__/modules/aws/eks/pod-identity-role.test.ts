import { EksPodIdentityAssociation } from "@cdktf/provider-aws/lib/eks-pod-identity-association";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Token } from "cdktf";
import type { Construct } from "constructs";
import { expect, it } from "vitest";
import { PodIdentityRole, type PodIdentityRoleProps } from "../../../../modules/aws/eks/pod-identity-role";
import { rejects } from "../../../support/bad-input";
import { refTo, synth } from "../../../support/synth";

const READ = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
const PROPS: PodIdentityRoleProps = {
  name: "ml-repository",
  clusterName: "ml",
  namespace: "default",
  serviceAccount: "exadeploy",
  policyArns: { read: READ },
};
const make = (scope: Construct, props: Partial<PodIdentityRoleProps> = {}) =>
  new PodIdentityRole(scope, "pod", { ...PROPS, ...props });
const pod = (props: Partial<PodIdentityRoleProps> = {}) => synth((stack) => make(stack, props));
const arns = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, READ]));

it("lets EKS hand the role to pods, and tag the session", () => {
  expect(JSON.parse(pod().one(IamRole).assume_role_policy).Statement).toEqual([
    {
      Effect: "Allow",
      Principal: { Service: "pods.eks.amazonaws.com" },
      Action: ["sts:AssumeRole", "sts:TagSession"],
    },
  ]);
});
it("ties the role to one service account once it has its policies", () => {
  const { one } = pod({ policy: '{"Statement":[]}' });
  expect(one(EksPodIdentityAssociation)).toMatchObject({
    cluster_name: "ml",
    namespace: "default",
    service_account: "exadeploy",
    role_arn: refTo(IamRole, "arn"),
    depends_on: [
      expect.stringContaining("aws_iam_role_policy_attachment."),
      expect.stringContaining("aws_iam_role_policy."),
    ],
  });
  expect(one(IamRolePolicyAttachment).policy_arn).toBe(READ);
  expect(one(IamRolePolicy).policy).toBe('{"Statement":[]}');
});
it("makes no policy of its own unless told one", () => {
  expect(pod().all(IamRolePolicy)).toHaveLength(0);
});
it("tells the role's ARN and name, and what its pods must wait for", () => {
  let role: PodIdentityRole | undefined;
  synth((stack) => {
    role = make(stack);
  });
  expect([role?.roleArn, role?.roleName].every(Token.isUnresolved)).toBe(true);
  expect(role?.roleArn).not.toBe(role?.roleName);
  expect(role?.ready.map((each) => each instanceof EksPodIdentityAssociation)).toEqual([true]);
});
it.each<Partial<PodIdentityRoleProps>>([
  { clusterName: Token.asString({ resolve: () => "late" }) },
  { namespace: "a".repeat(63) },
  { serviceAccount: "a".repeat(253) },
  { serviceAccount: "a.b-c" },
  { policyArns: arns(20) },
  { policyArns: undefined, policy: "{}" },
  { policyArns: {}, policy: Token.asString({ resolve: () => "late" }) },
  { policyArns: { mine: "arn:aws:iam::123456789012:policy/team/mine" } },
])("takes %j", (props) => {
  expect(pod(props).all(IamRole)).toHaveLength(1);
});
rejects<Partial<PodIdentityRoleProps>>(
  "test/pod",
  [
    ["name", { name: "" }, "letters, digits"],
    ["name", { name: "my role" }, "my role"],
    ["name", { name: Token.asString({ resolve: () => "late" }) }],
    ["clusterName", { clusterName: "" }, "at least 1"],
    ["namespace", { namespace: "a".repeat(64) }, "at most 63", "64"],
    ["namespace", { namespace: "Default" }, "lower-case", "Default"],
    ["namespace", { namespace: "a.b" }],
    ["namespace", { namespace: "-a" }],
    ["serviceAccount", { serviceAccount: "a".repeat(254) }, "at most 253", "254"],
    ["serviceAccount", { serviceAccount: "a_b" }, "a_b"],
    ["serviceAccount", { serviceAccount: "a-" }],
    ["serviceAccount", { serviceAccount: undefined }, "is required"],
    ["policyArns.read", { policyArns: { read: "AmazonS3ReadOnlyAccess" } }, "ARN of an IAM policy", "AmazonS3Read"],
    ["policyArns.read", { policyArns: { read: "arn:aws:iam::123456789012:role/x" } }],
    ["policyArns", { policyArns: arns(21) }, "at most 20"],
    ["policy", { policyArns: {} }, "is required", "got neither"],
    ["policy", { policy: "Allow" }, "JSON", "Allow"],
    ["policy", { policy: "[]" }, "JSON"],
    ["serviceAcount", { serviceAcount: "x" } as Partial<PodIdentityRoleProps>, "did you mean serviceAccount?"],
  ],
  make,
);
