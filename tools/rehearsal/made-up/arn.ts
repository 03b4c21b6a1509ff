/**
 * ARNs by resource type, from the service on: `{region}` and `{account}` are the provider's, every other `{name}` is an
 * attribute of the resource, and `{hex}` some digits that AWS makes up.
 */
const FORMATS: Record<string, string> = {
  aws_acm_certificate: "acm:{region}:{account}:certificate/{uuid}",
  aws_alb: "elasticloadbalancing:{region}:{account}:loadbalancer/app/{name}/{hex}",
  aws_autoscaling_group: "autoscaling:{region}:{account}:autoScalingGroup:{uuid}:autoScalingGroupName/{name}",
  aws_cloudfront_distribution: "cloudfront::{account}:distribution/{id}",
  aws_cloudtrail: "cloudtrail:{region}:{account}:trail/{name}",
  aws_cloudwatch_event_bus: "events:{region}:{account}:event-bus/{name}",
  aws_cloudwatch_event_rule: "events:{region}:{account}:rule/{name}",
  aws_cloudwatch_log_group: "logs:{region}:{account}:log-group:{name}",
  aws_cloudwatch_metric_alarm: "cloudwatch:{region}:{account}:alarm:{alarm_name}",
  aws_codebuild_project: "codebuild:{region}:{account}:project/{name}",
  aws_db_instance: "rds:{region}:{account}:db:{identifier}",
  aws_db_parameter_group: "rds:{region}:{account}:pg:{name}",
  aws_db_subnet_group: "rds:{region}:{account}:subgrp:{name}",
  aws_dlm_lifecycle_policy: "dlm:{region}:{account}:policy/{id}",
  aws_dynamodb_table: "dynamodb:{region}:{account}:table/{name}",
  aws_ebs_snapshot: "ec2:{region}::snapshot/{id}",
  aws_ebs_volume: "ec2:{region}:{account}:volume/{id}",
  aws_ecr_repository: "ecr:{region}:{account}:repository/{name}",
  aws_ecs_cluster: "ecs:{region}:{account}:cluster/{name}",
  aws_ecs_service: "ecs:{region}:{account}:service/{cluster|name}/{name}",
  aws_ecs_task_definition: "ecs:{region}:{account}:task-definition/{family}:1",
  aws_efs_access_point: "elasticfilesystem:{region}:{account}:access-point/{id}",
  aws_efs_file_system: "elasticfilesystem:{region}:{account}:file-system/{id}",
  aws_eip: "ec2:{region}:{account}:elastic-ip/{id}",
  aws_eks_access_entry: "eks:{region}:{account}:access-entry/{cluster_name}/role/{account}/{principal_arn|name}/{uuid}",
  aws_eks_addon: "eks:{region}:{account}:addon/{cluster_name}/{addon_name}/{uuid}",
  aws_eks_cluster: "eks:{region}:{account}:cluster/{name}",
  aws_eks_node_group: "eks:{region}:{account}:nodegroup/{cluster_name}/{node_group_name}/{uuid}",
  aws_flow_log: "ec2:{region}:{account}:vpc-flow-log/{id}",
  aws_iam_instance_profile: "iam::{account}:instance-profile{path}{name}",
  aws_iam_openid_connect_provider: "iam::{account}:oidc-provider/{url|host}",
  aws_iam_policy: "iam::{account}:policy{path}{name}",
  aws_iam_role: "iam::{account}:role{path}{name}",
  aws_iam_user: "iam::{account}:user{path}{name}",
  aws_instance: "ec2:{region}:{account}:instance/{id}",
  aws_kinesis_firehose_delivery_stream: "firehose:{region}:{account}:deliverystream/{name}",
  aws_kms_alias: "kms:{region}:{account}:{name}",
  aws_kms_key: "kms:{region}:{account}:key/{key_id}",
  aws_lambda_function: "lambda:{region}:{account}:function:{function_name}",
  aws_launch_template: "ec2:{region}:{account}:launch-template/{id}",
  aws_lb: "elasticloadbalancing:{region}:{account}:loadbalancer/app/{name}/{hex}",
  aws_lb_listener: "elasticloadbalancing:{region}:{account}:listener/{load_balancer_arn|lb}/{hex}",
  aws_lb_target_group: "elasticloadbalancing:{region}:{account}:targetgroup/{name}/{hex}",
  aws_nat_gateway: "ec2:{region}:{account}:natgateway/{id}",
  aws_network_interface: "ec2:{region}:{account}:network-interface/{id}",
  aws_placement_group: "ec2:{region}:{account}:placement-group/{name}",
  aws_route53_zone: "route53:::hostedzone/{zone_id}",
  aws_s3_bucket: "s3:::{bucket}",
  aws_s3_object: "s3:::{bucket}/{key}",
  aws_scheduler_schedule: "scheduler:{region}:{account}:schedule/{group_name}/{name}",
  aws_secretsmanager_secret: "secretsmanager:{region}:{account}:secret:{name}-{six}",
  aws_secretsmanager_secret_version: "{secret_id}",
  aws_sfn_state_machine: "states:{region}:{account}:stateMachine:{name}",
  aws_sns_topic: "sns:{region}:{account}:{name}",
  aws_sns_topic_subscription: "{topic_arn}:{uuid}",
  aws_sqs_queue: "sqs:{region}:{account}:{name}",
  aws_ssm_maintenance_window: "ssm:{region}:{account}:maintenancewindow/{id}",
  aws_ssm_parameter: "ssm:{region}:{account}:parameter/{name}",
  aws_vpc_security_group_egress_rule: "ec2:{region}:{account}:security-group-rule/{id}",
  aws_vpc_security_group_ingress_rule: "ec2:{region}:{account}:security-group-rule/{id}",
};

/** Services that a type's name spells in another way than an ARN does, by the start of the name. */
const SERVICES: Record<string, string> = {
  alb: "elasticloadbalancing",
  ami: "ec2",
  api_gateway: "apigateway",
  appautoscaling: "application-autoscaling",
  autoscaling: "autoscaling",
  cloudwatch_event: "events",
  cloudwatch_log: "logs",
  cognito_identity: "cognito-identity",
  cognito_user: "cognito-idp",
  customer_gateway: "ec2",
  db: "rds",
  ebs: "ec2",
  efs: "elasticfilesystem",
  eip: "ec2",
  egress_only: "ec2",
  elb: "elasticloadbalancing",
  internet_gateway: "ec2",
  key_pair: "ec2",
  kinesis_firehose: "firehose",
  lb: "elasticloadbalancing",
  msk: "kafka",
  network_acl: "ec2",
  network_interface: "ec2",
  opensearch: "es",
  prometheus: "aps",
  route: "ec2",
  route53: "route53",
  route_table: "ec2",
  security_group: "ec2",
  service_discovery: "servicediscovery",
  sfn: "states",
  subnet: "ec2",
  vpc: "ec2",
  vpn: "ec2",
};

/** Format of a type's ARN; one that we do not know is put together as most are: `service:region:account:noun/id`. */
export function arnFormat(type: string): string {
  if (Object.hasOwn(FORMATS, type)) return FORMATS[type] as string;
  const name = type.replace(/^aws_(default_)?/, "");
  const words = name.split("_");
  const [start, service] = [2, 1]
    .map((count) => words.slice(0, count).join("_"))
    .map((start) => [start, SERVICES[start]] as const)
    .find(([, known]) => known) ?? [words[0] as string, words[0] as string];
  const noun = service === "ec2" ? name : name.slice(start.length + 1) || name;
  return `${service}:{region}:{account}:${noun.replace(/_/g, "-")}/{id}`;
}

/** Type whose ARN an attribute such as `role_arn` or `load_balancer_arns` holds, as far as its name tells. */
export function typeInArn(attribute: string): string {
  const noun = attribute.replace(/_?arns?$/, "");
  return NOUNS.find(([pattern]) => pattern.test(noun))?.[1] ?? `aws_${noun}`;
}

const NOUNS: [RegExp, string][] = [
  [/role$/, "aws_iam_role"],
  [/kms|key$/, "aws_kms_key"],
  [/load_balancer$|^lb$/, "aws_lb"],
  [/target_group$/, "aws_lb_target_group"],
  [/alarm$/, "aws_cloudwatch_metric_alarm"],
  [/file_system$/, "aws_efs_file_system"],
  [/secret$/, "aws_secretsmanager_secret"],
  [/topic$/, "aws_sns_topic"],
  [/queue$/, "aws_sqs_queue"],
  [/bucket$/, "aws_s3_bucket"],
  [/policy$|policies$/, "aws_iam_policy"],
  [/(lambda_)?function$/, "aws_lambda_function"],
  [/certificate$/, "aws_acm_certificate"],
  [/log_group$/, "aws_cloudwatch_log_group"],
  [/instance_profile$/, "aws_iam_instance_profile"],
];
