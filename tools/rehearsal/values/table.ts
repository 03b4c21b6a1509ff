/**
 * Which argument of Terraform becomes which parameter of AWS: by resource type (data sources with `data.` before it) and
 * the way to the argument, a reference as `Models` reads it. What a parameter may be is in `data/aws-values.json`, which
 * `record-values.ts` takes from the models; it stops at a reference that no model has.
 */
export const ARGUMENTS: Record<string, Record<string, string>> = {
  aws_acm_certificate: {
    key_algorithm: "acm:RequestCertificate.KeyAlgorithm",
    validation_method: "acm:RequestCertificate.ValidationMethod",
    "options.certificate_transparency_logging_preference":
      "acm:RequestCertificate.Options.CertificateTransparencyLoggingPreference",
    domain_name: "acm:RequestCertificate.DomainName",
    subject_alternative_names: "acm:RequestCertificate.SubjectAlternativeNames",
  },
  aws_appautoscaling_policy: {
    name: "application-autoscaling:PutScalingPolicy.PolicyName",
    policy_type: "application-autoscaling:PutScalingPolicy.PolicyType",
    scalable_dimension: "application-autoscaling:PutScalingPolicy.ScalableDimension",
    service_namespace: "application-autoscaling:PutScalingPolicy.ServiceNamespace",
    "step_scaling_policy_configuration.adjustment_type":
      "application-autoscaling:PutScalingPolicy.StepScalingPolicyConfiguration.AdjustmentType",
    "step_scaling_policy_configuration.metric_aggregation_type":
      "application-autoscaling:PutScalingPolicy.StepScalingPolicyConfiguration.MetricAggregationType",
    "target_tracking_scaling_policy_configuration.predefined_metric_specification.predefined_metric_type":
      "application-autoscaling:PutScalingPolicy.TargetTrackingScalingPolicyConfiguration.PredefinedMetricSpecification.PredefinedMetricType",
    "target_tracking_scaling_policy_configuration.customized_metric_specification.statistic":
      "application-autoscaling:PutScalingPolicy.TargetTrackingScalingPolicyConfiguration.CustomizedMetricSpecification.Statistic",
  },
  aws_appautoscaling_target: {
    scalable_dimension: "application-autoscaling:RegisterScalableTarget.ScalableDimension",
    service_namespace: "application-autoscaling:RegisterScalableTarget.ServiceNamespace",
  },
  aws_autoscaling_group: {
    health_check_type: "cfn:AWS::AutoScaling::AutoScalingGroup.HealthCheckType",
    "capacity_reservation_specification.capacity_reservation_preference":
      "autoscaling:CreateAutoScalingGroup.CapacityReservationSpecification.CapacityReservationPreference",
    "instance_maintenance_policy.max_healthy_percentage":
      "autoscaling:CreateAutoScalingGroup.InstanceMaintenancePolicy.MaxHealthyPercentage",
    "instance_maintenance_policy.min_healthy_percentage":
      "autoscaling:CreateAutoScalingGroup.InstanceMaintenancePolicy.MinHealthyPercentage",
    "availability_zone_distribution.capacity_distribution_strategy":
      "autoscaling:CreateAutoScalingGroup.AvailabilityZoneDistribution.CapacityDistributionStrategy",
    "mixed_instances_policy.launch_template.override.instance_type": "ec2:RunInstances.InstanceType",
    "mixed_instances_policy.launch_template.override.instance_requirements.accelerator_manufacturers":
      "autoscaling:CreateAutoScalingGroup.MixedInstancesPolicy.LaunchTemplate.Overrides.InstanceRequirements.AcceleratorManufacturers",
    "mixed_instances_policy.launch_template.override.instance_requirements.accelerator_types":
      "autoscaling:CreateAutoScalingGroup.MixedInstancesPolicy.LaunchTemplate.Overrides.InstanceRequirements.AcceleratorTypes",
    "mixed_instances_policy.launch_template.override.instance_requirements.bare_metal":
      "autoscaling:CreateAutoScalingGroup.MixedInstancesPolicy.LaunchTemplate.Overrides.InstanceRequirements.BareMetal",
    "mixed_instances_policy.launch_template.override.instance_requirements.burstable_performance":
      "autoscaling:CreateAutoScalingGroup.MixedInstancesPolicy.LaunchTemplate.Overrides.InstanceRequirements.BurstablePerformance",
    "mixed_instances_policy.launch_template.override.instance_requirements.cpu_manufacturers":
      "autoscaling:CreateAutoScalingGroup.MixedInstancesPolicy.LaunchTemplate.Overrides.InstanceRequirements.CpuManufacturers",
    "mixed_instances_policy.launch_template.override.instance_requirements.instance_generations":
      "autoscaling:CreateAutoScalingGroup.MixedInstancesPolicy.LaunchTemplate.Overrides.InstanceRequirements.InstanceGenerations",
    "mixed_instances_policy.launch_template.override.instance_requirements.local_storage":
      "autoscaling:CreateAutoScalingGroup.MixedInstancesPolicy.LaunchTemplate.Overrides.InstanceRequirements.LocalStorage",
    "mixed_instances_policy.launch_template.override.instance_requirements.local_storage_types":
      "autoscaling:CreateAutoScalingGroup.MixedInstancesPolicy.LaunchTemplate.Overrides.InstanceRequirements.LocalStorageTypes",
  },
  aws_autoscaling_policy: {
    policy_type: "cfn:AWS::AutoScaling::ScalingPolicy.PolicyType",
    adjustment_type: "cfn:AWS::AutoScaling::ScalingPolicy.AdjustmentType",
    metric_aggregation_type: "cfn:AWS::AutoScaling::ScalingPolicy.MetricAggregationType",
    "target_tracking_configuration.predefined_metric_specification.predefined_metric_type":
      "autoscaling:PutScalingPolicy.TargetTrackingConfiguration.PredefinedMetricSpecification.PredefinedMetricType",
    "target_tracking_configuration.customized_metric_specification.statistic":
      "autoscaling:PutScalingPolicy.TargetTrackingConfiguration.CustomizedMetricSpecification.Statistic",
  },
  aws_cloudformation_stack: {
    capabilities: "cloudformation:CreateStack.Capabilities",
    on_failure: "cloudformation:CreateStack.OnFailure",
    timeout_in_minutes: "cloudformation:CreateStack.TimeoutInMinutes",
  },
  aws_cloudtrail: {
    "event_selector.read_write_type": "cloudtrail:PutEventSelectors.EventSelectors.ReadWriteType",
  },
  aws_cloudwatch_log_group: {
    name: "logs:CreateLogGroup.logGroupName",
    log_group_class: "logs:CreateLogGroup.logGroupClass",
    retention_in_days: "cfn:AWS::Logs::LogGroup.RetentionInDays",
  },
  aws_cloudwatch_log_stream: {
    name: "logs:CreateLogStream.logStreamName",
    log_group_name: "logs:CreateLogStream.logGroupName",
  },
  aws_cloudwatch_log_subscription_filter: {
    name: "logs:PutSubscriptionFilter.filterName",
    distribution: "logs:PutSubscriptionFilter.distribution",
    log_group_name: "logs:PutSubscriptionFilter.logGroupName",
    filter_pattern: "logs:PutSubscriptionFilter.filterPattern",
  },
  aws_cloudwatch_metric_alarm: {
    alarm_name: "cloudwatch:PutMetricAlarm.AlarmName",
    alarm_description: "cloudwatch:PutMetricAlarm.AlarmDescription",
    comparison_operator: "cloudwatch:PutMetricAlarm.ComparisonOperator",
    datapoints_to_alarm: "cloudwatch:PutMetricAlarm.DatapointsToAlarm",
    evaluation_periods: "cloudwatch:PutMetricAlarm.EvaluationPeriods",
    namespace: "cloudwatch:PutMetricAlarm.Namespace",
    metric_name: "cloudwatch:PutMetricAlarm.MetricName",
    period: "cloudwatch:PutMetricAlarm.Period",
    statistic: "cloudwatch:PutMetricAlarm.Statistic",
    "metric_query.id": "cloudwatch:PutMetricAlarm.Metrics.Id",
    "metric_query.expression": "cloudwatch:PutMetricAlarm.Metrics.Expression",
    "metric_query.metric.namespace": "cloudwatch:PutMetricAlarm.Metrics.MetricStat.Metric.Namespace",
    "metric_query.metric.metric_name": "cloudwatch:PutMetricAlarm.Metrics.MetricStat.Metric.MetricName",
    "metric_query.metric.period": "cloudwatch:PutMetricAlarm.Metrics.MetricStat.Period",
    "metric_query.metric.unit": "cloudwatch:PutMetricAlarm.Metrics.MetricStat.Unit",
    unit: "cloudwatch:PutMetricAlarm.Unit",
    treat_missing_data: "cfn:AWS::CloudWatch::Alarm.TreatMissingData",
  },
  aws_codebuild_project: {
    name: "codebuild:CreateProject.name",
    description: "codebuild:CreateProject.description",
    build_timeout: "codebuild:CreateProject.timeoutInMinutes",
    queued_timeout: "codebuild:CreateProject.queuedTimeoutInMinutes",
    "artifacts.type": "codebuild:CreateProject.artifacts.type",
    "artifacts.packaging": "codebuild:CreateProject.artifacts.packaging",
    "artifacts.namespace_type": "codebuild:CreateProject.artifacts.namespaceType",
    "artifacts.bucket_owner_access": "codebuild:CreateProject.artifacts.bucketOwnerAccess",
    "cache.type": "codebuild:CreateProject.cache.type",
    "cache.modes": "codebuild:CreateProject.cache.modes",
    "environment.compute_type": "codebuild:CreateProject.environment.computeType",
    "environment.type": "codebuild:CreateProject.environment.type",
    "environment.image_pull_credentials_type": "codebuild:CreateProject.environment.imagePullCredentialsType",
    "environment.environment_variable.type": "codebuild:CreateProject.environment.environmentVariables.type",
    "environment.registry_credential.credential_provider":
      "codebuild:CreateProject.environment.registryCredential.credentialProvider",
    "logs_config.cloudwatch_logs.status": "codebuild:CreateProject.logsConfig.cloudWatchLogs.status",
    "logs_config.s3_logs.status": "codebuild:CreateProject.logsConfig.s3Logs.status",
    "logs_config.s3_logs.bucket_owner_access": "codebuild:CreateProject.logsConfig.s3Logs.bucketOwnerAccess",
    "source.type": "codebuild:CreateProject.source.type",
    "source.git_clone_depth": "codebuild:CreateProject.source.gitCloneDepth",
    "source.auth.type": "codebuild:CreateProject.source.auth.type",
    "secondary_sources.type": "codebuild:CreateProject.secondarySources.type",
    "secondary_sources.auth.type": "codebuild:CreateProject.secondarySources.auth.type",
    "file_system_locations.type": "codebuild:CreateProject.fileSystemLocations.type",
  },
  aws_db_instance: {
    database_insights_mode: "rds:CreateDBInstance.DatabaseInsightsMode",
    engine: "cfn-lint:aws_rds_dbinstance/engine_version#/allOf/0/then/properties/Engine",
    performance_insights_retention_period: "cfn:AWS::RDS::DBInstance.PerformanceInsightsRetentionPeriod",
    backup_retention_period: "cfn-lint:aws_rds_dbinstance/backupretentionperiod#/then/properties/BackupRetentionPeriod",
  },
  aws_dlm_lifecycle_policy: {
    state: "dlm:CreateLifecyclePolicy.State",
    default_policy: "dlm:CreateLifecyclePolicy.DefaultPolicy",
    description: "dlm:CreateLifecyclePolicy.Description",
    execution_role_arn: "dlm:CreateLifecyclePolicy.ExecutionRoleArn",
    "policy_details.policy_type": "dlm:CreateLifecyclePolicy.PolicyDetails.PolicyType",
    "policy_details.policy_language": "dlm:CreateLifecyclePolicy.PolicyDetails.PolicyLanguage",
    "policy_details.resource_types": "dlm:CreateLifecyclePolicy.PolicyDetails.ResourceTypes",
    "policy_details.resource_locations": "dlm:CreateLifecyclePolicy.PolicyDetails.ResourceLocations",
    "policy_details.schedule.name": "dlm:CreateLifecyclePolicy.PolicyDetails.Schedules.Name",
    "policy_details.schedule.create_rule.interval":
      "dlm:CreateLifecyclePolicy.PolicyDetails.Schedules.CreateRule.Interval",
    "policy_details.schedule.create_rule.interval_unit":
      "dlm:CreateLifecyclePolicy.PolicyDetails.Schedules.CreateRule.IntervalUnit",
    "policy_details.schedule.create_rule.times": "dlm:CreateLifecyclePolicy.PolicyDetails.Schedules.CreateRule.Times",
    "policy_details.schedule.create_rule.cron_expression":
      "dlm:CreateLifecyclePolicy.PolicyDetails.Schedules.CreateRule.CronExpression",
    "policy_details.schedule.create_rule.location":
      "dlm:CreateLifecyclePolicy.PolicyDetails.Schedules.CreateRule.Location",
    "policy_details.schedule.retain_rule.count": "dlm:CreateLifecyclePolicy.PolicyDetails.Schedules.RetainRule.Count",
    "policy_details.schedule.retain_rule.interval":
      "dlm:CreateLifecyclePolicy.PolicyDetails.Schedules.RetainRule.Interval",
    "policy_details.schedule.retain_rule.interval_unit":
      "dlm:CreateLifecyclePolicy.PolicyDetails.Schedules.RetainRule.IntervalUnit",
    "policy_details.schedule.cross_region_copy_rule.retain_rule.interval_unit":
      "dlm:CreateLifecyclePolicy.PolicyDetails.Schedules.CrossRegionCopyRules.RetainRule.IntervalUnit",
    "policy_details.schedule.share_rule.target_accounts":
      "dlm:CreateLifecyclePolicy.PolicyDetails.Schedules.ShareRules.TargetAccounts",
  },
  aws_ebs_volume: {
    type: "ec2:CreateVolume.VolumeType",
  },
  aws_ec2_client_vpn_endpoint: {
    transport_protocol: "ec2:CreateClientVpnEndpoint.TransportProtocol",
    self_service_portal: "ec2:CreateClientVpnEndpoint.SelfServicePortal",
    "authentication_options.type": "ec2:CreateClientVpnEndpoint.AuthenticationOptions.Type",
  },
  aws_ecr_lifecycle_policy: {
    repository: "ecr:PutLifecyclePolicy.repositoryName",
  },
  aws_ecr_pull_through_cache_rule: {
    ecr_repository_prefix: "ecr:CreatePullThroughCacheRule.ecrRepositoryPrefix",
    upstream_repository_prefix: "ecr:CreatePullThroughCacheRule.upstreamRepositoryPrefix",
    credential_arn: "ecr:CreatePullThroughCacheRule.credentialArn",
  },
  aws_ecr_repository: {
    name: "ecr:CreateRepository.repositoryName",
    image_tag_mutability: "ecr:CreateRepository.imageTagMutability",
    "encryption_configuration.encryption_type": "ecr:CreateRepository.encryptionConfiguration.encryptionType",
  },
  aws_ecs_cluster: {
    "setting.name": "ecs:CreateCluster.settings.name",
    "configuration.execute_command_configuration.logging":
      "ecs:CreateCluster.configuration.executeCommandConfiguration.logging",
  },
  aws_ecs_cluster_capacity_providers: {
    "default_capacity_provider_strategy.base": "ecs:PutClusterCapacityProviders.defaultCapacityProviderStrategy.base",
    "default_capacity_provider_strategy.weight":
      "ecs:PutClusterCapacityProviders.defaultCapacityProviderStrategy.weight",
  },
  aws_ecs_service: {
    availability_zone_rebalancing: "ecs:CreateService.availabilityZoneRebalancing",
    launch_type: "ecs:CreateService.launchType",
    propagate_tags: "ecs:CreateService.propagateTags",
    scheduling_strategy: "ecs:CreateService.schedulingStrategy",
    "capacity_provider_strategy.base": "ecs:CreateService.capacityProviderStrategy.base",
    "capacity_provider_strategy.weight": "ecs:CreateService.capacityProviderStrategy.weight",
    "deployment_controller.type": "ecs:CreateService.deploymentController.type",
    "deployment_configuration.strategy": "ecs:CreateService.deploymentConfiguration.strategy",
    "ordered_placement_strategy.type": "ecs:CreateService.placementStrategy.type",
    "placement_constraints.type": "ecs:CreateService.placementConstraints.type",
    "service_connect_configuration.log_configuration.log_driver":
      "ecs:CreateService.serviceConnectConfiguration.logConfiguration.logDriver",
    "service_connect_configuration.service.ingress_port_override":
      "ecs:CreateService.serviceConnectConfiguration.services.ingressPortOverride",
    "service_connect_configuration.service.client_alias.port":
      "ecs:CreateService.serviceConnectConfiguration.services.clientAliases.port",
    "volume_configuration.managed_ebs_volume.file_system_type":
      "ecs:CreateService.volumeConfigurations.managedEBSVolume.filesystemType",
  },
  aws_ecs_task_definition: {
    ipc_mode: "ecs:RegisterTaskDefinition.ipcMode",
    pid_mode: "ecs:RegisterTaskDefinition.pidMode",
    network_mode: "ecs:RegisterTaskDefinition.networkMode",
    requires_compatibilities: "ecs:RegisterTaskDefinition.requiresCompatibilities",
    "placement_constraints.type": "ecs:RegisterTaskDefinition.placementConstraints.type",
    "runtime_platform.cpu_architecture": "ecs:RegisterTaskDefinition.runtimePlatform.cpuArchitecture",
    "runtime_platform.operating_system_family": "ecs:RegisterTaskDefinition.runtimePlatform.operatingSystemFamily",
    "volume.docker_volume_configuration.scope": "ecs:RegisterTaskDefinition.volumes.dockerVolumeConfiguration.scope",
    "volume.efs_volume_configuration.transit_encryption":
      "ecs:RegisterTaskDefinition.volumes.efsVolumeConfiguration.transitEncryption",
    "volume.efs_volume_configuration.authorization_config.iam":
      "ecs:RegisterTaskDefinition.volumes.efsVolumeConfiguration.authorizationConfig.iam",
  },
  aws_efs_access_point: {
    file_system_id: "efs:CreateAccessPoint.FileSystemId",
    "posix_user.uid": "efs:CreateAccessPoint.PosixUser.Uid",
    "posix_user.gid": "efs:CreateAccessPoint.PosixUser.Gid",
    "posix_user.secondary_gids": "efs:CreateAccessPoint.PosixUser.SecondaryGids",
    "root_directory.path": "efs:CreateAccessPoint.RootDirectory.Path",
    "root_directory.creation_info.owner_gid": "efs:CreateAccessPoint.RootDirectory.CreationInfo.OwnerGid",
    "root_directory.creation_info.owner_uid": "efs:CreateAccessPoint.RootDirectory.CreationInfo.OwnerUid",
    "root_directory.creation_info.permissions": "efs:CreateAccessPoint.RootDirectory.CreationInfo.Permissions",
  },
  aws_efs_backup_policy: {
    file_system_id: "efs:PutBackupPolicy.FileSystemId",
    "backup_policy.status": "cfn:AWS::EFS::FileSystem.BackupPolicy.Status",
  },
  aws_efs_file_system: {
    creation_token: "efs:CreateFileSystem.CreationToken",
    performance_mode: "efs:CreateFileSystem.PerformanceMode",
    throughput_mode: "efs:CreateFileSystem.ThroughputMode",
    kms_key_id: "efs:CreateFileSystem.KmsKeyId",
    provisioned_throughput_in_mibps: "efs:CreateFileSystem.ProvisionedThroughputInMibps",
    "lifecycle_policy.transition_to_ia": "efs:PutLifecycleConfiguration.LifecyclePolicies.TransitionToIA",
    "lifecycle_policy.transition_to_archive": "efs:PutLifecycleConfiguration.LifecyclePolicies.TransitionToArchive",
    "lifecycle_policy.transition_to_primary_storage_class":
      "efs:PutLifecycleConfiguration.LifecyclePolicies.TransitionToPrimaryStorageClass",
    "protection.replication_overwrite": "efs:UpdateFileSystemProtection.ReplicationOverwriteProtection",
  },
  aws_efs_file_system_policy: {
    file_system_id: "efs:PutFileSystemPolicy.FileSystemId",
  },
  aws_efs_mount_target: {
    file_system_id: "efs:CreateMountTarget.FileSystemId",
    subnet_id: "efs:CreateMountTarget.SubnetId",
    security_groups: "efs:CreateMountTarget.SecurityGroups",
    ip_address: "efs:CreateMountTarget.IpAddress",
  },
  aws_eip: {
    domain: "ec2:AllocateAddress.Domain",
  },
  aws_eks_access_policy_association: {
    "access_scope.type": "eks:AssociateAccessPolicy.accessScope.type",
  },
  aws_eks_addon: {
    cluster_name: "eks:CreateAddon.clusterName",
    resolve_conflicts_on_create: "eks:CreateAddon.resolveConflicts",
    resolve_conflicts_on_update: "eks:UpdateAddon.resolveConflicts",
  },
  aws_eks_cluster: {
    name: "eks:CreateCluster.name",
    "access_config.authentication_mode": "eks:CreateCluster.accessConfig.authenticationMode",
    "control_plane_scaling_config.tier": "eks:CreateCluster.controlPlaneScalingConfig.tier",
    "kubernetes_network_config.ip_family": "eks:CreateCluster.kubernetesNetworkConfig.ipFamily",
    "upgrade_policy.support_type": "eks:CreateCluster.upgradePolicy.supportType",
    enabled_cluster_log_types: "eks:CreateCluster.logging.clusterLogging.types",
  },
  aws_eks_node_group: {
    ami_type: "eks:CreateNodegroup.amiType",
    capacity_type: "eks:CreateNodegroup.capacityType",
    instance_types: "ec2:RunInstances.InstanceType",
    "scaling_config.desired_size": "eks:CreateNodegroup.scalingConfig.desiredSize",
    "scaling_config.max_size": "eks:CreateNodegroup.scalingConfig.maxSize",
    "scaling_config.min_size": "eks:CreateNodegroup.scalingConfig.minSize",
    "taint.effect": "eks:CreateNodegroup.taints.effect",
    "taint.key": "eks:CreateNodegroup.taints.key",
    "taint.value": "eks:CreateNodegroup.taints.value",
    "update_config.max_unavailable": "eks:CreateNodegroup.updateConfig.maxUnavailable",
    "update_config.max_unavailable_percentage": "eks:CreateNodegroup.updateConfig.maxUnavailablePercentage",
  },
  aws_flow_log: {
    log_destination_type: "ec2:CreateFlowLogs.LogDestinationType",
    traffic_type: "ec2:CreateFlowLogs.TrafficType",
    "destination_options.file_format": "ec2:CreateFlowLogs.DestinationOptions.FileFormat",
  },
  aws_iam_access_key: {
    status: "iam:UpdateAccessKey.Status",
  },
  aws_iam_instance_profile: {
    name: "iam:CreateInstanceProfile.InstanceProfileName",
    path: "iam:CreateInstanceProfile.Path",
  },
  aws_iam_openid_connect_provider: {
    client_id_list: "iam:CreateOpenIDConnectProvider.ClientIDList",
    thumbprint_list: "iam:CreateOpenIDConnectProvider.ThumbprintList",
  },
  aws_iam_role: {
    name: "iam:CreateRole.RoleName",
    path: "iam:CreateRole.Path",
    description: "iam:CreateRole.Description",
    max_session_duration: "iam:CreateRole.MaxSessionDuration",
    permissions_boundary: "iam:CreateRole.PermissionsBoundary",
  },
  aws_iam_role_policy: {
    name: "iam:PutRolePolicy.PolicyName",
  },
  aws_iam_role_policy_attachment: {
    policy_arn: "iam:AttachRolePolicy.PolicyArn",
  },
  aws_iam_user: {
    name: "iam:CreateUser.UserName",
    path: "iam:CreateUser.Path",
    permissions_boundary: "iam:CreateUser.PermissionsBoundary",
  },
  aws_iam_user_policy: {
    name: "iam:PutUserPolicy.PolicyName",
  },
  aws_instance: {
    instance_type: "ec2:RunInstances.InstanceType",
    instance_initiated_shutdown_behavior: "ec2:RunInstances.InstanceInitiatedShutdownBehavior",
    tenancy: "ec2:RunInstances.Placement.Tenancy",
    "capacity_reservation_specification.capacity_reservation_preference":
      "ec2:RunInstances.CapacityReservationSpecification.CapacityReservationPreference",
    "root_block_device.volume_type": "ec2:RunInstances.BlockDeviceMappings.Ebs.VolumeType",
    "ebs_block_device.volume_type": "ec2:RunInstances.BlockDeviceMappings.Ebs.VolumeType",
    "instance_market_options.market_type": "ec2:RunInstances.InstanceMarketOptions.MarketType",
    "instance_market_options.spot_options.instance_interruption_behavior":
      "ec2:RunInstances.InstanceMarketOptions.SpotOptions.InstanceInterruptionBehavior",
    "instance_market_options.spot_options.spot_instance_type":
      "ec2:RunInstances.InstanceMarketOptions.SpotOptions.SpotInstanceType",
    "maintenance_options.auto_recovery": "ec2:RunInstances.MaintenanceOptions.AutoRecovery",
    "metadata_options.http_endpoint": "ec2:RunInstances.MetadataOptions.HttpEndpoint",
    "metadata_options.http_tokens": "ec2:RunInstances.MetadataOptions.HttpTokens",
    "metadata_options.http_protocol_ipv6": "ec2:RunInstances.MetadataOptions.HttpProtocolIpv6",
    "metadata_options.instance_metadata_tags": "ec2:RunInstances.MetadataOptions.InstanceMetadataTags",
    "private_dns_name_options.hostname_type": "ec2:RunInstances.PrivateDnsNameOptions.HostnameType",
    "cpu_options.amd_sev_snp": "ec2:RunInstances.CpuOptions.AmdSevSnp",
  },
  aws_kinesis_firehose_delivery_stream: {
    name: "firehose:CreateDeliveryStream.DeliveryStreamName",
    "extended_s3_configuration.compression_format":
      "firehose:CreateDeliveryStream.ExtendedS3DestinationConfiguration.CompressionFormat",
    "extended_s3_configuration.s3_backup_mode":
      "firehose:CreateDeliveryStream.ExtendedS3DestinationConfiguration.S3BackupMode",
    "extended_s3_configuration.bucket_arn":
      "firehose:CreateDeliveryStream.ExtendedS3DestinationConfiguration.BucketARN",
    "extended_s3_configuration.role_arn": "firehose:CreateDeliveryStream.ExtendedS3DestinationConfiguration.RoleARN",
    "extended_s3_configuration.prefix": "firehose:CreateDeliveryStream.ExtendedS3DestinationConfiguration.Prefix",
    "extended_s3_configuration.error_output_prefix":
      "firehose:CreateDeliveryStream.ExtendedS3DestinationConfiguration.ErrorOutputPrefix",
    "extended_s3_configuration.buffering_size":
      "firehose:CreateDeliveryStream.ExtendedS3DestinationConfiguration.BufferingHints.SizeInMBs",
    "extended_s3_configuration.buffering_interval":
      "firehose:CreateDeliveryStream.ExtendedS3DestinationConfiguration.BufferingHints.IntervalInSeconds",
    "extended_s3_configuration.processing_configuration.processors.type":
      "firehose:CreateDeliveryStream.ExtendedS3DestinationConfiguration.ProcessingConfiguration.Processors.Type",
  },
  aws_kms_alias: {
    name: "kms:CreateAlias.AliasName",
  },
  aws_kms_key: {
    customer_master_key_spec: "kms:CreateKey.KeySpec",
    key_usage: "kms:CreateKey.KeyUsage",
    description: "kms:CreateKey.Description",
    rotation_period_in_days: "kms:EnableKeyRotation.RotationPeriodInDays",
    deletion_window_in_days: "cfn:AWS::KMS::Key.PendingWindowInDays",
  },
  aws_launch_template: {
    instance_type: "ec2:CreateLaunchTemplate.LaunchTemplateData.InstanceType",
    instance_initiated_shutdown_behavior:
      "ec2:CreateLaunchTemplate.LaunchTemplateData.InstanceInitiatedShutdownBehavior",
    "block_device_mappings.ebs.volume_type":
      "ec2:CreateLaunchTemplate.LaunchTemplateData.BlockDeviceMappings.Ebs.VolumeType",
    "capacity_reservation_specification.capacity_reservation_preference":
      "ec2:CreateLaunchTemplate.LaunchTemplateData.CapacityReservationSpecification.CapacityReservationPreference",
    "cpu_options.amd_sev_snp": "ec2:CreateLaunchTemplate.LaunchTemplateData.CpuOptions.AmdSevSnp",
    "instance_market_options.market_type":
      "ec2:CreateLaunchTemplate.LaunchTemplateData.InstanceMarketOptions.MarketType",
    "instance_market_options.spot_options.instance_interruption_behavior":
      "ec2:CreateLaunchTemplate.LaunchTemplateData.InstanceMarketOptions.SpotOptions.InstanceInterruptionBehavior",
    "instance_market_options.spot_options.spot_instance_type":
      "ec2:CreateLaunchTemplate.LaunchTemplateData.InstanceMarketOptions.SpotOptions.SpotInstanceType",
    "instance_requirements.accelerator_manufacturers":
      "ec2:CreateLaunchTemplate.LaunchTemplateData.InstanceRequirements.AcceleratorManufacturers",
    "instance_requirements.accelerator_types":
      "ec2:CreateLaunchTemplate.LaunchTemplateData.InstanceRequirements.AcceleratorTypes",
    "instance_requirements.bare_metal": "ec2:CreateLaunchTemplate.LaunchTemplateData.InstanceRequirements.BareMetal",
    "instance_requirements.burstable_performance":
      "ec2:CreateLaunchTemplate.LaunchTemplateData.InstanceRequirements.BurstablePerformance",
    "instance_requirements.cpu_manufacturers":
      "ec2:CreateLaunchTemplate.LaunchTemplateData.InstanceRequirements.CpuManufacturers",
    "instance_requirements.instance_generations":
      "ec2:CreateLaunchTemplate.LaunchTemplateData.InstanceRequirements.InstanceGenerations",
    "instance_requirements.local_storage":
      "ec2:CreateLaunchTemplate.LaunchTemplateData.InstanceRequirements.LocalStorage",
    "instance_requirements.local_storage_types":
      "ec2:CreateLaunchTemplate.LaunchTemplateData.InstanceRequirements.LocalStorageTypes",
    "maintenance_options.auto_recovery": "ec2:CreateLaunchTemplate.LaunchTemplateData.MaintenanceOptions.AutoRecovery",
    "metadata_options.http_endpoint": "ec2:CreateLaunchTemplate.LaunchTemplateData.MetadataOptions.HttpEndpoint",
    "metadata_options.http_tokens": "ec2:CreateLaunchTemplate.LaunchTemplateData.MetadataOptions.HttpTokens",
    "metadata_options.http_protocol_ipv6":
      "ec2:CreateLaunchTemplate.LaunchTemplateData.MetadataOptions.HttpProtocolIpv6",
    "metadata_options.instance_metadata_tags":
      "ec2:CreateLaunchTemplate.LaunchTemplateData.MetadataOptions.InstanceMetadataTags",
    "placement.tenancy": "ec2:CreateLaunchTemplate.LaunchTemplateData.Placement.Tenancy",
    "private_dns_name_options.hostname_type":
      "ec2:CreateLaunchTemplate.LaunchTemplateData.PrivateDnsNameOptions.HostnameType",
    "tag_specifications.resource_type": "ec2:CreateLaunchTemplate.LaunchTemplateData.TagSpecifications.ResourceType",
  },
  aws_lb: {
    ip_address_type: "elbv2:CreateLoadBalancer.IpAddressType",
    load_balancer_type: "elbv2:CreateLoadBalancer.Type",
  },
  aws_lb_listener: {
    port: "elbv2:CreateListener.Port",
    protocol: "elbv2:CreateListener.Protocol",
    "default_action.order": "elbv2:CreateListener.DefaultActions.Order",
    "default_action.type": "elbv2:CreateListener.DefaultActions.Type",
    "default_action.redirect.status_code": "elbv2:CreateListener.DefaultActions.RedirectConfig.StatusCode",
    "default_action.redirect.protocol": "elbv2:CreateListener.DefaultActions.RedirectConfig.Protocol",
    "default_action.redirect.host": "elbv2:CreateListener.DefaultActions.RedirectConfig.Host",
    "default_action.redirect.path": "elbv2:CreateListener.DefaultActions.RedirectConfig.Path",
    "default_action.redirect.query": "elbv2:CreateListener.DefaultActions.RedirectConfig.Query",
    "default_action.fixed_response.status_code": "elbv2:CreateListener.DefaultActions.FixedResponseConfig.StatusCode",
    "default_action.fixed_response.message_body": "elbv2:CreateListener.DefaultActions.FixedResponseConfig.MessageBody",
    "default_action.authenticate_oidc.on_unauthenticated_request":
      "elbv2:CreateListener.DefaultActions.AuthenticateOidcConfig.OnUnauthenticatedRequest",
    "default_action.authenticate_cognito.on_unauthenticated_request":
      "elbv2:CreateListener.DefaultActions.AuthenticateOidcConfig.OnUnauthenticatedRequest",
  },
  aws_lb_target_group: {
    ip_address_type: "elbv2:CreateTargetGroup.IpAddressType",
    port: "elbv2:CreateTargetGroup.Port",
    protocol: "elbv2:CreateTargetGroup.Protocol",
    target_type: "elbv2:CreateTargetGroup.TargetType",
    "health_check.protocol": "elbv2:CreateTargetGroup.HealthCheckProtocol",
    "health_check.path": "elbv2:CreateTargetGroup.HealthCheckPath",
    "health_check.interval": "elbv2:CreateTargetGroup.HealthCheckIntervalSeconds",
    "health_check.timeout": "elbv2:CreateTargetGroup.HealthCheckTimeoutSeconds",
    "health_check.healthy_threshold": "elbv2:CreateTargetGroup.HealthyThresholdCount",
    "health_check.unhealthy_threshold": "elbv2:CreateTargetGroup.UnhealthyThresholdCount",
  },
  aws_lb_target_group_attachment: {
    port: "elbv2:RegisterTargets.Targets.Port",
  },
  aws_nat_gateway: {
    connectivity_type: "ec2:CreateNatGateway.ConnectivityType",
    secondary_private_ip_address_count: "ec2:CreateNatGateway.SecondaryPrivateIpAddressCount",
  },
  aws_placement_group: {
    strategy: "ec2:CreatePlacementGroup.Strategy",
    spread_level: "ec2:CreatePlacementGroup.SpreadLevel",
  },
  aws_route53_record: {
    name: "route53:ChangeResourceRecordSets.ChangeBatch.Changes.ResourceRecordSet.Name",
    type: "route53:ChangeResourceRecordSets.ChangeBatch.Changes.ResourceRecordSet.Type",
    ttl: "route53:ChangeResourceRecordSets.ChangeBatch.Changes.ResourceRecordSet.TTL",
    set_identifier: "route53:ChangeResourceRecordSets.ChangeBatch.Changes.ResourceRecordSet.SetIdentifier",
    "latency_routing_policy.region": "route53:ChangeResourceRecordSets.ChangeBatch.Changes.ResourceRecordSet.Region",
    "weighted_routing_policy.weight": "route53:ChangeResourceRecordSets.ChangeBatch.Changes.ResourceRecordSet.Weight",
    "failover_routing_policy.type": "route53:ChangeResourceRecordSets.ChangeBatch.Changes.ResourceRecordSet.Failover",
  },
  aws_s3_bucket: {
    bucket: "cfn:AWS::S3::Bucket.BucketName",
  },
  aws_s3_bucket_lifecycle_configuration: {
    "rule.status": "s3:PutBucketLifecycleConfiguration.LifecycleConfiguration.Rules.Status",
    "rule.transition.storage_class":
      "s3:PutBucketLifecycleConfiguration.LifecycleConfiguration.Rules.Transitions.StorageClass",
    "rule.noncurrent_version_transition.storage_class":
      "s3:PutBucketLifecycleConfiguration.LifecycleConfiguration.Rules.NoncurrentVersionTransitions.StorageClass",
    transition_default_minimum_object_size: "s3:PutBucketLifecycleConfiguration.TransitionDefaultMinimumObjectSize",
  },
  aws_s3_bucket_ownership_controls: {
    "rule.object_ownership": "s3:PutBucketOwnershipControls.OwnershipControls.Rules.ObjectOwnership",
  },
  aws_s3_bucket_replication_configuration: {
    "rule.status": "s3:PutBucketReplication.ReplicationConfiguration.Rules.Status",
    "rule.delete_marker_replication.status":
      "s3:PutBucketReplication.ReplicationConfiguration.Rules.DeleteMarkerReplication.Status",
    "rule.destination.storage_class": "s3:PutBucketReplication.ReplicationConfiguration.Rules.Destination.StorageClass",
    "rule.destination.access_control_translation.owner":
      "s3:PutBucketReplication.ReplicationConfiguration.Rules.Destination.AccessControlTranslation.Owner",
    "rule.destination.metrics.status":
      "s3:PutBucketReplication.ReplicationConfiguration.Rules.Destination.Metrics.Status",
    "rule.destination.replication_time.status":
      "s3:PutBucketReplication.ReplicationConfiguration.Rules.Destination.ReplicationTime.Status",
    "rule.existing_object_replication.status":
      "s3:PutBucketReplication.ReplicationConfiguration.Rules.ExistingObjectReplication.Status",
    "rule.source_selection_criteria.replica_modifications.status":
      "s3:PutBucketReplication.ReplicationConfiguration.Rules.SourceSelectionCriteria.ReplicaModifications.Status",
    "rule.source_selection_criteria.sse_kms_encrypted_objects.status":
      "s3:PutBucketReplication.ReplicationConfiguration.Rules.SourceSelectionCriteria.SseKmsEncryptedObjects.Status",
  },
  aws_s3_bucket_server_side_encryption_configuration: {
    "rule.apply_server_side_encryption_by_default.sse_algorithm":
      "s3:PutBucketEncryption.ServerSideEncryptionConfiguration.Rules.ApplyServerSideEncryptionByDefault.SSEAlgorithm",
  },
  aws_s3_bucket_versioning: {
    "versioning_configuration.status": "s3:PutBucketVersioning.VersioningConfiguration.Status",
    "versioning_configuration.mfa_delete": "s3:PutBucketVersioning.VersioningConfiguration.MFADelete",
  },
  aws_s3_object: {
    acl: "s3:PutObject.ACL",
    checksum_algorithm: "s3:PutObject.ChecksumAlgorithm",
    object_lock_legal_hold_status: "s3:PutObject.ObjectLockLegalHoldStatus",
    object_lock_mode: "s3:PutObject.ObjectLockMode",
    server_side_encryption: "s3:PutObject.ServerSideEncryption",
    storage_class: "s3:PutObject.StorageClass",
  },
  aws_scheduler_schedule: {
    name: "scheduler:CreateSchedule.Name",
    group_name: "scheduler:CreateSchedule.GroupName",
    description: "scheduler:CreateSchedule.Description",
    state: "scheduler:CreateSchedule.State",
    schedule_expression: "scheduler:CreateSchedule.ScheduleExpression",
    schedule_expression_timezone: "scheduler:CreateSchedule.ScheduleExpressionTimezone",
    action_after_completion: "scheduler:CreateSchedule.ActionAfterCompletion",
    "flexible_time_window.mode": "scheduler:CreateSchedule.FlexibleTimeWindow.Mode",
    "flexible_time_window.maximum_window_in_minutes":
      "scheduler:CreateSchedule.FlexibleTimeWindow.MaximumWindowInMinutes",
    "target.arn": "scheduler:CreateSchedule.Target.Arn",
    "target.role_arn": "scheduler:CreateSchedule.Target.RoleArn",
    "target.dead_letter_config.arn": "scheduler:CreateSchedule.Target.DeadLetterConfig.Arn",
    "target.ecs_parameters.launch_type": "scheduler:CreateSchedule.Target.EcsParameters.LaunchType",
    "target.ecs_parameters.propagate_tags": "scheduler:CreateSchedule.Target.EcsParameters.PropagateTags",
    "target.ecs_parameters.task_count": "scheduler:CreateSchedule.Target.EcsParameters.TaskCount",
    "target.retry_policy.maximum_event_age_in_seconds":
      "scheduler:CreateSchedule.Target.RetryPolicy.MaximumEventAgeInSeconds",
    "target.retry_policy.maximum_retry_attempts": "scheduler:CreateSchedule.Target.RetryPolicy.MaximumRetryAttempts",
  },
  aws_secretsmanager_secret: {
    name: "secretsmanager:CreateSecret.Name",
    description: "secretsmanager:CreateSecret.Description",
    "replica.region": "secretsmanager:CreateSecret.AddReplicaRegions.Region",
  },
  aws_secretsmanager_secret_version: {
    secret_id: "secretsmanager:PutSecretValue.SecretId",
  },
  aws_service_discovery_private_dns_namespace: {
    name: "servicediscovery:CreatePrivateDnsNamespace.Name",
    description: "servicediscovery:CreatePrivateDnsNamespace.Description",
  },
  aws_service_discovery_service: {
    name: "servicediscovery:CreateService.Name",
    description: "servicediscovery:CreateService.Description",
    "dns_config.routing_policy": "servicediscovery:CreateService.DnsConfig.RoutingPolicy",
    "dns_config.dns_records.ttl": "servicediscovery:CreateService.DnsConfig.DnsRecords.TTL",
    "dns_config.dns_records.type": "servicediscovery:CreateService.DnsConfig.DnsRecords.Type",
    "health_check_config.failure_threshold": "servicediscovery:CreateService.HealthCheckConfig.FailureThreshold",
    "health_check_config.type": "servicediscovery:CreateService.HealthCheckConfig.Type",
    "health_check_custom_config.failure_threshold":
      "servicediscovery:CreateService.HealthCheckCustomConfig.FailureThreshold",
  },
  aws_sns_topic: {},
  aws_ssm_maintenance_window: {
    name: "ssm:CreateMaintenanceWindow.Name",
    description: "ssm:CreateMaintenanceWindow.Description",
    duration: "ssm:CreateMaintenanceWindow.Duration",
    cutoff: "ssm:CreateMaintenanceWindow.Cutoff",
    schedule: "ssm:CreateMaintenanceWindow.Schedule",
    schedule_offset: "ssm:CreateMaintenanceWindow.ScheduleOffset",
  },
  aws_ssm_maintenance_window_target: {
    name: "ssm:RegisterTargetWithMaintenanceWindow.Name",
    description: "ssm:RegisterTargetWithMaintenanceWindow.Description",
    resource_type: "ssm:RegisterTargetWithMaintenanceWindow.ResourceType",
    window_id: "ssm:RegisterTargetWithMaintenanceWindow.WindowId",
    "targets.key": "ssm:RegisterTargetWithMaintenanceWindow.Targets.Key",
  },
  aws_ssm_maintenance_window_task: {
    name: "ssm:RegisterTaskWithMaintenanceWindow.Name",
    description: "ssm:RegisterTaskWithMaintenanceWindow.Description",
    cutoff_behavior: "ssm:RegisterTaskWithMaintenanceWindow.CutoffBehavior",
    max_concurrency: "ssm:RegisterTaskWithMaintenanceWindow.MaxConcurrency",
    max_errors: "ssm:RegisterTaskWithMaintenanceWindow.MaxErrors",
    priority: "ssm:RegisterTaskWithMaintenanceWindow.Priority",
    task_type: "ssm:RegisterTaskWithMaintenanceWindow.TaskType",
    window_id: "ssm:RegisterTaskWithMaintenanceWindow.WindowId",
    "targets.key": "ssm:RegisterTaskWithMaintenanceWindow.Targets.Key",
    "task_invocation_parameters.run_command_parameters.timeout_seconds":
      "ssm:RegisterTaskWithMaintenanceWindow.TaskInvocationParameters.RunCommand.TimeoutSeconds",
    "task_invocation_parameters.run_command_parameters.document_hash_type":
      "ssm:RegisterTaskWithMaintenanceWindow.TaskInvocationParameters.RunCommand.DocumentHashType",
    "task_invocation_parameters.run_command_parameters.notification_config.notification_events":
      "ssm:RegisterTaskWithMaintenanceWindow.TaskInvocationParameters.RunCommand.NotificationConfig.NotificationEvents",
    "task_invocation_parameters.run_command_parameters.notification_config.notification_type":
      "ssm:RegisterTaskWithMaintenanceWindow.TaskInvocationParameters.RunCommand.NotificationConfig.NotificationType",
    "task_invocation_parameters.run_command_parameters.comment":
      "ssm:RegisterTaskWithMaintenanceWindow.TaskInvocationParameters.RunCommand.Comment",
  },
  aws_vpc: {
    instance_tenancy: "ec2:CreateVpc.InstanceTenancy",
  },
  aws_vpc_security_group_egress_rule: {
    from_port: "cfn:AWS::EC2::SecurityGroupEgress.FromPort",
    to_port: "cfn:AWS::EC2::SecurityGroupEgress.ToPort",
  },
  aws_vpc_security_group_ingress_rule: {
    from_port: "cfn:AWS::EC2::SecurityGroupIngress.FromPort",
    to_port: "cfn:AWS::EC2::SecurityGroupIngress.ToPort",
  },
  aws_vpc_endpoint: {
    vpc_endpoint_type: "ec2:CreateVpcEndpoint.VpcEndpointType",
    ip_address_type: "ec2:CreateVpcEndpoint.IpAddressType",
    "dns_options.dns_record_ip_type": "ec2:CreateVpcEndpoint.DnsOptions.DnsRecordIpType",
  },
  "data.aws_ssm_parameter": {
    name: "ssm:GetParameter.Name",
  },
};

/** Arguments of which the provider takes the words in any case, as its version 5.100.0 does. */
export const ANY_CASE: ReadonlySet<string> = new Set([
  "aws_cloudwatch_metric_alarm.treat_missing_data",
  "aws_lb_listener.default_action.type",
  "aws_lb_listener.protocol",
  "aws_lb_target_group.health_check.protocol",
]);

const ABSENT = "the provider takes 0 for absent, and AWS never sees it";

/** Values that the provider takes besides, and does not hand to AWS as they are. */
export const ALSO: Record<string, { values: (string | number)[]; why: string }> = {
  "aws_cloudformation_stack.timeout_in_minutes": { values: [0], why: ABSENT },
  "aws_cloudwatch_log_group.retention_in_days": { values: [0], why: "for ever: the provider sets no retention" },
  "aws_dlm_lifecycle_policy.policy_details.schedule.create_rule.interval": { values: [0], why: ABSENT },
  "aws_lb_listener.default_action.order": { values: [0], why: ABSENT },
  "aws_lb_target_group_attachment.port": { values: [0], why: ABSENT },
  "aws_nat_gateway.secondary_private_ip_address_count": { values: [0], why: ABSENT },
  "aws_s3_bucket_versioning.versioning_configuration.status": {
    values: ["Disabled"],
    why: "of a bucket that never had versions: the provider makes no call",
  },
  "aws_scheduler_schedule.flexible_time_window.maximum_window_in_minutes": { values: [0], why: ABSENT },
  "aws_scheduler_schedule.target.ecs_parameters.task_count": { values: [0], why: ABSENT },
  "aws_service_discovery_service.health_check_config.failure_threshold": { values: [0], why: ABSENT },
  "aws_service_discovery_service.health_check_custom_config.failure_threshold": { values: [0], why: ABSENT },
};
