import { z } from "zod";
import { orToken } from "./props";

const arn = (pattern: RegExp, what: string) => orToken(z.string().regex(pattern, `must be ${what}`));

/** ARN of a key, not of an alias: AWS returns the key's ARN, so Terraform would show a permanent diff. */
export const kmsKeyArnSchema = arn(
  /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/,
  "the ARN of a KMS key (not of an alias), such as arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f",
);

/** ARN of an IAM role. */
export const roleArnSchema = arn(
  /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
  "the ARN of an IAM role, such as arn:aws:iam::123456789012:role/Platform",
);

/** ARN of an IAM role or user; not of an assumed role, which ends with its session. */
export const principalArnSchema = arn(
  /^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/,
  "the ARN of an IAM role or user, such as arn:aws:iam::123456789012:role/Platform",
);

/** ARN of a certificate in AWS Certificate Manager. */
export const certificateArnSchema = arn(
  /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/,
  "the ARN of an ACM certificate",
);

/** ARN of a SAML identity provider of IAM. */
export const samlProviderArnSchema = arn(
  /^arn:aws[a-z-]*:iam::\d{12}:saml-provider\/[\w._-]{1,128}$/,
  "the ARN of a SAML provider, such as arn:aws:iam::123456789012:saml-provider/staff",
);

/** ARN of an SNS topic. */
export const topicArnSchema = arn(
  /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/,
  "the ARN of an SNS topic, such as arn:aws:sns:us-east-1:111122223333:alerts",
);

/** ARN of a secret. Secrets that are managed by services have prefixes such as "rds!". */
export const secretArnSchema = arn(
  /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@!-]+$/,
  "the ARN of a secret, such as arn:aws:secretsmanager:us-east-1:123456789012:secret:page-Ab12Cd",
);

/** ARN of an S3 bucket. */
export const bucketArnSchema = arn(
  /^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  "the ARN of a bucket, such as arn:aws:s3:::models",
);

/** ARN of an ECS cluster. */
export const ecsClusterArnSchema = arn(
  /^arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:cluster\/[A-Za-z0-9_-]{1,255}$/,
  "the ARN of an ECS cluster, such as arn:aws:ecs:us-east-1:111122223333:cluster/dask",
);

/** ARN of a target group. */
export const targetGroupArnSchema = arn(
  /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:targetgroup\/[\w-]+\/[0-9a-f]{16}$/,
  "the ARN of a target group",
);
