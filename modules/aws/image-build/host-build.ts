import { Construct } from "constructs";
import type { FolderFile } from "../../common/bundling/folder";
import type { Statement } from "../../common/iam/policy";
import { BucketObject } from "../storage/bucket-object";
import { SourceBucket } from "./source-bucket";

export interface HostBuildProps {
  readonly name: string;
  readonly tag: string;
  readonly files: readonly FolderFile[];
  /** IAM statements of the host beyond reading the folder. */
  readonly statements: readonly Statement[];
  readonly kmsKeyArn?: string;
}

/**
 * Source of an image for a host that polls for work: in the bucket, the object `image/tag` holds the tag as text without a
 * newline, and `image/<tag>.zip` the folder. The zip is uploaded before the tag changes, and the previous tag's zip is then
 * gone.
 */
export class HostBuild extends Construct {
  readonly kind = "host";
  readonly bucketName: string;
  readonly bucketArn: string;
  /** Customer managed key that encrypts these objects, if any. */
  readonly kmsKeyArn: string | undefined;
  /** Prefix of both keys, `image`. */
  readonly keyPrefix = "image";
  /** Key of the tag, `image/tag`. */
  readonly tagKey = "image/tag";
  /** IAM statements of the host: to read these objects, and to push. */
  readonly statements: Statement[];

  constructor(scope: Construct, id: string, props: HostBuildProps) {
    super(scope, id);
    const source = new SourceBucket(this, "source", props);
    new BucketObject(this, "tag", {
      bucket: source.bucketName,
      key: this.tagKey,
      content: props.tag,
      contentType: "text/plain",
      dependsOn: [source.zip],
    });

    this.bucketName = source.bucketName;
    this.bucketArn = source.bucketArn;
    this.kmsKeyArn = props.kmsKeyArn;
    this.statements = [...source.readStatements(`${this.keyPrefix}/*`), ...props.statements];
  }
}
