import type { Statement } from "../../common/iam/policy";

/** What every client of a registry needs first: a password for the whole of it; the action knows no resource. */
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

/** Statements that let someone pull the images of a repository. */
export const pullFrom = (repositoryArn: string): Statement[] => [
  LOG_IN,
  { Sid: "Pull", Action: READ, Resource: repositoryArn },
];

/** Statements that let someone push images into a repository, and see first whether a tag is there already. */
export const pushTo = (repositoryArn: string): Statement[] => [
  LOG_IN,
  { Sid: "Push", Action: [...WRITE, "ecr:DescribeImages"], Resource: repositoryArn },
];

/**
 * Statements that let someone pull images through a cache: the first who pulls one makes its repository and copies it in.
 * Source: Amazon ECR User Guide, "IAM permissions required to sync an upstream registry".
 */
export const pullThrough = (repositoryArns: string): Statement[] => [
  LOG_IN,
  {
    Sid: "PullThrough",
    Action: [...READ, "ecr:BatchImportUpstreamImage", "ecr:CreateRepository"],
    Resource: repositoryArns,
  },
];
