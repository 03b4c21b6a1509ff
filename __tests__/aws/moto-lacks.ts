import type { Json } from "../support/synth";
import { type Lack, ref, without } from "../support/terraform-json";

/** A lack of moto, and the least with which the AWS provider shows it. */
export interface MotoLack extends Lack {
  /** Arguments of one resource; they may refer to the cluster `attempt` and what is around it. */
  attempt: Json;
  /** Part of the provider's error; none where moto only misreports. */
  shows?: string;
}

const cluster_name = ref("aws_eks_cluster.attempt.name");
const principal_arn = ref("aws_iam_role.attempt.arn");
const subnet_ids = [ref("aws_subnet.a.id"), ref("aws_subnet.b.id")];
const client_vpn_endpoint_id = "cvpn-endpoint-0123456789abcdef0";
const certificate = "arn:aws:acm:us-east-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef";
const vpnEndpoint = {
  server_certificate_arn: certificate,
  client_cidr_block: "10.12.0.0/22",
  authentication_options: [{ type: "certificate-authentication", root_certificate_chain_arn: certificate }],
  connection_log_options: { enabled: false },
};
const instance = { ami: "ami-12c6146b", instance_type: "t3.small", subnet_id: ref("aws_subnet.a.id") };
/** Moto's answer to a request it does not know. */
const UNKNOWN = "StatusCode: 404";
/** Moto's answer to a request that it cannot carry out. */
const FAILS = "StatusCode: 500";

const cacheBehavior = {
  target_origin_id: "files",
  allowed_methods: ["GET", "HEAD"],
  cached_methods: ["GET", "HEAD"],
  viewer_protocol_policy: "redirect-to-https",
  cache_policy_id: "658327ea-f89d-4fab-a63d-7e88639e58f6",
};

/**
 * The one list of what moto 5.2.5 cannot do for the AWS provider. A test tries each of them and fails when it works, so
 * that the list shrinks as moto grows.
 */
export const MOTO_LACKS: readonly MotoLack[] = [
  { type: "aws_eks_addon", shows: UNKNOWN, attempt: { cluster_name, addon_name: "vpc-cni" } },
  {
    type: "data.aws_eks_addon_version",
    shows: UNKNOWN,
    attempt: { addon_name: "vpc-cni", kubernetes_version: "1.35" },
  },
  { type: "aws_eks_access_entry", shows: UNKNOWN, attempt: { cluster_name, principal_arn } },
  {
    type: "aws_eks_access_policy_association",
    shows: UNKNOWN,
    attempt: {
      cluster_name,
      principal_arn,
      policy_arn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
      access_scope: { type: "cluster" },
    },
  },
  {
    type: "aws_eks_pod_identity_association",
    shows: UNKNOWN,
    attempt: { cluster_name, namespace: "default", service_account: "default", role_arn: principal_arn },
  },
  {
    // moto makes no Auto Scaling group for a node group
    type: "aws_autoscaling_group_tag",
    shows: FAILS,
    attempt: {
      autoscaling_group_name: ref("aws_eks_node_group.attempt.resources[0].autoscaling_groups[0].name"),
      tag: { key: "k", value: "v", propagate_at_launch: false },
    },
  },
  {
    // moto knows no placement groups
    type: "aws_placement_group",
    shows: FAILS,
    attempt: { name: "attempt", strategy: "cluster" },
    standIns: { id: "placement-group", name: "placement-group" },
  },
  {
    type: "aws_ecr_pull_through_cache_rule",
    shows: FAILS,
    attempt: { ecr_repository_prefix: "attempt", upstream_registry_url: "public.ecr.aws" },
    standIns: { ecr_repository_prefix: "public" },
  },
  {
    // moto takes it and tells of no such attribute, for which the provider waits
    type: "aws_sqs_queue_redrive_allow_policy",
    shows: "attribute (RedriveAllowPolicy)",
    attempt: {
      queue_url: ref("aws_sqs_queue.attempt.url"),
      redrive_allow_policy: JSON.stringify({ redrivePermission: "denyAll" }),
    },
  },
  {
    // moto validates no definitions, and a plan that fails for one tries nothing else: let it be known at apply only
    type: "aws_sfn_state_machine",
    shows: FAILS,
    attempt: {
      name: "attempt",
      role_arn: principal_arn,
      definition: JSON.stringify({
        Comment: ref("terraform_data.attempt.id"),
        StartAt: "Done",
        States: { Done: { Type: "Succeed" } },
      }),
    },
    standIns: { arn: "arn:aws:states:us-east-1:123456789012:stateMachine:attempt", name: "attempt" },
  },
  {
    type: "aws_cloudfront_cache_policy",
    shows: UNKNOWN,
    attempt: {
      name: "attempt",
      min_ttl: 0,
      parameters_in_cache_key_and_forwarded_to_origin: {
        cookies_config: { cookie_behavior: "none" },
        headers_config: { header_behavior: "none" },
        query_strings_config: { query_string_behavior: "none" },
      },
    },
    standIns: { id: "658327ea-f89d-4fab-a63d-7e88639e58f6" },
  },
  {
    type: "aws_cloudfront_response_headers_policy",
    shows: UNKNOWN,
    attempt: { name: "attempt", security_headers_config: { content_type_options: { override: true } } },
    standIns: { id: "67f7725c-6f97-4210-82d7-5512b31e9d03" },
  },
  {
    // moto makes it, and cannot publish it
    type: "aws_cloudfront_function",
    shows: UNKNOWN,
    attempt: {
      name: "attempt",
      runtime: "cloudfront-js-2.0",
      code: "function handler(event) { return event.request; }",
    },
    standIns: { arn: "arn:aws:cloudfront::123456789012:function/attempt" },
  },
  ...[
    { type: "aws_ec2_client_vpn_endpoint", attempt: vpnEndpoint },
    { type: "aws_ec2_client_vpn_network_association", attempt: { client_vpn_endpoint_id, subnet_id: subnet_ids[0] } },
    {
      type: "aws_ec2_client_vpn_authorization_rule",
      attempt: { client_vpn_endpoint_id, target_network_cidr: "10.0.0.0/16", authorize_all_groups: true },
    },
    {
      type: "aws_ec2_client_vpn_route",
      attempt: {
        client_vpn_endpoint_id,
        destination_cidr_block: "0.0.0.0/0",
        target_vpc_subnet_id: subnet_ids[0],
      },
    },
  ].map((lack) => ({ ...lack, shows: FAILS })),
  {
    // moto tells a key pair that nobody asked for, and forgets the others
    type: "aws_eks_node_group",
    misreports: ["node_repair_config", "remote_access", "update_config"],
    attempt: {
      cluster_name,
      node_role_arn: principal_arn,
      subnet_ids,
      scaling_config: { desired_size: 1, min_size: 1, max_size: 1 },
      update_config: { max_unavailable: 1 },
      node_repair_config: { enabled: false },
    },
  },
  {
    type: "aws_eks_cluster",
    misreports: ["access_config", "compute_config", "storage_config", "upgrade_policy"],
    attempt: {
      name: "misreported",
      role_arn: principal_arn,
      vpc_config: { subnet_ids },
      access_config: { authentication_mode: "API" },
      upgrade_policy: { support_type: "STANDARD" },
      compute_config: { enabled: false },
      storage_config: { block_storage: { enabled: false } },
      kubernetes_network_config: { elastic_load_balancing: { enabled: false } },
    },
  },
  {
    // moto forgets them
    type: "aws_ecs_service",
    misreports: ["availability_zone_rebalancing", "enable_ecs_managed_tags", "health_check_grace_period_seconds"],
    attempt: {
      name: "misreported",
      cluster: ref("aws_ecs_cluster.attempt.arn"),
      task_definition: ref("aws_ecs_task_definition.attempt.arn"),
      launch_type: "FARGATE",
      network_configuration: { subnets: subnet_ids },
      availability_zone_rebalancing: "DISABLED",
      enable_ecs_managed_tags: true,
      health_check_grace_period_seconds: 60,
    },
  },
  {
    // moto writes the policy anew, with blanks
    type: "aws_sqs_queue",
    misreports: ["redrive_policy"],
    attempt: {
      name: "misreported",
      redrive_policy: `{"deadLetterTargetArn":"${ref("aws_sqs_queue.attempt.arn")}","maxReceiveCount":3}`,
    },
  },
  {
    // moto forgets the warm-up, and tells of a reservation that nobody asked for
    type: "aws_autoscaling_group",
    misreports: ["capacity_reservation_specification", "default_instance_warmup"],
    attempt: {
      name: "misreported",
      min_size: 0,
      max_size: 1,
      vpc_zone_identifier: subnet_ids,
      launch_template: { id: ref("aws_launch_template.tried.id") },
      default_instance_warmup: 300,
    },
  },
  {
    // moto tells every policy with a predictive one that is empty, and never that it is enabled
    type: "aws_autoscaling_policy",
    misreports: ["enabled", "predictive_scaling_configuration"],
    attempt: {
      name: "misreported",
      autoscaling_group_name: ref("aws_autoscaling_group.tried.name"),
      adjustment_type: "ChangeInCapacity",
      policy_type: "StepScaling",
      step_adjustment: [{ metric_interval_lower_bound: 0, scaling_adjustment: 1 }],
    },
  },
  {
    // moto makes up whom a hook tells, by which role
    type: "aws_autoscaling_lifecycle_hook",
    misreports: ["notification_target_arn", "role_arn"],
    attempt: {
      name: "misreported",
      autoscaling_group_name: ref("aws_autoscaling_group.tried.name"),
      lifecycle_transition: "autoscaling:EC2_INSTANCE_TERMINATING",
    },
  },
  {
    // moto tells the template's own tags as tags of what it launches
    type: "aws_launch_template",
    misreports: ["tag_specifications"],
    attempt: { name: "misreported", image_id: "ami-12c6146b", instance_type: "t3.small", tags: { k: "v" } },
  },
  {
    type: "aws_instance",
    argument: "monitoring",
    shows: FAILS,
    attempt: { ...instance, monitoring: true },
  },
  {
    // moto puts the groups on the network interface only, and tells of no address that was not asked for
    type: "aws_instance",
    misreports: ["associate_public_ip_address", "maintenance_options", "vpc_security_group_ids"],
    attempt: {
      ...instance,
      associate_public_ip_address: false,
      maintenance_options: { auto_recovery: "disabled" },
      vpc_security_group_ids: [ref("aws_vpc.attempt.default_security_group_id")],
    },
  },
  {
    // moto forgets functions and access controls, and tells of what was in place of cache policies before there were any
    type: "aws_cloudfront_distribution",
    misreports: ["default_cache_behavior", "ordered_cache_behavior", "origin", "viewer_certificate"],
    attempt: {
      enabled: false,
      origin: [
        {
          origin_id: "files",
          domain_name: "misreported.s3.us-east-1.amazonaws.com",
          origin_access_control_id: "E2QWRUHEXAMPLE",
        },
      ],
      default_cache_behavior: cacheBehavior,
      ordered_cache_behavior: [{ path_pattern: "/assets/*", ...cacheBehavior }],
      restrictions: { geo_restriction: { restriction_type: "none" } },
      viewer_certificate: { cloudfront_default_certificate: true },
    },
  },
  {
    // moto forgets both
    type: "aws_lambda_function",
    misreports: ["dead_letter_config", "logging_config"],
    attempt: {
      function_name: "misreported",
      role: principal_arn,
      package_type: "Image",
      image_uri: "123456789012.dkr.ecr.us-east-1.amazonaws.com/misreported:1",
      dead_letter_config: { target_arn: "arn:aws:sqs:us-east-1:123456789012:misreported" },
      logging_config: { log_format: "JSON", log_group: "misreported" },
    },
  },
  {
    // moto keeps the description of a rule for a CIDR only
    type: "aws_vpc_security_group_ingress_rule",
    misreports: ["description"],
    attempt: {
      security_group_id: ref("aws_vpc.attempt.default_security_group_id"),
      referenced_security_group_id: ref("aws_vpc.attempt.default_security_group_id"),
      ip_protocol: "tcp",
      from_port: 443,
      to_port: 443,
      description: "forgotten",
    },
  },
  {
    // as those of ingress rules
    type: "aws_vpc_security_group_egress_rule",
    misreports: ["description"],
    attempt: {
      security_group_id: ref("aws_vpc.attempt.default_security_group_id"),
      referenced_security_group_id: ref("aws_vpc.attempt.default_security_group_id"),
      ip_protocol: "tcp",
      from_port: 444,
      to_port: 444,
      description: "forgotten",
    },
  },
  {
    // moto breaks on the principal "*" of another statement of the log bucket's policy
    type: "aws_s3_bucket_logging",
    shows: FAILS,
    attempt: {
      bucket: ref("aws_s3_bucket.attempt.id"),
      target_bucket: ref("aws_s3_bucket_policy.logs.bucket"),
      target_prefix: "logs/",
    },
  },
  {
    // moto sends the events and does not tell of it
    type: "aws_s3_bucket_notification",
    misreports: ["eventbridge"],
    attempt: { bucket: ref("aws_s3_bucket.attempt.id"), eventbridge: true },
  },
  {
    type: "aws_db_parameter_group",
    misreports: ["parameter"],
    attempt: { name: "misreported", family: "postgres17", parameter: [{ name: "rds.force_ssl", value: "1" }] },
  },
  {
    type: "aws_db_instance",
    misreports: ["performance_insights_enabled", "performance_insights_retention_period"],
    attempt: {
      engine: "postgres",
      instance_class: "db.m7g.large",
      allocated_storage: 20,
      username: "attempt",
      manage_master_user_password: true,
      skip_final_snapshot: true,
      performance_insights_enabled: true,
      performance_insights_retention_period: 7,
    },
  },
];

/**
 * Moto knows no conditions in a bucket's policy, so that a denial of plain HTTP, which is all it speaks, denies
 * everything: a stack that puts objects into its buckets goes without their policies.
 */
const BUCKET_POLICIES: Lack = { type: "aws_s3_bucket_policy" };

/** Moto makes it, and answers 500 when it is to delete it. */
const FILE_SYSTEM_POLICIES: Lack = { type: "aws_efs_file_system_policy" };

/** Moto runs functions in containers only, and there is no engine for them here. */
const FUNCTION_CALLS: Lack = { type: "aws_lambda_invocation" };

/** The stack as far as moto can apply it. */
export function withoutWhatMotoLacks(json: Json): Json {
  const lacks = [...MOTO_LACKS, FILE_SYSTEM_POLICIES, FUNCTION_CALLS];
  return without(json.resource?.aws_s3_object ? [...lacks, BUCKET_POLICIES] : lacks, json);
}
