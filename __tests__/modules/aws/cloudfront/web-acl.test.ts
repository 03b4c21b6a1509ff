import { Wafv2WebAcl } from "@cdktf/provider-aws/lib/wafv2-web-acl";
import { expect, it } from "vitest";
import { WebAcl } from "../../../../modules/aws/cloudfront/web-acl";
import { type Json, synth } from "../../../support/synth";

it("refuses common attacks and too many requests of one address, and lets the rest pass", () => {
  const acl = synth((stack) => new WebAcl(stack, "acl", { name: "dev-site", rateLimit: 500, provider: undefined })).one(
    Wafv2WebAcl,
  );
  expect(acl).toMatchObject({ name: "dev-site-firewall", scope: "CLOUDFRONT", default_action: { allow: {} } });
  expect(acl.rule.map(({ name, priority }: Json) => [priority, name])).toEqual([
    [0, "rate"],
    [1, "AWSManagedRulesAmazonIpReputationList"],
    [2, "AWSManagedRulesCommonRuleSet"],
    [3, "AWSManagedRulesKnownBadInputsRuleSet"],
  ]);
  expect(acl.rule[0]).toMatchObject({
    action: { block: {} },
    statement: { rate_based_statement: { limit: 500, aggregate_key_type: "IP" } },
  });
  for (const rule of acl.rule.slice(1)) {
    expect(rule).toMatchObject({
      override_action: { none: {} },
      statement: { managed_rule_group_statement: { vendor_name: "AWS", name: rule.name } },
    });
  }
  const metrics = [acl, ...acl.rule].map(({ visibility_config: of }: Json) => of.metric_name);
  expect(new Set(metrics).size).toBe(5);
});
