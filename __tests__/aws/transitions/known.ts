/** A construct, settings of it with blanks between them, what they concern, likewise, and the reason. */
export type Row = readonly [subject: string, settings: string, what: string, reason: string];

const NO_NAME = "A name in Cloud Map cannot be changed: whoever asks for the old one finds nobody.";
const ANOTHER_STRATEGY =
  "The provider makes a service with another strategy anew: no task runs for a minute or two. In place it would need a deployment forced by every later change.";
const OTHER_OWNER =
  "An access point cannot be changed. The files stay with the user that wrote them: give them to the new one (`chown`).";
const NEW_TARGETS =
  "The new group is there before the listener leaves the old one. Until its targets are healthy, callers get 503.";
const NEW_BALANCER =
  "A load balancer cannot move between the VPC and the internet: for some minutes there is none, and then it has another address.";
const NEW_DOMAIN = "The new name has its certificate before the listener leaves the old one.";
const FULL_BUCKET = "AWS deletes no bucket that holds something: empty it first, or the apply fails there.";
const KEPT_KEY = "A volume keeps the key that it has; the next machine has EBS's own.";
const KEPT_LOGIN = "EC2 takes no key pair from a machine: remove it from `authorized_keys`.";
const NEW_PARAMETERS = "A parameter group is of one version: the new one is there before the old one goes.";
const NOT_ON = "Has no effect while it is off.";
const awsKey = (service: string) =>
  `It keeps its key until another is named. That of AWS has an ARN too: \`aws kms describe-key --key-id alias/aws/${service}\`.`;
const LASTS = "AWS cannot change it. Set it back, or set `allowReplacement` and lose what is there.";

/** Types of which a change makes another one, which loses nothing and serves nobody meanwhile. */
export const MADE_ANEW: Readonly<Record<string, string>> = {
  aws_ecr_lifecycle_policy: "its rules; the images stay",
  aws_ecs_task_definition: "a revision, to which the service rolls over",
  aws_kms_grant: "a grant is on one key",
  aws_s3_object: "an archive is named after its content",
  aws_scheduler_schedule: "a schedule of a build is for one archive",
  aws_secretsmanager_secret_version: "a version, before which the last one stays",
  terraform_data: "is nothing in AWS",
};

/** Changes whose plan fails. */
export const REFUSED: readonly Row[] = [
  [
    "Cluster",
    "kmsKeyArn serviceIpv4Cidr",
    "",
    `${LASTS} The provider plans another key as an update that does nothing, and would delete the key in use.`,
  ],
  [
    "Cluster",
    "autoMode autoMode.nodePools",
    "",
    `Auto Mode keeps its built-in pools, or keeps to be without, as long as it is on: turn it off, and on again without. ${LASTS}`,
  ],
  [
    "Cluster",
    "additionalNodeGroups.extra.minSize",
    "",
    "EKS refuses a `minSize` above the present number of nodes. Run the command of the error, then apply.",
  ],
  ["Network", "cidr", "", LASTS],
  ["ModuleRepoBackend", "dbName dbUsername kmsKeyArn", "", LASTS],
  ["PrefectServer", "database.dbName database.dbUsername kmsKeyArn", "", LASTS],
  ["SharedFiles", "kmsKeyArn", "", LASTS],
  ["LustreFiles", "subnetId durability kmsKeyArn", "", LASTS],
  ["MlEc2", "sharedFiles.kmsKeyArn dataVolumes.0.kmsKeyArn", "", LASTS],
  ["ImageRepository", "kmsKeyArn", "", LASTS],
  ["AmazonMqBroker", "username kmsKeyArn deploymentMode subnetIds", "", LASTS],
  ["RabbitMqService", "kmsKeyArn", "", LASTS],
];

/** Changes that replace a resource. */
export const REPLACED: readonly Row[] = [
  [
    "Cluster",
    "nodeSubnetIds additionalNodeGroups.extra additionalNodeGroups.extra.instanceTypes additionalNodeGroups.extra.capacityType additionalNodeGroups.extra.imageFamily additionalNodeGroups.extra.subnetIds additionalNodeGroups.extra.subnetIndex",
    "aws_eks_node_group",
    "EKS cannot change these. The new group is there, and takes the pods, before the old one goes; one with a reservation goes first.",
  ],
  [
    "Cluster",
    "additionalNodeGroups.extra.instanceTypes",
    "aws_autoscaling_group_tag",
    "The tags that tell the cluster autoscaler what the nodes leave to pods are put on the Auto Scaling group of the new group.",
  ],
  [
    "Cluster",
    "administrators accessEntries.people.principalArn accessEntries.nodes.type",
    "aws_eks_access_entry",
    "An entry is of one principal and of one type. The principal of before is out before the new one is in.",
  ],
  [
    "Cluster",
    "accessEntries.people.policies.0 accessEntries.people.policies.0.namespaces",
    "aws_eks_access_policy_association",
    "EKS cannot change the scope of a policy. For some seconds the principal is without it.",
  ],
  [
    "Network",
    "azCount azs subnetNewbits public.cidrs private.cidrs database.cidrs",
    "aws_subnet",
    "A subnet cannot change its zone or its block, and a computed block depends on the number of zones. AWS deletes no subnet in use: set the present `cidrs` of each tier before you add a zone.",
  ],
  [
    "Network",
    "podCidr",
    "aws_subnet aws_vpc_ipv4_cidr_block_association",
    "A block cannot be changed: let no pod run in it before it goes.",
  ],
  [
    "Network",
    "flowLogs.trafficType flowLogs.maxAggregationInterval",
    "aws_flow_log",
    "A flow log cannot be changed. The records stay; those of some seconds are missing.",
  ],
  ["SharedFiles", "userId", "aws_efs_access_point", OTHER_OWNER],
  [
    "LustreFiles",
    "buckets.data.bucketName buckets.data.prefix buckets.data.import buckets.data.export",
    "aws_fsx_data_repository_association",
    "A link cannot be changed, or not be turned off again. Files and objects stay; a new link lists the bucket anew.",
  ],
  [
    "LustreFiles",
    "storageGib",
    "aws_fsx_lustre_file_system",
    "A file system cannot shrink: one that is set smaller is deleted with its files. `preventDestroy` refuses that.",
  ],
  ["ModuleRepoBackend", "postgresVersion", "aws_db_parameter_group", NEW_PARAMETERS],
  ["PrefectServer", "database.postgresVersion", "aws_db_parameter_group", NEW_PARAMETERS],
  [
    "ModuleRepoBackend",
    "namespace serviceAccount",
    "aws_eks_pod_identity_association",
    "An association cannot be changed; pods get the role when they restart.",
  ],
  ["FargateService", "discovery.name", "aws_service_discovery_service", NO_NAME],
  ["RabbitMqService", "hostName", "aws_service_discovery_service", NO_NAME],
  ["SharedLoadBalancer", "domainName hostedZoneId", "aws_acm_certificate aws_route53_record", NEW_DOMAIN],
  ["LoadBalancerTarget", "port", "aws_lb_target_group", NEW_TARGETS],
  [
    "LoadBalancerTarget",
    "targetSecurityGroupId",
    "aws_vpc_security_group_ingress_rule",
    "The rule moves to the other group.",
  ],
  ["ClientVpn", "groups.staff.id", "aws_ec2_client_vpn_authorization_rule", "A rule is of one group."],
  ["FossaCluster", "namespaceName", "aws_service_discovery_private_dns_namespace", NO_NAME],
  ["FargateService", "spot spot.base spot.onDemandWeight spot.spotWeight", "aws_ecs_service", ANOTHER_STRATEGY],
  ["RabbitMqService", "userId", "aws_efs_access_point", OTHER_OWNER],
  ["FossaCluster", "workers.spot workers.spot.base", "aws_ecs_service", ANOTHER_STRATEGY],
  [
    "FossaGateway",
    "egress workerPort diskKmsKeyArn keyName egressPorts imageBuild page tls passwordSecretArn passwordVersion",
    "aws_instance",
    "The gateway's machine holds no data. For some minutes there is no page and, where it is the NAT, no way out.",
  ],
  ["Network", "diskKmsKeyArn", "aws_instance", "A NAT instance holds no data. For some minutes there is no way out."],
  [
    "MlEc2",
    "diskKmsKeyArn amiId keyName spot spot.maxPrice placement",
    "aws_instance",
    "EC2 cannot change these on a machine, which goes with its root volume; data volumes, shared files and buckets stay.",
  ],
  [
    "MlEc2",
    "dataVolumes.0.device",
    "aws_volume_attachment",
    "The machine is stopped, and the volume attached under its other name.",
  ],
  ["MlEc2", "sharedFiles.userId", "aws_efs_access_point", OTHER_OWNER],
  [
    "MlEc2",
    "snapshots.copyTags",
    "aws_dlm_lifecycle_policy",
    "The snapshots of the old policy stay, and nothing deletes them any more.",
  ],
  ["MlEc2", "loadBalancer.domainName loadBalancer.hostedZoneId", "aws_acm_certificate aws_route53_record", NEW_DOMAIN],
  ["MlEc2", "loadBalancer.internal", "aws_lb", NEW_BALANCER],
  ["MlEc2", "loadBalancer.targetPort", "aws_lb_target_group aws_lb_target_group_attachment", NEW_TARGETS],
  [
    "AmazonMqBroker",
    "passwordVersion",
    "aws_cloudformation_stack",
    "Amazon MQ sets the user of a RabbitMQ broker when it makes the broker: a new password is a new broker, without the messages of the old one.",
  ],
  ["HttpsLoadBalancer", "targetPort targetType", "aws_lb_target_group", NEW_TARGETS],
  [
    "HttpsLoadBalancer",
    "targetSecurityGroupId",
    "aws_vpc_security_group_ingress_rule",
    "The rule moves to the other group.",
  ],
  ["HttpsLoadBalancer", "internal", "aws_lb", NEW_BALANCER],
  ["HttpsLoadBalancer", "domainName hostedZoneId", "aws_route53_record aws_acm_certificate", NEW_DOMAIN],
  [
    "ClientVpn",
    "transport clientCidr samlProviderArn selfServiceSamlProviderArn rootCertificateChainArn activeDirectory activeDirectory.directoryId",
    "aws_ec2_client_vpn_endpoint",
    "AWS cannot change it on an endpoint: give all users the configuration of the new one.",
  ],
  [
    "HttpApi",
    "routes.extra.method routes.extra.path",
    "aws_lambda_permission",
    "A permission cannot be changed. For some seconds API Gateway may not call the route's function, and answers 500.",
  ],
  [
    "HttpApi",
    "domain.name",
    "aws_acm_certificate aws_apigatewayv2_domain_name aws_route53_record",
    "The new name has its certificate before the old name goes; callers of the old one get no answer from then on.",
  ],
  [
    "StaticWebsite",
    "hosts",
    "aws_acm_certificate aws_acm_certificate_validation aws_route53_record",
    "A certificate is of its names: the new one is there before the distribution leaves the old one.",
  ],
  [
    "SingleTable",
    "backup.kmsKeyArn",
    "aws_backup_vault",
    "A vault cannot change its key. AWS deletes none that holds backups: the apply fails there, or with `deleteWithVault` they are lost.",
  ],
];

/** Changes that delete what holds data, because they turn it off. */
export const REMOVED: readonly Row[] = [
  ["Network", "nat", "aws_instance", "A NAT instance holds no data."],
  ["RabbitMqService", "persistent", "aws_efs_file_system", "The messages that wait in the broker go with its files."],
  ["ImageBuild", "method", "aws_s3_bucket", "The archives of the sources go; the images stay."],
  ["HttpsLoadBalancer", "accessLogs", "aws_s3_bucket", FULL_BUCKET],
  ["SharedLoadBalancer", "accessLogs accessLogsBucket", "aws_s3_bucket", FULL_BUCKET],
  ["StateBucket", "accessLogs", "aws_s3_bucket", FULL_BUCKET],
  ["StaticWebsite", "accessLogs", "aws_s3_bucket", FULL_BUCKET],
  ["MlEc2", "replication audit logArchive loadBalancer.accessLogs", "aws_s3_bucket", FULL_BUCKET],
  [
    "MlEc2",
    "instanceCount fleet",
    "aws_instance",
    "A machine too many goes with its root volume. `terminationProtection` refuses that.",
  ],
  [
    "MlEc2",
    "dataVolumes dataVolumes.0.name",
    "aws_ebs_volume",
    "A volume goes by its name: left out or renamed, it is deleted with its data. `terminationProtection` refuses that.",
  ],
  ["MlEc2", "sharedFiles", "aws_efs_file_system", "The files go with it; what AWS Backup has of them stays."],
  [
    "MlEc2",
    "s3Encryption",
    "aws_kms_key",
    "KMS deletes the key after 30 days, and with it what it encrypted: before that, copy the objects over themselves, all versions that you need.",
  ],
  ["MlEc2", "alertEmails", "aws_kms_key", "The key of the topic of the alarms, under which nothing lasts."],
  ["FossaGateway", "alarms", "aws_kms_key", "The key of the topic of the alarms, under which nothing lasts."],
  [
    "FossaGateway",
    "imageBuild repositoryName page",
    "aws_ecr_repository aws_s3_bucket",
    "The archives of the sources go; ECR deletes no repository that holds images, so delete them first, or the apply fails there.",
  ],
  [
    "FossaCluster",
    "broker",
    "aws_efs_file_system aws_cloudformation_stack",
    "A broker of the other kind begins without the messages of the one before.",
  ],
];

/** Changes that leave a value as it was. */
export const KEPT: readonly Row[] = [
  [
    "ClientVpn",
    "banner",
    "aws_ec2_client_vpn_endpoint.client_login_banner_options",
    "Has no effect while the banner is off.",
  ],
  [
    "SharedLoadBalancer",
    "certificateArn domainName",
    "aws_lb_listener.default_action",
    "What an action of the other type did has no effect.",
  ],
  ["Network", "diskKmsKeyArn", "aws_instance.root_block_device.kms_key_id", KEPT_KEY],
  ["MlEc2", "diskKmsKeyArn", "aws_instance.root_block_device.kms_key_id", KEPT_KEY],
  ["FossaGateway", "diskKmsKeyArn", "aws_instance.root_block_device.kms_key_id", KEPT_KEY],
  ["MlEc2", "keyName", "aws_instance.key_name", KEPT_LOGIN],
  ["FossaGateway", "keyName", "aws_instance.key_name", KEPT_LOGIN],
  [
    "Network",
    "endpointPolicies",
    "aws_vpc_endpoint.policy",
    "An endpoint keeps its policy: to open it again, write one that allows everything, apply, and then leave it out.",
  ],
  [
    "MlEc2",
    "jupyter workloadType frameworks tensorboard instanceType dataVolumes dataVolumes.0.name dataVolumes.0.mountPoint dataVolumes.0.device sharedFiles sharedFiles.mountPoint loadBalancer",
    "aws_instance.user_data",
    "The boot script runs once: a machine keeps what it has, unless `userDataReplaceOnChange` is on.",
  ],
  ["MlEc2", "amiId", "aws_instance.ami", "A machine stays on its image until another one is named."],
  [
    "MlEc2",
    "autoRecovery",
    "aws_instance.maintenance_options",
    "The alarm goes; EC2's own recovery, which is its default, stays.",
  ],
  [
    "MlEc2",
    "fleet.desiredSize",
    "aws_autoscaling_group.desired_capacity",
    "The number of machines is the scaling's once there are some.",
  ],
  [
    "MlEc2",
    "fleet.otherInstanceTypes fleet.spotPercentage",
    "aws_autoscaling_group.launch_template",
    "The policy of several types takes its place.",
  ],
  [
    "Cluster",
    "endpointPublicAccess",
    "aws_eks_cluster.vpc_config.public_access_cidrs",
    "Has no effect while the endpoint is off.",
  ],
  [
    "Cluster",
    "accessEntries.people.userName",
    "aws_eks_access_entry.user_name",
    "EKS makes a name when the entry is made, and not later: set the name that you want.",
  ],
  [
    "Cluster",
    "additionalNodeGroups.extra.minSize",
    "aws_eks_node_group.scaling_config.desired_size",
    "The number of nodes is the autoscaler's.",
  ],
  [
    "Cluster",
    "additionalNodeGroups.extra.releaseVersion",
    "aws_eks_node_group.release_version",
    "A group stays at its release until another is set.",
  ],
  [
    "Cluster",
    "addons.metrics-server.version",
    "aws_eks_addon.addon_version",
    "An add-on stays at its version until another is set.",
  ],
  ["ModuleRepoBackend", "performanceInsights", "aws_db_instance.performance_insights_retention_period", NOT_ON],
  ["PrefectServer", "database.performanceInsights", "aws_db_instance.performance_insights_retention_period", NOT_ON],
  [
    "PrefectWorkers",
    "events.kmsKeyArn",
    "aws_sqs_queue.sqs_managed_sse_enabled",
    "A queue has one kind of encryption: SQS ends its own when it gets a key.",
  ],
  [
    "SingleTable",
    "capacity.mode capacity.scaling",
    "aws_dynamodb_table.read_capacity aws_dynamodb_table.write_capacity aws_dynamodb_table.global_secondary_index",
    "Has no effect while a table is billed by request. Where it scales, autoscaling sets them: one that was billed by request begins with 1 unit, so set it to provisioned first, and apply, and then let it scale.",
  ],
  ["SingleTable", "stream", "aws_dynamodb_table.stream_view_type", NOT_ON],
  ["SingleTable", "recoveryDays", "aws_dynamodb_table.point_in_time_recovery.recovery_period_in_days", NOT_ON],
  ["SingleTable", "kmsKeyArn", "aws_dynamodb_table.server_side_encryption.kms_key_arn", awsKey("dynamodb")],
  ["SingleTable", "backup.kmsKeyArn", "aws_backup_vault.kms_key_arn", awsKey("backup")],
];

/** Changes that AWS does not see. */
export const NO_EFFECT: readonly Row[] = [];
