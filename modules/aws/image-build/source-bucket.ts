import { Construct } from "constructs";
import { CodeAsset } from "../../common/bundling/code-asset";
import type { FolderFile } from "../../common/bundling/folder";
import { zipOf } from "../../common/bundling/zip";
import type { Statement } from "../../common/iam/policy";
import { BucketObject } from "../storage/bucket-object";
import { bucketPrefix, PrivateBucket } from "../storage/private-bucket";

export interface SourceBucketProps {
  readonly name: string;
  readonly tag: string;
  readonly files: readonly FolderFile[];
  readonly kmsKeyArn?: string;
}

/** Bucket with the image's folder as a zip. Terraform may empty it, as it only holds copies of project files. */
export class SourceBucket extends Construct {
  readonly bucketName: string;
  readonly bucketArn: string;
  readonly zip: BucketObject;
  /** Key of the zip, `image/<tag>.zip`. */
  readonly key: string;
  private readonly bucket: PrivateBucket;
  private readonly kmsKeyArn?: string;

  constructor(scope: Construct, id: string, { name, tag, files, kmsKeyArn }: SourceBucketProps) {
    super(scope, id);
    this.bucket = new PrivateBucket(this, "bucket", {
      bucketPrefix: bucketPrefix(name, "source"),
      versioning: false,
      forceDestroy: true,
      kmsKeyArn,
    });
    this.key = `image/${tag}.zip`;
    this.zip = new BucketObject(this, "zip", {
      bucket: this.bucket.bucketId,
      key: this.key,
      source: new CodeAsset(this, "folder", { fileName: `${tag}.zip`, content: zipOf(files) }).path,
      contentType: "application/zip",
      dependsOn: this.bucket.ready,
    });
    this.bucketName = this.bucket.bucketName;
    this.bucketArn = this.bucket.bucketArn;
    this.kmsKeyArn = kmsKeyArn;
  }

  /** Permission to read objects at `key`, which may contain `*`. */
  readStatements(key: string): Statement[] {
    const object: Statement = {
      Sid: "Source",
      Action: ["s3:GetObject", "s3:GetObjectVersion"],
      Resource: `${this.bucketArn}/${key}`,
    };
    const bucket: Statement = { Sid: "SourceBucket", Action: "s3:GetBucketLocation", Resource: this.bucketArn };
    const decrypt: Statement[] = this.kmsKeyArn
      ? [{ Sid: "SourceKey", Action: "kms:Decrypt", Resource: this.kmsKeyArn }]
      : [];
    return [object, bucket, ...decrypt];
  }
}
