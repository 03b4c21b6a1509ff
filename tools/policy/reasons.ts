/** Why what a scanner would have otherwise stays as it is. */
export interface Reason {
  /** Rules of checkov's, parliament's and cloudsplaining's, each by its id. */
  checks: string[];
  /** Paths of constructs, the stack's id first; `*` is any text. */
  where: string[];
  /** Actions of a policy, with `*` for any text; any action when absent. */
  about?: string[];
  /** One sentence. */
  reason: string;
}

/** Environments that show what a careful team would not run: small ones, and configurations of the tests. */
const EXADEPLOY_BESIDE_PROD = ["bare", "basic", "dev", "everything", "fixed", "karpenter", "local", "local-backend"]
  .concat("multi-peer", "no-peer", "operator", "remote", "staging")
  .map((environment) => `${environment}-exadeploy`);
const besideProd = (place: string, environments = EXADEPLOY_BESIDE_PROD) => environments.map((id) => `${id}-${place}`);
const WITH_BACKEND = ["basic", "dev", "everything", "multi-peer", "no-peer", "remote"].map((id) => `${id}-exadeploy`);

const NETWORK: Reason[] = [
  {
    checks: ["CKV_AWS_394"],
    where: ["*/network/zones"],
    reason: "Zones are taken by name where `azs` names them, and the first few of the region where it does not.",
  },
  {
    checks: ["CKV2_AWS_11"],
    where: [...besideProd("network/network/vpc"), "*-exadeploy-client-network/network/vpc"],
    reason: "Flow logs are a setting, as they are paid by the gigabyte; prod has them in every network.",
  },
  {
    checks: ["CKV2_AWS_19"],
    where: ["*-fossa-gateway/gateway/host/eip"],
    reason: "The address is on the network interface of the host, where checkov does not look for it.",
  },
  {
    checks: ["CKV2_AWS_5"],
    where: ["*-fossa-cluster/cluster/broker/security-group"],
    reason: "The group is on the Amazon MQ broker, which a CloudFormation template makes that checkov does not read.",
  },
];

const LOGS: Reason[] = [
  {
    checks: ["CKV_AWS_158"],
    where: ["*/*log*", "*-exadeploy-cluster/cluster/control-plane/logs"],
    reason: "CloudWatch encrypts every log group, and `logKmsKeyArn` is there for a key of one's own.",
  },
  {
    checks: ["CKV_AWS_338"],
    where: ["*/*log*", "*-exadeploy-cluster/cluster/control-plane/logs"],
    reason: "How long logs stay is a setting, as they are paid for each month that they stay; in prod it is a year.",
  },
  {
    checks: ["CKV_AWS_37"],
    where: besideProd("cluster/cluster/control-plane/cluster"),
    reason: "Who did what (api, audit, authenticator) is recorded, what scheduler and controllers did only in prod.",
  },
  {
    checks: ["CKV_AWS_65"],
    where: [
      "closed-fossa-*",
      "dev-fossa-*",
      "guest-fossa-*",
      "*-dask-container/cluster/cluster/cluster",
      "*-dask-agent/cluster/cluster",
    ],
    reason: "Container Insights cost by the metric and are a setting, which prod has on.",
  },
  {
    checks: ["CKV_AWS_126"],
    where: ["*-fossa-gateway/gateway/host/instance", "dev-ml-ec2/ml-ec2/machines/instance-*"],
    reason: "A metric every five minutes is enough for a machine on which no alarm of a minute stands.",
  },
];

const BUCKETS: Reason[] = [
  {
    checks: ["CKV_AWS_18"],
    where: ["*/access-logs/bucket/bucket", "*-portfolio-website/website/access-logs/bucket/bucket/bucket"],
    reason: "A bucket of access logs that recorded its own use would never stop to write.",
  },
  {
    checks: ["CKV_AWS_18"],
    where: [
      "*-exadeploy-module-repo-backend/module-repo/bucket/bucket",
      "*-fossa-gateway/gateway/*bucket/bucket",
      "*-ml-ec2/ml-ec2/*/bucket",
    ],
    reason: "Only roles of the stack reach the bucket, and `audit` of the training box records each use of an object.",
  },
  {
    checks: ["CKV2_AWS_62"],
    where: ["*bucket/bucket", "*-ml-ec2/ml-ec2/*/bucket"],
    reason: "Nobody waits for objects in it, so there is nobody to notify.",
  },
  {
    checks: ["CKV_AWS_144"],
    where: ["*bucket/bucket", "*-ml-ec2/ml-ec2/storage/*/bucket"],
    reason:
      "A copy in another region doubles the price: `replication` of the training box makes one where it is wanted.",
  },
  {
    checks: ["CKV_AWS_145"],
    where: ["*bucket/bucket", "*-ml-ec2/ml-ec2/storage/*/bucket"],
    reason: "S3 encrypts every object by its own key, and a key of one's own is a setting where data is worth it.",
  },
  {
    checks: ["CKV_AWS_21"],
    where: ["*-fossa-gateway/gateway/*bucket/bucket"],
    reason: "What is in it comes from the repository at each deployment, under a name that follows from the content.",
  },
  {
    checks: ["CKV_AWS_21"],
    where: ["dev-ml-ec2/ml-ec2/storage/*/bucket"],
    reason: "Data of dev is thrown away, old versions of it too: `s3Versioning` is off there, and on by default.",
  },
];

const DATABASE: Reason[] = [
  {
    checks: ["CKV2_AWS_18"],
    where: ["*/file-system"],
    reason:
      "A file system is in AWS Backup by its own policy, where `backup` is on, and checkov looks for a selection.",
  },
  {
    checks: ["CKV_AWS_157", "CKV_AWS_293"],
    where: [
      ...WITH_BACKEND.map((id) => `${id}-module-repo-backend/*`),
      "staging-exadeploy-module-repo-backend/*",
      "dev-dask-agent/server/database/instance",
    ],
    reason: "A small environment has one database that may go; prod has a standby and is protected.",
  },
  {
    checks: ["CKV_AWS_118"],
    where: ["*/module-repo/database/instance"],
    reason: "Performance Insights are on and tell which query is slow, which the system's processes would not.",
  },
  {
    checks: ["CKV_AWS_161"],
    where: ["*/module-repo/database/instance"],
    reason: "ExaDeploy signs in by a password; `iamDatabaseAuthentication` is there for who signs in by IAM.",
  },
  {
    checks: ["CKV_AWS_354"],
    where: ["*/module-repo/database/instance"],
    reason: "Performance Insights are encrypted by RDS's key unless `kmsKeyArn` names another one.",
  },
];

const MACHINES: Reason[] = [
  {
    checks: ["CKV_AWS_135"],
    where: ["*-fossa-gateway/gateway/host/instance", "*-ml-ec2/ml-ec2/machines/instance-*"],
    reason: "Every type since 2018 is EBS-optimized by itself, and to write it down would replace machines that run.",
  },
  {
    checks: ["CKV_AWS_46"],
    where: ["*-fossa-gateway/gateway/host/instance"],
    reason: "The forty letters that look like a key are a checksum; the password is read from Secrets Manager at boot.",
  },
  {
    checks: ["cloudsplaining:AssumableByCompute"],
    where: [
      "*/node-role/role",
      "*-fossa-*/role",
      "*-ml-ec2/ml-ec2/role/role/role",
      "*/control-plane/role/role",
      "*-dask-*/role",
      "*-training-*/role",
      "*-portfolio-*/role",
    ],
    about: ["ec2", "ecs-tasks", "lambda", "eks"],
    reason: "The role is for what runs there, and its policies are the least that this needs.",
  },
  {
    checks: ["parliament:CREDENTIALS_EXPOSURE"],
    where: ["*/role"],
    about: ["sts:assumerole", "sts:assumerolewithwebidentity"],
    reason: "To hand out credentials is what a trust policy is for.",
  },
];

const FOSSA: Reason[] = [
  {
    checks: ["CKV_AWS_124"],
    where: ["*-fossa-cluster/cluster/broker/stack"],
    reason: "Terraform waits for the CloudFormation stack and says how it ended.",
  },
  {
    checks: ["CKV_AWS_136"],
    where: ["*-fossa-gateway/gateway/images/*repository/repository"],
    reason: "ECR encrypts every image by its own key, and `repository.kmsKeyArn` is there for another one.",
  },
  {
    checks: ["CKV_AWS_297"],
    where: ["*-fossa-gateway/gateway/images/*/start", "*-ml-ec2/ml-ec2/schedule/*"],
    reason: "The schedule holds the names of what it starts and stops, and no secret.",
  },
  {
    checks: ["CKV_AWS_316"],
    where: ["*-fossa-gateway/gateway/images/*/project"],
    reason: "A build of an image needs the Docker daemon, which runs in privileged mode only.",
  },
  {
    checks: ["CKV_AWS_184"],
    where: ["*-fossa-cluster/cluster/broker/files/file-system", "*-ml-ec2/ml-ec2/shared-files/file-system"],
    reason: "EFS encrypts the files by its own key, and `kmsKeyArn` is there for another one.",
  },
  {
    checks: ["CKV2_AWS_28"],
    where: ["*-fossa-*/load-balancer/load-balancer"],
    reason: "Only `allowedCidrs` reach it, and the page asks for a password and slows down who guesses.",
  },
  {
    checks: ["CKV_AWS_91", "CKV_AWS_150"],
    where: [
      "closed-fossa-*/load-balancer",
      "workshop-fossa-*/load-balancer",
      "staging-ml-ec2/*/load-balancer",
      "lake-dask-load-balancing/load-balancer/load-balancer",
      "lodger-dask-load-balancing/load-balancer/load-balancer",
    ],
    reason: "Access logs and deletion protection of a load balancer are settings, which prod has on.",
  },
];

const SECRETS: Reason[] = [
  {
    checks: ["CKV_AWS_149"],
    where: ["*/secret"],
    reason: "Secrets Manager encrypts it by its own key, which no other account can use.",
  },
  {
    checks: ["CKV2_AWS_57"],
    where: ["*/secret"],
    reason:
      "What the secret opens reads it once when it starts, so that a rotation by itself would lock everybody out.",
  },
  {
    checks: ["CKV_AWS_273", "CKV_AWS_40"],
    where: ["staging-exadeploy-module-repo-backend/module-repo/identity/*"],
    reason:
      "The setting `credentials: static-key` is for charts that take nothing but an access key; Pod Identity is the default.",
  },
];

const AUDIT: Reason[] = [
  {
    checks: ["CKV_AWS_67", "CKV2_AWS_10", "CKV_AWS_252"],
    where: ["*-ml-ec2/ml-ec2/audit/trail"],
    reason: "The trail records the objects of two buckets, in their region, beside the trail that the account has.",
  },
  {
    checks: ["CKV2_AWS_64"],
    where: ["*-ml-ec2/ml-ec2/*/key/key"],
    reason: "KMS's own policy leaves the key to the account's IAM policies, and nobody else is to use it.",
  },
];

const KEYS: Reason[] = [
  {
    checks: ["parliament:PERMISSIONS_MANAGEMENT_ACTIONS", "parliament:RESOURCE_MISMATCH"],
    where: ["*/key"],
    about: ["kms:*"],
    reason: "A key's policy gives the account every action, so that no lost role locks it; some are not about keys.",
  },
];

const KUBE: Reason[] = [
  {
    checks: ["parliament:RESOURCE_MISMATCH"],
    where: ["*/platform/karpenter/role/role/permissions-policy"],
    about: ["ec2:CreateFleet", "ec2:RunInstances"],
    reason: "What a launch takes and what it makes stand in statements of their own, each with other conditions.",
  },
  {
    checks: ["parliament:RESOURCE_MISMATCH"],
    where: ["*/platform/karpenter/role/role/permissions-policy"],
    about: ["ssm:GetParameter"],
    reason: "A public parameter of AWS's has no account in its ARN.",
  },
  {
    checks: ["parliament:PERMISSIONS_MANAGEMENT_ACTIONS", "parliament:PRIVILEGE_ESCALATION"],
    where: ["*/platform/karpenter/role/role/permissions-policy"],
    about: ["iam:*instanceprofile", "iam:passrole", "ec2:runinstances"],
    reason: "Karpenter starts machines by the node role alone and in profiles of its own: see the conditions.",
  },
  {
    checks: ["parliament:PERMISSIONS_MANAGEMENT_ACTIONS", "parliament:RESOURCE_STAR"],
    where: ["*/platform/load-balancer-controller/role/role/permissions-policy"],
    about: ["iam:CreateServiceLinkedRole"],
    reason: "The condition leaves but the service-linked role of Elastic Load Balancing.",
  },
  {
    checks: ["cloudsplaining:InfrastructureModification", "parliament:RESOURCE_STAR"],
    where: ["*/platform/load-balancer-controller/role/role/permissions-policy"],
    about: ["ec2:CreateSecurityGroup", "elasticloadbalancing:CreateTargetGroup"],
    reason: "What is made anew has no name beforehand; what exists is touched by the cluster's tag only.",
  },
  {
    checks: ["parliament:RESOURCE_STAR"],
    where: ["*/platform/load-balancer-controller/role/role/permissions-policy"],
    about: ["acm:DescribeCertificate", "ec2:GetSecurityGroupsForVpc"],
    reason:
      "The controller looks for the certificate whose name fits, and for groups of a VPC, of which it knows none.",
  },
  {
    checks: [
      "cloudsplaining:InfrastructureModification",
      "parliament:RESOURCE_STAR",
      "parliament:CREDENTIALS_EXPOSURE",
    ],
    where: ["staging-exadeploy-kube/platform/load-balancer-controller/role/role/permissions-policy"],
    about: ["wafv2:*", "shield:*", "cognito-idp:DescribeUserPoolClient"],
    reason:
      "Web ACLs, protections and user pools are named by annotations of ingresses, so any may be; each is a setting.",
  },
  {
    checks: ["parliament:UNKNOWN_CONDITION_FOR_ACTION"],
    where: ["*/platform/load-balancer-controller/role/role/permissions-policy"],
    reason:
      "The key elasticloadbalancing:CreateAction came later than parliament's table: see AWS's own policy of the controller.",
  },
];

const STATEMENTS: Reason[] = [
  {
    checks: ["cloudsplaining:CredentialsExposure", "parliament:CREDENTIALS_EXPOSURE"],
    where: ["*-fossa-*-policy"],
    about: ["ecr:GetAuthorizationToken"],
    reason: "Who pulls or pushes images asks ECR for a token, which opens what the role's other rights allow.",
  },
  {
    checks: ["parliament:RESOURCE_MISMATCH"],
    where: ["*-fossa-cluster/cluster/broker/service/roles/execution/image-pull-policy"],
    about: ["ecr:BatchImportUpstreamImage"],
    reason: "Amazon ECR's guide gives it by repository, which parliament's table does not know.",
  },
  {
    checks: ["parliament:PERMISSIONS_MANAGEMENT_ACTIONS"],
    where: [
      "*-fossa-gateway/gateway/images/*/codebuild/role/service-policy",
      "*-fossa-gateway/gateway/host/role/role/image-build-policy",
    ],
    about: ["iam:PassRole"],
    reason: "A build starts the service anew, with the roles that the service has and no other.",
  },
  {
    checks: ["parliament:RESOURCE_MISMATCH"],
    where: ["*-ml-ec2/ml-ec2/snapshots/role/snapshots-policy"],
    about: ["ec2:CreateSnapshots"],
    reason:
      "Machines stand in a statement of their own, which asks for their tag; volumes and snapshots have none yet.",
  },
  {
    checks: ["parliament:UNKNOWN_CONDITION_FOR_ACTION", "parliament:UNKNOWN_FEDERATION_SOURCE"],
    where: ["*-ml-ec2/ml-ec2/ci/role/role"],
    reason: "GitHub's tokens carry these words, which parliament's table does not know.",
  },
];

const DASK: Reason[] = [
  {
    checks: ["CKV_AWS_130"],
    where: ["*-dask-network/network/public/subnet-*"],
    reason: "Only NAT and load balancers are meant for the public subnets, and tasks stand in the private ones.",
  },
  {
    checks: ["CKV2_AWS_5"],
    where: ["*-dask-network/private/security-group", "*-dask-container/cluster/access/security-group"],
    reason: "Who joins the group is made in other stacks, or by dask-cloudprovider.",
  },
  {
    checks: ["CKV2_AWS_62", "CKV_AWS_144", "CKV_AWS_145"],
    where: ["*-dask-*/model/bucket", "*-dask-*/output/bucket", "*-dask-*/files/bucket"],
    reason:
      "Events, copies and a key of one's own are for those to add who have a use for them: S3 encrypts every object by itself.",
  },
  {
    checks: ["CKV_AWS_18"],
    where: ["*-dask-*/files/bucket"],
    reason: "It holds a configuration without secrets, whose readers need a policy of ours.",
  },
  {
    checks: ["CKV_AWS_24", "CKV_AWS_25", "CKV_AWS_260"],
    where: ["*-dask-container/cluster/access/within", "*-dask-load-balancing/load-balancer/from-80-*"],
    reason: "The rule lets a security group in, where checkov looks for addresses only.",
  },
  {
    checks: ["CKV_AWS_378"],
    where: ["*-dask-container/dashboard-*/target-group"],
    reason: "Dask's dashboards speak HTTP, and the load balancer is in the same private subnets.",
  },
  {
    checks: ["CKV2_AWS_71"],
    where: ["*-dask-load-balancing/load-balancer/certificate"],
    reason: "Pages that are added later have hosts of their own below the domain.",
  },
  {
    checks: ["CKV_AWS_115", "CKV_AWS_117", "CKV_AWS_173", "CKV_AWS_272"],
    where: ["*-dask-*/function/function"],
    reason:
      "It calls AWS only, a few times a day, from the project's own code, and its variables are names of resources.",
  },
  {
    checks: ["parliament:PERMISSIONS_MANAGEMENT_ACTIONS"],
    where: ["*-dask-container/cluster/clients"],
    about: ["iam:PassRole", "iam:passrole"],
    reason: "Who starts a task hands it its role: these two, and to ECS only.",
  },
  {
    checks: ["parliament:RESOURCE_STAR"],
    where: ["*-dask-container/cluster/clients"],
    about: ["ecs:RegisterTaskDefinition"],
    reason: "ECS's guide gives it by no resource, and a definition alone runs nothing.",
  },
  {
    checks: ["parliament:RESOURCE_STAR"],
    where: ["*-dask-*/function/role/work-policy"],
    about: ["ecs:ListTasks"],
    reason: "It lists Fargate tasks, which have no container instance to name, of one cluster by its condition.",
  },
  {
    checks: ["CKV_AWS_2", "CKV_AWS_103", "CKV2_AWS_20"],
    where: ["lodger-dask-load-balancing/load-balancer/*"],
    reason:
      "Without a certificate an internal load balancer speaks HTTP; `domainName` or `certificateArn` gives it one.",
  },
  {
    checks: ["CKV_AWS_224"],
    where: ["lake-dask-container/cluster/cluster/cluster"],
    reason: "Session Manager encrypts each session by TLS, and `logKmsKeyArn` encrypts what is logged of it.",
  },
  {
    checks: ["CKV_AWS_18", "CKV2_AWS_11"],
    where: ["spare-dask-network/model/bucket", "spare-dask-network/output/bucket", "spare-dask-network/network/vpc"],
    reason: "Access logs and flow logs are on unless they are switched off, as this configuration shows.",
  },
  {
    checks: ["CKV_AWS_135", "CKV_AWS_126", "CKV2_AWS_41"],
    where: ["dev-dask-network/network/nat-instance/instance", "dev-training-network/network/nat-instance/instance"],
    reason: "The NAT instance of dev calls nothing of AWS, and costs as little as it can.",
  },
  {
    checks: ["CKV_AWS_21"],
    where: ["dev-dask-network/*/bucket"],
    reason: "Data of dev is thrown away, old versions of it too: `versioning` is off there, and on by default.",
  },
  {
    checks: ["CKV_AWS_118", "CKV_AWS_161", "CKV_AWS_354"],
    where: ["*-dask-agent/server/database/instance"],
    reason:
      "Performance Insights are on, under RDS's key unless another is named, and Prefect signs in by a password only.",
  },
  {
    checks: ["CKV2_AWS_5"],
    where: ["*-dask-agent/prefect/flows/access/security-group"],
    reason: "Prefect's workers start the tasks that are in it.",
  },
  {
    checks: ["CKV_AWS_378"],
    where: ["*-dask-agent/server/prefect/target-group"],
    reason: "Prefect's server speaks HTTP, and the load balancer is in the same private subnets.",
  },
  {
    checks: ["parliament:PERMISSIONS_MANAGEMENT_ACTIONS", "parliament:RESOURCE_STAR"],
    where: ["*-dask-agent/prefect/worker-*/service/roles/task/task-policy"],
    about: ["iam:PassRole", "iam:passrole", "ecs:RegisterTaskDefinition"],
    reason: "A worker registers a definition of each flow and hands its tasks the two roles of flows, to ECS only.",
  },
];

const TRAINING: Reason[] = [
  {
    checks: ["CKV2_AWS_5"],
    where: ["*-training-network/builds/security-group", "*-training-network/machines/security-group"],
    reason: "Builds and machines wear the groups, in stacks of their own.",
  },
  {
    checks: ["CKV_AWS_316"],
    where: ["*-training-storage/builds/*/project"],
    reason: "CodeBuild lets a build mount a file system with TLS in privileged mode only.",
  },
  {
    checks: ["CKV_AWS_184"],
    where: ["*-training-storage/files/file-system"],
    reason: "EFS encrypts the files by its own key, and `files.kmsKeyArn` is there for another one.",
  },
  {
    checks: ["CKV_AWS_297"],
    where: ["*-training-storage/builds/*/start"],
    reason: "The schedule holds the names of what it starts, and no secret.",
  },
  {
    checks: ["CKV_AWS_18", "CKV_AWS_21"],
    where: ["*-training-storage/builds/bucket/bucket"],
    reason: "It holds sources that lie in the repository and wheels that are built again from them, for builds alone.",
  },
  {
    checks: ["cloudsplaining:CredentialsExposure", "parliament:CREDENTIALS_EXPOSURE"],
    where: ["*-training-storage/builds/*/role/image-policy"],
    about: ["ecr:GetAuthorizationToken", "ecr:getauthorizationtoken"],
    reason: "Who pulls an image asks ECR for a token, which opens what the role's other rights allow.",
  },
  {
    checks: ["parliament:PERMISSIONS_MANAGEMENT_ACTIONS"],
    where: ["*-training-storage/builds/*/role/network-policy"],
    about: ["ec2:createnetworkinterfacepermission"],
    reason: "CodeBuild lends itself the interface of a build in these subnets, as the condition says.",
  },
  {
    checks: ["cloudsplaining:InfrastructureModification", "parliament:RESOURCE_STAR"],
    where: ["*-training-storage/builds/*/role/network-policy"],
    about: ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"],
    reason: "CodeBuild's guide gives them by no resource; the interface of a build has no name beforehand.",
  },
  {
    checks: ["CKV_AWS_119"],
    where: ["*-training-jobs/table/table", "*-portfolio-data/table/table"],
    reason: "DynamoDB encrypts the items by its key in the account, and `table.kmsKeyArn` is there for another one.",
  },
  {
    checks: ["CKV_AWS_28"],
    where: ["dev-training-jobs/table/table"],
    reason: "Jobs of dev are thrown away: `recoveryDays` is false there, and 35 by default.",
  },
  {
    checks: ["CKV_AWS_115", "CKV_AWS_117", "CKV_AWS_173", "CKV_AWS_272"],
    where: ["*-training-jobs/interruption/function/function"],
    reason:
      "It calls AWS only, when a machine ends, from the project's own code; its variables are names of resources.",
  },
  {
    checks: ["CKV_AWS_285"],
    where: ["*-training-jobs/workflows/*/machine"],
    reason: "What items hold stays out of the logs unless `logData` is on; each execution keeps its own history.",
  },
  {
    checks: ["parliament:PERMISSIONS_MANAGEMENT_ACTIONS"],
    where: ["*-training-jobs/workflows/*/role/run-policy", "*-portfolio-layers/*/runs/role/run-policy"],
    about: ["logs:putresourcepolicy"],
    reason: "Step Functions asks its role for it, to let the delivery of logs write into the group.",
  },
  {
    checks: ["parliament:RESOURCE_MISMATCH"],
    where: ["*-training-jobs/workflows/*/role/run-policy"],
    about: ["states:DescribeExecution"],
    reason: "The service reference gives it by execution too, which parliament's table does not know.",
  },
  {
    checks: ["CKV2_AWS_34"],
    where: ["*-training-compute/machines/config"],
    reason: "The settings of the command `train` are names of resources, and no secret.",
  },
];

const PORTFOLIO: Reason[] = [
  {
    checks: ["CKV_AWS_115", "CKV_AWS_117", "CKV_AWS_173", "CKV_AWS_272"],
    where: [
      "*-portfolio-api/api/routes/*/function/function",
      "*-portfolio-layers/*/publish/function",
      "*-portfolio-layers/*/update/function",
      "*-portfolio-website/website/invalidation/function/function",
    ],
    reason:
      "It calls AWS only, from the project's own code; its variables are names of resources, and API and queue limit its calls.",
  },
  {
    checks: ["CKV_AWS_116"],
    where: [
      "*-portfolio-api/api/routes/*/function/function",
      "*-portfolio-website/website/invalidation/function/function",
    ],
    reason: "Who calls it waits for its answer, or keeps what failed in a queue of its own.",
  },
  {
    checks: ["CKV_AWS_309"],
    where: ["*-portfolio-api/api/routes/*/route"],
    reason: "Everybody may read what the site shows; `jwt` and `authorization` are there for who may not.",
  },
  {
    checks: ["CKV_AWS_166"],
    where: ["prod-portfolio-data/table/backup/vault"],
    reason: "AWS Backup encrypts by its key in the account, and `table.backup.kmsKeyArn` is there for another one.",
  },
  {
    checks: ["CKV_AWS_28"],
    where: ["dev-portfolio-data/table/table"],
    reason: "Items of dev are thrown away: `recoveryDays` is false there, and 35 by default.",
  },
  {
    checks: ["CKV_AWS_21"],
    where: ["dev-portfolio-data/raw-bucket/bucket"],
    reason: "Raw data of dev is thrown away: `versioning` is off there, and on by default.",
  },
  {
    checks: ["CKV_AWS_18"],
    where: ["*-portfolio-data/raw-bucket/bucket", "*-portfolio-website/website/bucket/bucket"],
    reason:
      "Only roles of the system and CloudFront, which has a log of its own, reach the bucket; `accessLogsBucket` is there.",
  },
  {
    checks: ["CKV_AWS_18", "CKV_AWS_21"],
    where: ["*-portfolio-layers/*/bucket/bucket"],
    reason:
      "It holds sources that lie in the repository and archives that are built again from them, for builds alone.",
  },
  {
    checks: ["CKV_AWS_285"],
    where: ["*-portfolio-layers/*/runs/machine"],
    reason: "Errors are logged, and each execution keeps its own history; `logLevel` and `logData` log the rest.",
  },
  {
    checks: ["CKV_AWS_297"],
    where: ["*-portfolio-layers/*/start"],
    reason: "The schedule holds the ARN of what it starts, and no secret.",
  },
  {
    checks: ["parliament:PERMISSIONS_MANAGEMENT_ACTIONS"],
    where: ["*-portfolio-layers/*/publish/role/work-policy"],
    about: ["lambda:addlayerversionpermission", "lambda:removelayerversionpermission"],
    reason: "It shares the versions of its own layer with the accounts of `permissions`, and takes that back.",
  },
  {
    checks: ["CKV2_AWS_42", "CKV_AWS_174"],
    where: ["dev-portfolio-website/website/distribution", "kept-portfolio-website/website/distribution"],
    reason: "CloudFront's own name comes with its own certificate and policy; hosts of a domain have TLS 1.2 at least.",
  },
  {
    checks: ["CKV2_AWS_47", "CKV_AWS_68"],
    where: ["*-portfolio-website/website/distribution"],
    reason:
      "A firewall costs by the month and is a setting, `waf`; its rules against known bad inputs, Log4j's too, checkov does not read.",
  },
  {
    checks: ["CKV2_AWS_31"],
    where: ["*-portfolio-website/website/firewall"],
    reason:
      "Metrics and samples tell what it blocked; the log of the site has every request, those that were blocked too.",
  },
  {
    checks: ["CKV_AWS_86"],
    where: ["*-portfolio-website/website/distribution"],
    reason: "Its log is a delivery of CloudWatch Logs, where checkov does not look for it.",
  },
  {
    checks: ["CKV_AWS_259"],
    where: ["*-portfolio-website/website/headers"],
    reason:
      "Browsers use HTTPS only for `httpsDays`; other hosts of the domain, and preload lists, which nobody leaves soon, are not the site's to decide.",
  },
  {
    checks: ["CKV_AWS_310", "CKV_AWS_374"],
    where: ["*-portfolio-website/website/distribution"],
    reason: "The site is one bucket, which S3 keeps in three zones, and is for visitors of all countries.",
  },
];

/**
 * Every finding that stays, and why. A finding that fits none of these fails `npm run policy`, and one of these that fits
 * no finding fails the tests.
 */
export const REASONS: readonly Reason[] = [
  ...NETWORK,
  ...LOGS,
  ...BUCKETS,
  ...DATABASE,
  ...MACHINES,
  ...FOSSA,
  ...SECRETS,
  ...AUDIT,
  ...KEYS,
  ...KUBE,
  ...STATEMENTS,
  ...DASK,
  ...TRAINING,
  ...PORTFOLIO,
];
