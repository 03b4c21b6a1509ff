import type { Statement } from "../common/iam/policy";

/** The two buckets, and their KMS key, if any. */
export interface DataBuckets {
  readonly datasets: { readonly bucketArn: string };
  readonly models: { readonly bucketArn: string };
  readonly kmsKeyArn?: string;
}

const READ = ["s3:GetObject", "s3:GetObjectVersion"];
const WRITE = ["s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"];

/** IAM statements for the two buckets, and nothing else in S3. */
export function bucketAccess({ datasets, models, kmsKeyArn }: DataBuckets, access: "read" | "read-write"): Statement[] {
  const writes = access === "read-write";
  const buckets = [datasets.bucketArn, models.bucketArn];
  const statements: Statement[] = [
    { Sid: "Buckets", Action: ["s3:ListBucket", "s3:GetBucketLocation"], Resource: buckets },
    { Sid: "Objects", Action: writes ? [...READ, ...WRITE] : READ, Resource: buckets.map((arn) => `${arn}/*`) },
  ];
  if (!kmsKeyArn) return statements;
  const use = writes ? ["kms:Decrypt", "kms:GenerateDataKey"] : ["kms:Decrypt"];
  return [...statements, { Sid: "Key", Action: use, Resource: kmsKeyArn }];
}
