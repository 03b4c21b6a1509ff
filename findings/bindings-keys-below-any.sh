#!/usr/bin/env bash
# Library: @cdktf/provider-aws 21.22.1 with cdktf 0.21.0 and constructs 10.4.2 (npm), on Node 20 or later.
# Behaviour: the bindings write every key of a block in Terraform's spelling (metricName as metric_name), and of blocks in it
#   likewise. But where the generator met a schema that it would not follow further down, such as the statements of a web ACL
#   of WAF, which hold statements, it typed the argument `any`, and what is given there goes into the JSON as it was written. In
#   one rule, keys beside the statement must be camel case and keys in it Terraform's; the other spelling is written without a
#   word from the compiler or from synthesis, validations on, and Terraform refuses it.
# Seen: below: the same rule with both spellings of its statement. Source: rule.statement in lib/wafv2-web-acl/index.d.ts.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts \
  cdktf@0.21.0 constructs@10.4.2 @cdktf/provider-aws@21.22.1 >/dev/null 2>&1
cat > main.js <<'JS'
const { Testing, TerraformStack } = require("cdktf");
const { AwsProvider } = require("@cdktf/provider-aws/lib/provider");
const { Wafv2WebAcl } = require("@cdktf/provider-aws/lib/wafv2-web-acl");
const visibilityConfig = { cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true, metricName: "rate" };
const keysOf = (statement) => {
  const stack = new TerraformStack(Testing.app(), "stack");
  new AwsProvider(stack, "aws", { region: "us-east-1" });
  new Wafv2WebAcl(stack, "acl", {
    scope: "REGIONAL",
    defaultAction: { allow: {} },
    visibilityConfig,
    rule: [{ name: "rate", priority: 0, action: { block: {} }, statement, visibilityConfig }],
  });
  const [rule] = Object.values(JSON.parse(Testing.synth(stack, true)).resource.aws_wafv2_web_acl)[0].rule;
  return `${Object.keys(rule.visibility_config).sort()} beside ${JSON.stringify(rule.statement)}`;
};
console.log(keysOf({ rateBasedStatement: { limit: 100, aggregateKeyType: "IP" } }));
console.log(keysOf({ rate_based_statement: { limit: 100, aggregate_key_type: "IP" } }));
JS
seen=$(node main.js 2>/dev/null)
echo "@cdktf/provider-aws $(node -p 'require("@cdktf/provider-aws/package.json").version'), Node $(node -p process.version)"
echo "$seen"
beside="cloudwatch_metrics_enabled,metric_name,sampled_requests_enabled beside"
expected="$beside {\"rateBasedStatement\":{\"aggregateKeyType\":\"IP\",\"limit\":100}}
$beside {\"rate_based_statement\":{\"aggregate_key_type\":\"IP\",\"limit\":100}}"
if [ "$seen" != "$expected" ]; then
  printf 'the behaviour has changed; it was:\n%s\n' "$expected" >&2
  exit 1
fi
