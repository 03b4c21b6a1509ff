import { EksPodIdentityAssociation } from "@cdktf/provider-aws/lib/eks-pod-identity-association";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Release } from "@cdktf/provider-helm/lib/release";
import { Token } from "cdktf";
import { expect, it } from "vitest";
import {
  LoadBalancerController,
  type LoadBalancerControllerProps,
} from "../../../modules/kube/load-balancer-controller";
import { rejects } from "../../support/bad-input";
import { inCluster } from "../../support/in-cluster";
import { type Json, synth } from "../../support/synth";

const MINIMAL: LoadBalancerControllerProps = {
  cluster: { clusterName: "ml" },
  vpcId: "vpc-0123456789abcdef0",
  region: "us-west-2",
};
const make = inCluster(
  (stack, props: Partial<LoadBalancerControllerProps> = {}) =>
    new LoadBalancerController(stack, "lb", { ...MINIMAL, ...props }),
);
const build = (props: Partial<LoadBalancerControllerProps> = {}) => synth((stack) => make(stack, props));
const values = (props: Partial<LoadBalancerControllerProps> = {}): Json =>
  JSON.parse(build(props).one(Release).values[0]);

it("is a release with a role for its service account, which it waits for", async () => {
  const { one, parsed } = build();
  expect(Object.keys(parsed.resource).sort()).toEqual([
    "aws_eks_pod_identity_association",
    "aws_iam_role",
    "aws_iam_role_policy",
    "helm_release",
  ]);
  expect(one(Release)).toMatchObject({
    name: "aws-load-balancer-controller",
    namespace: "kube-system",
    repository: "https://aws.github.io/eks-charts",
    chart: "aws-load-balancer-controller",
    depends_on: [expect.stringMatching(/^aws_eks_pod_identity_association\./)],
  });
  expect(one(EksPodIdentityAssociation)).toMatchObject({
    cluster_name: "ml",
    namespace: "kube-system",
    service_account: "aws-load-balancer-controller",
  });
  expect(one(IamRole).name_prefix).toBe("ml-load-balancers-");
  expect(one(IamRolePolicy).policy).toContain('"aws:ResourceTag/elbv2.k8s.aws/cluster":"ml"');
  await expect(`${JSON.stringify(values(), null, 2)}\n`).toMatchFileSnapshot(
    "rendered/aws-load-balancer-controller.json",
  );
});
it("puts tags on what it makes, where there are any", () => {
  expect(values({ tags: { Team: "ml" } }).defaultTags).toEqual({ Team: "ml" });
  expect(values()).not.toHaveProperty("defaultTags");
});
it("does as asked", () => {
  expect(values({ replicas: 1, waf: true, shield: true, cognito: true })).toMatchObject({
    replicaCount: 1,
    enableWafv2: true,
    enableShield: true,
    enableWaf: false,
  });
  const { policy } = build({ waf: true, shield: true, cognito: true }).one(IamRolePolicy);
  for (const action of ["wafv2:AssociateWebACL", "shield:CreateProtection", "cognito-idp:DescribeUserPoolClient"]) {
    expect(policy).toContain(action);
    expect(build().one(IamRolePolicy).policy).not.toContain(action);
  }
  const elsewhere = build({ namespace: "edge" });
  expect(elsewhere.one(Release).namespace).toBe("edge");
  expect(elsewhere.one(EksPodIdentityAssociation).namespace).toBe("edge");
});
it("takes a cluster of another stack", () => {
  const late = Token.asString({ resolve: () => "late" });
  const { one } = build({ cluster: { clusterName: late }, vpcId: late });
  expect(one(IamRole).name_prefix).toBe("aws-load-balancer-controller-");
  expect(JSON.parse(one(Release).values[0])).toMatchObject({ clusterName: "late", vpcId: "late" });
});
it("exposes its role and what to wait for", () => {
  let made: LoadBalancerController | undefined;
  synth((stack) => {
    made = make(stack);
  });
  expect(Token.isUnresolved(made?.roleArn)).toBe(true);
  expect(made?.ready).toHaveLength(1);
});
rejects<object>(
  "test/lb",
  [
    ["cluster", { cluster: undefined }, "a Cluster"],
    ["cluster", { cluster: "ml" }, "a Cluster"],
    ["vpcId", { vpcId: undefined }],
    ["vpcId", { vpcId: "vpc" }, "id of a VPC"],
    ["region", { region: undefined }, "is required"],
    ["region", { region: "Oregon" }, "us-west-2"],
    ["namespace", { namespace: "a.b" }, "lower-case"],
    ["replicas", { replicas: 0 }, "at least 1"],
    ["replicas", { replicas: 6 }, "at most 5"],
    ["cognito", { cognito: "yes" }, "boolean"],
    ["waf", { waf: 1 }, "boolean"],
    ["shield", { shield: null }, "boolean"],
    ["chart.version", { chart: { version: "3" } }, "must be a version"],
    ["timeoutSeconds", { timeoutSeconds: 59 }, "at least 60"],
    ["dependsOn[0]", { dependsOn: ["x"] }],
    ["vpc", { vpc: "x" }, "unknown key"],
  ],
  (stack, wrong) => make(stack, wrong as Partial<LoadBalancerControllerProps>),
);
