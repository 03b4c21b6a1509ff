import { expect, it } from "vitest";
import type { Statement } from "../../../modules/common/iam/policy";
import { loadBalancerStatements } from "../../../modules/kube/load-balancer-policy";

const named = (service: string, ...actions: string[]) => actions.map((action) => `${service}:${action}`);
const actionsOf = (statements: Statement[]) => [...new Set(statements.flatMap(({ Action }) => Action))].sort();

/** All of github.com/kubernetes-sigs/aws-load-balancer-controller v3.5.0, docs/install/iam_policy.json. */
const LOAD_BALANCER_CONTROLLER = [
  ...named("acm", "DescribeCertificate", "ListCertificates"),
  ...named("cognito-idp", "DescribeUserPoolClient"),
  ...named(
    "ec2",
    "AuthorizeSecurityGroupIngress",
    "CreateSecurityGroup",
    "CreateTags",
    "DeleteSecurityGroup",
    "DeleteTags",
    "DescribeAccountAttributes",
    "DescribeAddresses",
    "DescribeAvailabilityZones",
    "DescribeCoipPools",
    "DescribeInstances",
    "DescribeInternetGateways",
    "DescribeIpamPools",
    "DescribeNetworkInterfaces",
    "DescribeRouteTables",
    "DescribeSecurityGroups",
    "DescribeSubnets",
    "DescribeTags",
    "DescribeVpcPeeringConnections",
    "DescribeVpcs",
    "GetCoipPoolUsage",
    "GetSecurityGroupsForVpc",
    "RevokeSecurityGroupIngress",
  ),
  ...named(
    "elasticloadbalancing",
    "AddListenerCertificates",
    "AddTags",
    "CreateListener",
    "CreateLoadBalancer",
    "CreateRule",
    "CreateTargetGroup",
    "DeleteListener",
    "DeleteLoadBalancer",
    "DeleteRule",
    "DeleteTargetGroup",
    "DeregisterTargets",
    "DescribeCapacityReservation",
    "DescribeListenerAttributes",
    "DescribeListenerCertificates",
    "DescribeListeners",
    "DescribeLoadBalancerAttributes",
    "DescribeLoadBalancers",
    "DescribeRules",
    "DescribeSSLPolicies",
    "DescribeTags",
    "DescribeTargetGroupAttributes",
    "DescribeTargetGroups",
    "DescribeTargetHealth",
    "DescribeTrustStores",
    "ModifyCapacityReservation",
    "ModifyIpPools",
    "ModifyListener",
    "ModifyListenerAttributes",
    "ModifyLoadBalancerAttributes",
    "ModifyRule",
    "ModifyTargetGroup",
    "ModifyTargetGroupAttributes",
    "RegisterTargets",
    "RemoveListenerCertificates",
    "RemoveTags",
    "SetIpAddressType",
    "SetRulePriorities",
    "SetSecurityGroups",
    "SetSubnets",
    "SetWebAcl",
  ),
  ...named("iam", "CreateServiceLinkedRole", "GetServerCertificate", "ListServerCertificates"),
  ...named("shield", "CreateProtection", "DeleteProtection", "DescribeProtection", "GetSubscriptionState"),
  ...named("waf-regional", "AssociateWebACL", "DisassociateWebACL", "GetWebACL", "GetWebACLForResource"),
  ...named("wafv2", "AssociateWebACL", "DisassociateWebACL", "GetWebACL", "GetWebACLForResource"),
];
/** What it allows and ours does not. */
const LEFT_OUT = [
  ...named("ec2", "DescribeCoipPools", "GetCoipPoolUsage"), // pools of addresses of Outposts
  ...named("ec2", "DescribeIpamPools"), // and of IPAM
  ...named("elasticloadbalancing", "ModifyIpPools"),
  ...named("elasticloadbalancing", "ModifyCapacityReservation"),
  ...named("iam", "GetServerCertificate", "ListServerCertificates"), // which no line of v3.5.0 calls
  ...named("waf-regional", "AssociateWebACL", "DisassociateWebACL", "GetWebACL", "GetWebACLForResource"), // WAF Classic
];

it("lets the load balancer controller do all that its own policy does, but for what is left out by name", () => {
  const ours = actionsOf(loadBalancerStatements("ml", { cognito: true, waf: true, shield: true }));
  const theirs = LOAD_BALANCER_CONTROLLER.filter((action) => !LEFT_OUT.includes(action));
  expect(ours).toEqual(theirs.sort());
  expect(LEFT_OUT.filter((action) => !LOAD_BALANCER_CONTROLLER.includes(action))).toEqual([]);
});
