/** What may be done with a key, in IAM's words. */
type KeyActions = readonly string[];

/** What a principal needs that may do one of `actions` with a thing. */
interface KeyUse {
  readonly actions: readonly string[];
  readonly needs: KeyActions;
  /** What a service needs that the thing's own policy lets do it, where that is less. */
  readonly service?: KeyActions;
}

/** A thing that lies under a key, and who must be able to use that key. */
export interface KeyFact {
  /** Type of the resource, and the argument with its key; `*` is each block of a list. */
  readonly type: string;
  readonly argument: string;
  /** Attribute by which policies name what is under the key, where that is not the resource itself. */
  readonly named?: string;
  /** What principals may do with it. */
  readonly uses?: readonly KeyUse[];
  /** Who makes volumes under the key, or starts them, where that is a role of ours or of AWS's. */
  readonly volumesBy?: "auto-scaling" | "karpenter" | "csi-driver" | "machines";
  /** Services that use the key by themselves and so must stand in its policy, with what they need. */
  readonly services?: Readonly<Record<string, KeyActions>>;
  /** What the setting's TSDoc says of it where the key is the user's; nothing where no one but the deployer needs it. */
  readonly said?: RegExp;
  readonly source: string;
}

/** What EC2 does with a key as who makes a volume. Source: EBS User Guide, "Requirements for Amazon EBS encryption". */
export const VOLUME_ACTIONS: KeyActions = [
  "kms:CreateGrant",
  "kms:Decrypt",
  "kms:DescribeKey",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
];

/** Who may start an instance again: EC2 makes the grant. Source: as above, "Permissions for users". */
export const START_ACTIONS: KeyActions = ["kms:CreateGrant"];

/** Operations of the grant that Auto Scaling's role needs. Source: the row of launch templates. */
export const AUTO_SCALING_OPERATIONS = [
  "CreateGrant",
  "Decrypt",
  "DescribeKey",
  "Encrypt",
  "GenerateDataKey",
  "GenerateDataKeyWithoutPlaintext",
  "ReEncryptFrom",
  "ReEncryptTo",
];

const READ_SECRET = [{ actions: ["secretsmanager:GetSecretValue"], needs: ["kms:Decrypt"] }];
const SECRETS = 'Secrets Manager User Guide, "Secret encryption and decryption", permissions for the KMS key';
const EC2_BY_CALLER = 'EBS User Guide, "How Amazon EBS encryption works": EC2 uses the key as who calls it';

/** Every thing of ours that can lie under a key. */
export const KEY_FACTS: readonly KeyFact[] = [
  { type: "aws_secretsmanager_secret", argument: "kms_key_id", uses: READ_SECRET, source: SECRETS },
  {
    type: "aws_db_instance",
    argument: "master_user_secret_kms_key_id",
    named: "master_user_secret",
    uses: READ_SECRET,
    source: SECRETS,
  },
  {
    type: "aws_db_instance",
    argument: "kms_key_id",
    source: 'RDS User Guide, "AWS KMS key management": RDS makes grants when the instance is made',
  },
  {
    type: "aws_db_instance",
    argument: "performance_insights_kms_key_id",
    source:
      'RDS User Guide, "Configuring an AWS KMS policy for Performance Insights": who looks needs it, nothing of ours',
  },
  {
    type: "aws_s3_bucket_server_side_encryption_configuration",
    argument: "rule.*.apply_server_side_encryption_by_default.kms_master_key_id",
    uses: [
      { actions: ["s3:GetObject", "s3:GetObjectVersion"], needs: ["kms:Decrypt"] },
      // a part of a multipart upload is decrypted when the object is put together
      { actions: ["s3:PutObject"], needs: ["kms:GenerateDataKey", "kms:Decrypt"], service: ["kms:GenerateDataKey"] },
      { actions: ["s3:GetObjectVersionForReplication"], needs: ["kms:Decrypt"] },
      { actions: ["s3:ReplicateObject"], needs: ["kms:Encrypt"] },
    ],
    source:
      'S3 User Guide, "Using server-side encryption with AWS KMS keys", permissions, and "Replicating encrypted objects"',
  },
  {
    type: "aws_sns_topic",
    argument: "kms_master_key_id",
    uses: [{ actions: ["sns:Publish"], needs: ["kms:GenerateDataKey", "kms:Decrypt"] }],
    source: 'SNS Developer Guide, "Managing Amazon SNS encryption keys and costs"',
  },
  {
    type: "aws_sqs_queue",
    argument: "kms_master_key_id",
    uses: [
      { actions: ["sqs:SendMessage"], needs: ["kms:GenerateDataKey", "kms:Decrypt"] },
      { actions: ["sqs:ReceiveMessage"], needs: ["kms:Decrypt"] },
    ],
    source: 'SQS Developer Guide, "Amazon SQS Key management", configuring KMS permissions',
  },
  {
    type: "aws_dynamodb_table",
    argument: "server_side_encryption.kms_key_arn",
    uses: [
      {
        actions: [
          "dynamodb:GetItem",
          "dynamodb:Query",
          "dynamodb:PutItem",
          "dynamodb:UpdateItem",
          "dynamodb:DeleteItem",
        ],
        needs: ["kms:Decrypt"],
      },
    ],
    source: 'DynamoDB Developer Guide, "DynamoDB encryption at rest: usage notes": callers use the key by the service',
  },
  {
    type: "aws_cloudwatch_log_group",
    argument: "kms_key_id",
    services: {
      "logs.{region}.amazonaws.com": [
        "kms:Encrypt",
        "kms:Decrypt",
        "kms:ReEncrypt*",
        "kms:GenerateDataKey*",
        "kms:Describe*",
      ],
    },
    said: /CloudWatch Logs/,
    source:
      'CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using AWS Key Management Service", step 2',
  },
  {
    type: "aws_cloudtrail",
    argument: "kms_key_id",
    services: { "cloudtrail.amazonaws.com": ["kms:GenerateDataKey*", "kms:DescribeKey"] },
    source: 'CloudTrail User Guide, "Configure AWS KMS key policies for CloudTrail"',
  },
  {
    type: "aws_kinesis_firehose_delivery_stream",
    argument: "server_side_encryption.key_arn",
    source: 'Amazon Data Firehose Developer Guide, "Data protection": it makes a grant when the stream is made',
  },
  {
    type: "aws_kinesis_firehose_delivery_stream",
    argument: "extended_s3_configuration.kms_key_arn",
    source:
      'Amazon Data Firehose Developer Guide, "Grant Firehose access to an Amazon S3 destination": by the role, as for the bucket',
  },
  { type: "aws_ebs_volume", argument: "kms_key_id", volumesBy: "machines", said: /who deploys/, source: EC2_BY_CALLER },
  {
    type: "aws_instance",
    argument: "root_block_device.kms_key_id",
    volumesBy: "machines",
    said: /who deploys/,
    source: EC2_BY_CALLER,
  },
  {
    type: "aws_launch_template",
    argument: "block_device_mappings.*.ebs.kms_key_id",
    volumesBy: "auto-scaling",
    said: /Auto Scaling/,
    source: 'EC2 Auto Scaling User Guide, "Required AWS KMS key policy for use with encrypted volumes"',
  },
  {
    type: "helm_release",
    argument: "values.*.objects.*.spec.blockDeviceMappings.*.ebs.kmsKeyID",
    volumesBy: "karpenter",
    source: "github.com/aws/karpenter-provider-aws, issue 4935: EC2 uses the key as Karpenter's controller",
  },
  {
    type: "kubernetes_storage_class_v1",
    argument: "parameters.kmsKeyId",
    volumesBy: "csi-driver",
    source: "github.com/kubernetes-sigs/aws-ebs-csi-driver, docs/install.md: EC2 uses the key as the driver's role",
  },
  {
    type: "aws_cloudformation_stack",
    argument: "template_body.Resources.Broker.Properties.EncryptionOptions.KmsKeyId",
    source: 'Amazon MQ Developer Guide, "Encryption at rest": it makes a grant when the broker is made',
  },
  {
    type: "aws_ecr_repository",
    argument: "encryption_configuration.*.kms_key",
    source:
      'ECR User Guide, "Encryption at rest": it makes grants when the repository is made, and pulls and pushes need none',
  },
  {
    type: "aws_efs_file_system",
    argument: "kms_key_id",
    source: 'EFS User Guide, "Encrypting data at rest": the service uses the key, clients do not',
  },
  {
    type: "aws_backup_vault",
    argument: "kms_key_arn",
    source:
      'AWS Backup Developer Guide, "Encryption for backups in AWS Backup": by a grant that who makes the vault gives',
  },
  {
    type: "aws_fsx_lustre_file_system",
    argument: "kms_key_id",
    source: 'FSx for Lustre User Guide, "Encrypting data at rest": it makes a grant when the file system is made',
  },
  {
    type: "aws_prometheus_workspace",
    argument: "kms_key_arn",
    source:
      'Amazon Managed Service for Prometheus User Guide, "Encryption at rest": it makes grants when the workspace is made',
  },
  {
    type: "aws_eks_cluster",
    argument: "encryption_config.provider.key_arn",
    source:
      'EKS User Guide, "Encrypt Kubernetes secrets with KMS on existing clusters": by a grant that who makes the cluster gives',
  },
  {
    type: "aws_ecs_cluster",
    argument: "configuration.managed_storage_configuration.fargate_ephemeral_storage_kms_key_id",
    services: {
      "fargate.amazonaws.com": ["kms:CreateGrant", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext"],
    },
    said: /Fargate/,
    source: 'ECS Developer Guide, "Customer managed keys for AWS Fargate ephemeral storage", step 2',
  },
  {
    type: "aws_s3_bucket_replication_configuration",
    argument: "rule.*.destination.encryption_configuration.replica_kms_key_id",
    source: "as the bucket of the copies, whose own row it is",
  },
];

/** Arguments that name a key and may be left out all the same. */
export const WITHOUT_KEY: Readonly<Record<string, string>> = {
  // Source: S3 user guide, "Enabling Amazon S3 server access logging": its buckets have S3's own key
  "aws_s3_bucket_server_side_encryption_configuration.rule.apply_server_side_encryption_by_default.kms_master_key_id of access-logs":
    "S3 and load balancers write access logs to buckets of S3's own key only",
  "aws_s3_bucket_server_side_encryption_configuration.rule.apply_server_side_encryption_by_default.kms_master_key_id of websites":
    "everybody may read what a website shows",
  "aws_lambda_event_source_mapping.kms_key_arn": "encrypts a filter of events, of which ours have none",
  "aws_codebuild_project.encryption_key": "encrypts artifacts, of which a build of ours has none",
  "aws_scheduler_schedule.kms_key_arn": "what a schedule sends are names of resources",
  "aws_sqs_queue.kms_master_key_id": "messages are AWS's own of instances, and SQS encrypts them by itself",
  "aws_s3_object.kms_key_id": "the bucket's own key encrypts it",
  "aws_ecs_cluster.configuration.managed_storage_configuration.kms_key_id":
    "encrypts EBS volumes of tasks, which ours have none of",
  "aws_ecs_cluster.configuration.execute_command_configuration.kms_key_id": "sessions go by TLS anyway",
  "aws_lambda_function.kms_key_arn": "environment variables of a function are names of resources",
  "aws_lambda_function.source_kms_key_arn": "code is the project's own, and Lambda encrypts it by itself",
};
