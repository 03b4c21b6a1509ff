import { expect, it } from "vitest";
import { policy, type Statement } from "../../../modules/common/iam/policy";
import { loadBalancerStatements } from "../../../modules/kube/load-balancer-policy";

const OFF = { cognito: false, waf: false, shield: false };
const ON = { cognito: true, waf: true, shield: true };
const actions = (statements: Statement[]) => statements.flatMap(({ Action }) => Action).sort();
const changes = (statements: Statement[]) =>
  statements.filter(({ Action }) => [Action].flat().some((action) => !/:(Describe|List|Get)/.test(action)));

it("changes and deletes load balancers of this cluster only", () => {
  const risky =
    /:(Delete(LoadBalancer|TargetGroup|SecurityGroup)|Modify(LoadBalancer|TargetGroup)|Set(Subnets|SecurityGroups|IpAddressType)|(Der|R)egisterTargets|CreateListener)/;
  const found = loadBalancerStatements("ml", OFF).filter(({ Action }) => [Action].flat().some((a) => risky.test(a)));
  expect(found).toHaveLength(4);
  for (const { Condition } of found) {
    expect(Condition).toEqual({ StringEquals: { "aws:ResourceTag/elbv2.k8s.aws/cluster": "ml" } });
  }
});
it("tags only what it makes, and what has its tag already without giving it another owner", () => {
  const tagging = loadBalancerStatements("ml", OFF).filter(
    ({ Action, Sid }) =>
      [Action].flat().some((action) => /Tags$/.test(action) && !/Describe/.test(action)) && Sid !== "Listeners",
  );
  expect(tagging.map(({ Sid, Condition }) => [Sid, Condition])).toEqual([
    [
      "TagNewGroups",
      {
        StringEquals: {
          "aws:RequestTag/elbv2.k8s.aws/cluster": "ml",
          "ec2:CreateAction": "CreateSecurityGroup",
        },
      },
    ],
    [
      "TagOwnGroups",
      {
        StringEquals: { "aws:ResourceTag/elbv2.k8s.aws/cluster": "ml" },
        Null: { "aws:RequestTag/elbv2.k8s.aws/cluster": "true" },
      },
    ],
    [
      "TagNewBalancers",
      {
        StringEquals: {
          "aws:RequestTag/elbv2.k8s.aws/cluster": "ml",
          "elasticloadbalancing:CreateAction": ["CreateTargetGroup", "CreateLoadBalancer"],
        },
      },
    ],
    [
      "TagOwnBalancers",
      {
        StringEquals: { "aws:ResourceTag/elbv2.k8s.aws/cluster": "ml" },
        Null: { "aws:RequestTag/elbv2.k8s.aws/cluster": "true" },
      },
    ],
  ]);
});
it("has no right to change anything of every kind without a condition, but to make security groups", () => {
  const open = changes(loadBalancerStatements("ml", OFF)).filter(
    ({ Resource, Condition }) => Resource === "*" && !Condition,
  );
  expect(open.map(({ Sid }) => Sid)).toEqual(["MakeGroups"]);
});
it("has the rights of WAF, Shield and Cognito only where they are used", () => {
  const services = (statements: Statement[]) => [...new Set(actions(statements).map((action) => action.split(":")[0]))];
  expect(services(loadBalancerStatements("ml", OFF))).toEqual(["acm", "ec2", "elasticloadbalancing", "iam"]);
  expect(services(loadBalancerStatements("ml", ON))).toEqual([
    "acm",
    "cognito-idp",
    "ec2",
    "elasticloadbalancing",
    "iam",
    "shield",
    "wafv2",
  ]);
  const added = actions(loadBalancerStatements("ml", ON)).filter(
    (action) => !actions(loadBalancerStatements("ml", OFF)).includes(action),
  );
  expect(added).toEqual([
    "cognito-idp:DescribeUserPoolClient",
    "elasticloadbalancing:SetWebAcl",
    "shield:CreateProtection",
    "shield:DeleteProtection",
    "shield:DescribeProtection",
    "shield:GetSubscriptionState",
    "wafv2:AssociateWebACL",
    "wafv2:DisassociateWebACL",
    "wafv2:GetWebACL",
    "wafv2:GetWebACLForResource",
  ]);
});
it("names no action or statement twice in a place, and fits into a role", () => {
  const statements = loadBalancerStatements("a".repeat(100), ON);
  const sids = statements.map(({ Sid }) => Sid);
  expect(new Set(sids).size).toBe(sids.length);
  for (const { Action } of statements) expect(new Set([Action].flat()).size).toBe([Action].flat().length);
  expect(policy(...statements).length).toBeLessThan(10_240); // IAM quotas: policies of a role, together
});
