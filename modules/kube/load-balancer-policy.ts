import type { Statement } from "../common/iam/policy";

const TAG = "elbv2.k8s.aws/cluster";
const balancers = ["targetgroup/*/*", "loadbalancer/net/*/*", "loadbalancer/app/*/*"];
const listeners = ["listener/net/*/*/*", "listener/app/*/*/*", "listener-rule/net/*/*/*", "listener-rule/app/*/*/*"];
const elb = (...actions: string[]) => actions.map((action) => `elasticloadbalancing:${action}`);
const ec2 = (...actions: string[]) => actions.map((action) => `ec2:${action}`);
const elbArns = (paths: string[]) => paths.map((path) => `arn:aws:elasticloadbalancing:*:*:${path}`);

/** Features beside load balancing that need permissions of their own. */
export interface LoadBalancerFeatures {
  /** Authentication with Cognito on ALBs. */
  readonly cognito: boolean;
  /** Web ACLs on ALBs. */
  readonly waf: boolean;
  /** Shield Advanced on ALBs. */
  readonly shield: boolean;
}

/**
 * Permissions of the controller. Source: github.com/kubernetes-sigs/aws-load-balancer-controller, docs/install/iam_policy.json
 * of v3.5.0, restricted: where that requires just the presence of the controller's tag, or no tag, the tag must name this
 * cluster; WAF, Shield, Cognito, IP address pools and capacity reservations are left out unless used.
 */
export function loadBalancerStatements(clusterName: string, features: LoadBalancerFeatures): Statement[] {
  const owned = { StringEquals: { [`aws:ResourceTag/${TAG}`]: clusterName } };
  const asOwn = { StringEquals: { [`aws:RequestTag/${TAG}`]: clusterName } };
  const ofOwn = { ...owned, Null: { [`aws:RequestTag/${TAG}`]: "true" } }; // resources of others cannot be tagged as the cluster's
  const securityGroups = "arn:aws:ec2:*:*:security-group/*";
  return [
    {
      Sid: "ServiceLinkedRole",
      Action: "iam:CreateServiceLinkedRole",
      Resource: "*",
      Condition: { StringEquals: { "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com" } },
    },
    {
      Sid: "Look",
      Action: [
        ...ec2(
          "DescribeAccountAttributes",
          "DescribeAddresses",
          "DescribeAvailabilityZones",
          "DescribeInstances",
          "DescribeInternetGateways",
          "DescribeNetworkInterfaces",
          "DescribeRouteTables",
          "DescribeSecurityGroups",
          "DescribeSubnets",
          "DescribeTags",
          "DescribeVpcPeeringConnections",
          "DescribeVpcs",
          "GetSecurityGroupsForVpc",
        ),
        ...elb(
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
        ),
        "acm:DescribeCertificate",
        "acm:ListCertificates",
        ...(features.cognito ? ["cognito-idp:DescribeUserPoolClient"] : []),
      ],
      Resource: "*",
    },
    // also rules of the nodes' group, which the controller did not create
    {
      Sid: "Rules",
      Action: ec2("AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress"),
      Resource: securityGroups,
    },
    { Sid: "MakeGroups", Action: "ec2:CreateSecurityGroup", Resource: "*" },
    {
      Sid: "TagNewGroups",
      Action: "ec2:CreateTags",
      Resource: securityGroups,
      Condition: { StringEquals: { ...asOwn.StringEquals, "ec2:CreateAction": "CreateSecurityGroup" } },
    },
    {
      Sid: "TagOwnGroups",
      Action: ec2("CreateTags", "DeleteTags"),
      Resource: securityGroups,
      Condition: ofOwn,
    },
    { Sid: "DeleteOwnGroups", Action: "ec2:DeleteSecurityGroup", Resource: securityGroups, Condition: owned },
    {
      Sid: "MakeBalancers",
      Action: elb("CreateLoadBalancer", "CreateTargetGroup"),
      Resource: "*",
      Condition: asOwn,
    },
    {
      Sid: "TagNewBalancers",
      Action: "elasticloadbalancing:AddTags",
      Resource: elbArns(balancers),
      Condition: {
        StringEquals: {
          ...asOwn.StringEquals,
          "elasticloadbalancing:CreateAction": ["CreateTargetGroup", "CreateLoadBalancer"],
        },
      },
    },
    {
      Sid: "TagOwnBalancers",
      Action: elb("AddTags", "RemoveTags"),
      Resource: elbArns(balancers),
      Condition: ofOwn,
    },
    {
      Sid: "ChangeOwnBalancers",
      Action: elb(
        "DeleteLoadBalancer",
        "DeleteTargetGroup",
        "ModifyLoadBalancerAttributes",
        "ModifyTargetGroup",
        "ModifyTargetGroupAttributes",
        "SetIpAddressType",
        "SetSecurityGroups",
        "SetSubnets",
      ),
      Resource: elbArns(balancers),
      Condition: owned,
    },
    {
      Sid: "Targets",
      Action: elb("RegisterTargets", "DeregisterTargets"),
      Resource: elbArns(["targetgroup/*/*"]),
      Condition: owned,
    },
    {
      Sid: "MakeListeners",
      Action: "elasticloadbalancing:CreateListener",
      Resource: elbArns(balancers.slice(1)),
      Condition: owned,
    },
    // those of old controllers were never tagged
    {
      Sid: "Listeners",
      Action: elb(
        "AddListenerCertificates",
        "AddTags",
        "CreateRule",
        "DeleteListener",
        "DeleteRule",
        "ModifyListener",
        "ModifyListenerAttributes",
        "ModifyRule",
        "RemoveListenerCertificates",
        "RemoveTags",
        "SetRulePriorities",
      ),
      Resource: elbArns(listeners),
    },
    ...(features.waf
      ? [
          {
            Sid: "Waf",
            Action: [
              ...elb("SetWebAcl"),
              ...["AssociateWebACL", "DisassociateWebACL", "GetWebACL", "GetWebACLForResource"].map(
                (a) => `wafv2:${a}`,
              ),
            ],
            Resource: "*",
          },
        ]
      : []),
    ...(features.shield
      ? [
          {
            Sid: "Shield",
            Action: ["CreateProtection", "DeleteProtection", "DescribeProtection", "GetSubscriptionState"].map(
              (action) => `shield:${action}`,
            ),
            Resource: "*",
          },
        ]
      : []),
  ];
}
