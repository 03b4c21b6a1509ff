import { Wafv2WebAcl } from "@cdktf/provider-aws/lib/wafv2-web-acl";
import type { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { z } from "zod";

export const webAclSchema = z.strictObject({
  /**
   * Requests of one address in five minutes, 10 to 2000000000, above which it is refused.
   * Source: AWS WAF API reference, RateBasedStatement.
   */
  rateLimit: z.int().min(10).max(2_000_000_000).default(2000),
});
export type WebAclSettings = z.output<typeof webAclSchema>;

/** Groups of rules that AWS keeps. Source: AWS WAF Developer Guide, "AWS Managed Rules rule groups list". */
const MANAGED = [
  "AWSManagedRulesAmazonIpReputationList",
  "AWSManagedRulesCommonRuleSet",
  "AWSManagedRulesKnownBadInputsRuleSet",
];

export interface WebAclProps extends WebAclSettings {
  readonly name: string;
  /** AWS provider of us-east-1. */
  readonly provider: TerraformProvider | undefined;
}

/** Firewall of a CloudFront distribution: AWS's rules against common attacks, and a limit on the requests of one address. */
export class WebAcl extends Wafv2WebAcl {
  constructor(scope: Construct, id: string, { name, rateLimit, provider }: WebAclProps) {
    const visible = (metricName: string) => ({
      cloudwatchMetricsEnabled: true,
      sampledRequestsEnabled: true,
      metricName,
    });
    super(scope, id, {
      provider,
      name: `${name}-firewall`,
      description: "Common attacks, and too many requests of one address",
      scope: "CLOUDFRONT",
      defaultAction: { allow: {} },
      // the bindings hand statements on as they are, so their keys are Terraform's
      rule: [
        {
          name: "rate",
          priority: 0,
          action: { block: {} },
          statement: { rate_based_statement: { limit: rateLimit, aggregate_key_type: "IP" } },
          visibilityConfig: visible(`${name}-rate`),
        },
        ...MANAGED.map((rules, index) => ({
          name: rules,
          priority: index + 1,
          overrideAction: { none: {} },
          statement: { managed_rule_group_statement: { vendor_name: "AWS", name: rules } },
          visibilityConfig: visible(`${name}-${rules}`),
        })),
      ],
      visibilityConfig: visible(`${name}-firewall`),
    });
  }
}
