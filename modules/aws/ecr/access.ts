import type { Statement } from "../../common/iam/policy";

/** Login to the registry, which every client needs first. The action supports no resource-level permissions. */
const LOG_IN: Statement = { Sid: "RegistryPassword", Action: "ecr:GetAuthorizationToken", Resource: "*" };

const READ = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
/** Source: Amazon ECR User Guide, "IAM permissions for pushing an image to an Amazon ECR private repository". */
const WRITE = [
  "ecr:BatchCheckLayerAvailability",
  "ecr:BatchGetImage",
  "ecr:CompleteLayerUpload",
  "ecr:InitiateLayerUpload",
  "ecr:PutImage",
  "ecr:UploadLayerPart",
];

/** Permission to pull from a repository. */
export const pullFrom = (repositoryArn: string): Statement[] => [
  LOG_IN,
  { Sid: "Pull", Action: READ, Resource: repositoryArn },
];

/** Permission to push to a repository, and to check first whether a tag exists. */
export const pushTo = (repositoryArn: string): Statement[] => [
  LOG_IN,
  { Sid: "Push", Action: [...WRITE, "ecr:DescribeImages"], Resource: repositoryArn },
];

/**
 * Permission to pull images through a cache; the first pull of an image creates its repository. Source: Amazon ECR User Guide, "IAM permissions required to sync an upstream registry".
 */
export const pullThrough = (repositoryArns: string): Statement[] => [
  LOG_IN,
  {
    Sid: "PullThrough",
    Action: [...READ, "ecr:BatchImportUpstreamImage", "ecr:CreateRepository"],
    Resource: repositoryArns,
  },
];
