import type { Json } from "../support/synth";
import { type Made, parsed } from "../support/whole-app";

/** Something that AWS or a controller makes later, with the tags that it will get; `"all"` are those of what makes it. */
interface Later {
  readonly what: string;
  readonly tags: Readonly<Record<string, string>> | "all" | "none";
}

const list = (value: Json): Json[] => (value === undefined || value === null ? [] : [value].flat());
const values = ({ body }: Made): Json[] => list(body.values).map((text: string) => parsed(text));

/** What a resource of a type has made of it later. Each row with its source. */
export const MAKERS: Readonly<Record<string, (made: Made) => Later[]>> = {
  // EC2 API reference, LaunchTemplateTagSpecificationRequest
  aws_launch_template: ({ body }) =>
    ["instance", "volume", "network-interface"].map((what) => {
      const specification = list(body.tag_specifications).find(({ resource_type }) => resource_type === what);
      return { what, tags: specification?.tags ?? {} };
    }),
  // Terraform's provider does not put its default tags on a group; EC2 Auto Scaling User Guide, "Tag Auto Scaling groups"
  aws_autoscaling_group: ({ body }) => {
    const tags = list(body.tag).filter(({ propagate_at_launch }) => propagate_at_launch);
    return [{ what: "group and instances", tags: Object.fromEntries(tags.map(({ key, value }) => [key, value])) }];
  },
  // karpenter.sh, NodeClasses, spec.tags; aws-load-balancer-controller, values.yaml, defaultTags
  helm_release: (made) => [
    ...values(made)
      .flatMap(({ objects }) => list(objects))
      .filter(({ kind }) => kind === "EC2NodeClass")
      .map(({ spec }) => ({ what: "instances, volumes and network interfaces of Karpenter's", tags: spec.tags ?? {} })),
    ...(made.body.chart === "aws-load-balancer-controller"
      ? values(made).map(({ defaultTags }) => ({ what: "load balancers", tags: defaultTags ?? {} }))
      : []),
  ],
  // aws-ebs-csi-driver, docs/tagging.md
  aws_eks_addon: ({ body }) => {
    if (body.addon_name !== "aws-ebs-csi-driver") return [];
    const { controller } = body.configuration_values ? parsed(body.configuration_values) : {};
    return [{ what: "volumes and snapshots", tags: controller?.extraVolumeTags ?? {} }];
  },
  // EKS User Guide, "Create a storage class", Auto Mode: the driver is EKS's own and has no settings
  kubernetes_storage_class_v1: ({ body }) => {
    if (body.storage_provisioner === "ebs.csi.aws.com") return [];
    const given = Object.entries<string>(body.parameters ?? {}).filter(([key]) => key.startsWith("tagSpecification_"));
    return [{ what: "volumes", tags: Object.fromEntries(given.map(([, text]) => text.split(/=(.*)/s))) }];
  },
  // ECS Developer Guide, "Tagging Amazon ECS resources"
  aws_ecs_service: ({ body }) => [
    { what: "tasks", tags: body.enable_ecs_managed_tags && body.propagate_tags === "SERVICE" ? "all" : "none" },
  ],
  // DLM API reference, Schedule: a tag comes from the volume or from here
  aws_dlm_lifecycle_policy: ({ body }) =>
    list(body.policy_details?.schedule).map(({ copy_tags, tags_to_add }) => ({
      what: "snapshots",
      tags: copy_tags ? "all" : (tags_to_add ?? {}),
    })),
  aws_db_instance: ({ body }) => [{ what: "snapshots", tags: body.copy_tags_to_snapshot ? "all" : "none" }],
  // AWS Backup Developer Guide, "Backup plan options": recovery points of DynamoDB have the table's tags
  aws_backup_plan: () => [{ what: "recovery points", tags: "all" }],
  // CloudFormation User Guide, "Resource tags": those of the stack go on to what it makes
  aws_cloudformation_stack: () => [{ what: "broker", tags: "all" }],
};

/** What is made later and gets no tags of ours, and why. */
export const UNTAGGED: Readonly<Record<string, string>> = {
  aws_eks_node_group: "its Auto Scaling group costs nothing and holds nothing; autoscalingGroupTags is for it",
  aws_eks_cluster:
    "EKS's own security group costs nothing and holds nothing; nodes of Auto Mode's own pools take no tags",
  aws_instance: "its network interface goes with it; the provider tags its volumes by itself",
  aws_ecr_pull_through_cache_rule:
    "ECR wants a role to tag repositories, and what is in these is a copy of a public image",
};

/** Types that make nothing later, or nothing that could bear tags. */
export const NOTHING_LATER: readonly string[] = `
  aws_acm_certificate aws_acm_certificate_validation aws_apigatewayv2_api aws_apigatewayv2_api_mapping
  aws_apigatewayv2_authorizer aws_apigatewayv2_domain_name aws_apigatewayv2_integration aws_apigatewayv2_route aws_apigatewayv2_stage
  aws_appautoscaling_policy aws_appautoscaling_target
  aws_autoscaling_group_tag aws_autoscaling_lifecycle_hook aws_autoscaling_policy aws_backup_selection aws_backup_vault aws_cloudtrail
  aws_cloudfront_cache_policy aws_cloudfront_distribution aws_cloudfront_function aws_cloudfront_origin_access_control
  aws_cloudfront_response_headers_policy aws_cloudwatch_dashboard aws_cloudwatch_log_delivery
  aws_cloudwatch_log_delivery_destination aws_cloudwatch_log_delivery_source
  aws_cloudwatch_event_rule aws_cloudwatch_event_target aws_cloudwatch_log_group aws_cloudwatch_log_stream
  aws_cloudwatch_log_subscription_filter aws_cloudwatch_metric_alarm aws_codebuild_project aws_db_parameter_group
  aws_db_subnet_group aws_default_security_group aws_directory_service_radius_settings aws_dynamodb_resource_policy aws_dynamodb_table aws_ebs_volume
  aws_ec2_client_vpn_authorization_rule aws_ec2_client_vpn_endpoint aws_ec2_client_vpn_network_association
  aws_ec2_client_vpn_route aws_ecr_lifecycle_policy aws_ecr_repository
  aws_ecs_cluster aws_ecs_cluster_capacity_providers aws_ecs_task_definition aws_efs_access_point
  aws_efs_backup_policy aws_efs_file_system aws_efs_file_system_policy aws_efs_mount_target aws_eip
  aws_eip_association aws_eks_access_entry aws_eks_access_policy_association aws_eks_pod_identity_association
  aws_flow_log aws_fsx_lustre_file_system aws_iam_access_key aws_iam_instance_profile
  aws_iam_openid_connect_provider aws_iam_policy aws_iam_role aws_iam_role_policy aws_iam_role_policy_attachment aws_iam_user
  aws_iam_user_policy aws_internet_gateway aws_kinesis_firehose_delivery_stream aws_kms_alias aws_kms_grant aws_kms_key
  aws_lambda_event_source_mapping aws_lambda_function aws_lambda_invocation aws_lambda_permission aws_lb
  aws_lb_listener aws_lb_listener_rule aws_lb_target_group aws_lb_target_group_attachment aws_nat_gateway aws_prometheus_workspace
  aws_route aws_route53_record aws_route_table aws_route_table_association aws_s3_bucket
  aws_s3_bucket_lifecycle_configuration aws_s3_bucket_logging aws_s3_bucket_notification
  aws_s3_bucket_ownership_controls aws_s3_bucket_policy
  aws_s3_bucket_public_access_block aws_s3_bucket_replication_configuration
  aws_s3_bucket_server_side_encryption_configuration aws_s3_bucket_versioning aws_s3_object aws_scheduler_schedule
  aws_secretsmanager_secret aws_secretsmanager_secret_version aws_security_group
  aws_service_discovery_private_dns_namespace aws_service_discovery_service aws_sfn_state_machine aws_sns_topic aws_sns_topic_policy
  aws_sns_topic_subscription aws_sqs_queue aws_sqs_queue_policy aws_sqs_queue_redrive_allow_policy aws_ssm_parameter aws_subnet aws_volume_attachment aws_vpc
  aws_vpc_endpoint aws_vpc_peering_connection aws_vpc_peering_connection_accepter
  aws_vpc_peering_connection_options aws_vpc_security_group_egress_rule aws_vpc_security_group_ingress_rule aws_wafv2_web_acl
  kubernetes_config_map_v1 kubernetes_namespace_v1 kubernetes_network_policy_v1
  kubernetes_persistent_volume_claim_v1 kubernetes_persistent_volume_v1 kubernetes_resource_quota_v1
  kubernetes_role_binding_v1 kubernetes_role_v1 kubernetes_secret_v1 terraform_data
  tls_cert_request tls_locally_signed_cert tls_private_key tls_self_signed_cert
`
  .trim()
  .split(/\s+/);
