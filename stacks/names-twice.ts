import { type App, TerraformResource, TerraformStack, Token } from "cdktf";
import { settingText } from "../modules/common/settings/props";
import { BaseStack } from "./base-stack";

/** Where AWS knows a name once. */
type Scope = "world" | "account" | "region" | "stack";

interface Named {
  readonly what: string;
  readonly argument: string;
  readonly scope: Scope;
  /** Arguments that tell apart what may have one name. */
  readonly beside?: readonly string[];
}

/** What AWS knows by a name of the user's or of ours, and the argument that says it; generated names never meet. */
export const NAMED: Readonly<Record<string, Named>> = {
  aws_apigatewayv2_domain_name: { what: "domain of an API", argument: "domainName", scope: "region" },
  aws_autoscaling_group: { what: "Auto Scaling group", argument: "name", scope: "region" },
  aws_backup_vault: { what: "backup vault", argument: "name", scope: "region" },
  aws_cloudfront_cache_policy: { what: "cache policy", argument: "name", scope: "account" },
  aws_cloudfront_function: { what: "CloudFront function", argument: "name", scope: "account" },
  aws_cloudfront_origin_access_control: { what: "origin access control", argument: "name", scope: "account" },
  aws_cloudfront_response_headers_policy: { what: "response headers policy", argument: "name", scope: "account" },
  aws_cloudformation_stack: { what: "CloudFormation stack", argument: "name", scope: "region" },
  aws_cloudwatch_dashboard: { what: "dashboard", argument: "dashboardName", scope: "region" },
  aws_cloudwatch_event_rule: { what: "event rule", argument: "name", scope: "region" },
  aws_cloudwatch_log_delivery_destination: { what: "log destination", argument: "name", scope: "account" }, // those of CloudFront are in us-east-1
  aws_cloudwatch_log_delivery_source: { what: "log source", argument: "name", scope: "account" },
  aws_cloudwatch_log_group: { what: "log group", argument: "name", scope: "region" },
  aws_cloudwatch_metric_alarm: { what: "alarm", argument: "alarmName", scope: "region" },
  aws_codebuild_project: { what: "CodeBuild project", argument: "name", scope: "region" },
  aws_db_instance: { what: "database", argument: "identifier", scope: "region" },
  aws_db_subnet_group: { what: "subnet group", argument: "name", scope: "region" },
  aws_dynamodb_table: { what: "table", argument: "name", scope: "region" },
  aws_ecr_repository: { what: "image repository", argument: "name", scope: "region" },
  aws_ecs_cluster: { what: "ECS cluster", argument: "name", scope: "region" },
  aws_ecs_service: { what: "service", argument: "name", scope: "stack" }, // of one cluster; no stack has two
  aws_eks_cluster: { what: "EKS cluster", argument: "name", scope: "region" },
  aws_kms_alias: { what: "alias", argument: "name", scope: "region" },
  aws_lambda_function: { what: "function", argument: "functionName", scope: "region" },
  aws_lb: { what: "load balancer", argument: "name", scope: "region" },
  aws_route53_record: { what: "record", argument: "name", scope: "world", beside: ["zoneId", "type"] },
  aws_s3_bucket: { what: "bucket", argument: "bucket", scope: "world" },
  aws_scheduler_schedule: { what: "schedule", argument: "name", scope: "region" },
  aws_sfn_state_machine: { what: "state machine", argument: "name", scope: "region" },
  aws_sns_topic: { what: "topic", argument: "name", scope: "region" },
  aws_sqs_queue: { what: "queue", argument: "name", scope: "region" },
  aws_ssm_parameter: { what: "parameter", argument: "name", scope: "region" },
  aws_wafv2_web_acl: { what: "firewall", argument: "name", scope: "account" }, // of CloudFront
};

/** What two resources of an app have the same name for, one line for each two places in the settings; AWS would refuse the second. */
export function namesTwice(app: App): string[] {
  const seen = new Map<string, string>();
  const lines = new Map<string, string>();
  for (const resource of app.node.findAll().filter(TerraformResource.isTerraformResource)) {
    const named = NAMED[resource.terraformResourceType];
    const input = (argument: string) => (resource as unknown as Record<string, unknown>)[`${argument}Input`];
    const name = named && input(named.argument);
    if (!named || typeof name !== "string" || Token.isUnresolved(name) || name.startsWith("${")) continue;
    const { scope, beside = [] } = named;
    const key = [resource.terraformResourceType, name, ...beside.map(input), ...around(resource, scope)].join(" ");
    const place = settingText(resource);
    const other = seen.get(key);
    if (other === undefined) {
      seen.set(key, place);
    } else if (!lines.has(`${other} ${place}`)) {
      const message = `must not have the ${named.what} ${name}, which ${other} has too: rename one of both`;
      lines.set(`${other} ${place}`, `${place}: ${message}`);
    }
  }
  return [...lines.values()];
}

/** In what the name of a resource must be the only one. */
function around(resource: TerraformResource, scope: Scope): string[] {
  if (scope === "world") return [];
  const stack = TerraformStack.of(resource);
  if (scope === "stack" || !(stack instanceof BaseStack)) return [stack.node.id];
  const { account = "", region } = stack.environment;
  if (scope === "account") return [account];
  // a provider of its own is for another region or account
  return [account, region, ...(resource.provider?.alias ? [stack.node.id, resource.provider.alias] : [])];
}
