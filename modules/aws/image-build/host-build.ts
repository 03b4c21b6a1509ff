import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { Construct } from "constructs";
import type { FolderFile } from "../../common/bundling/folder";
import type { Statement } from "../../common/iam/policy";
import { SourceBucket } from "./source-bucket";

export interface HostBuildProps {
  readonly name: string;
  readonly tag: string;
  readonly files: readonly FolderFile[];
  /** What the host has to be allowed beside reading the folder. */
  readonly statements: readonly Statement[];
  readonly kmsKeyArn?: string;
}

/**
 * What a host needs to build the image of a folder, which it does by itself: in the bucket, the object `image/tag` holds
 * the tag as text, without a newline, and the object `image/<tag>.zip` the folder. The zip is there before the tag says
 * so; that of the tag before is gone by then.
 */
export class HostBuild extends Construct {
  readonly kind = "host";
  readonly bucketName: string;
  readonly bucketArn: string;
  /** Beginning of both keys, `image`. */
  readonly keyPrefix = "image";
  /** Object that holds the tag, `image/tag`. */
  readonly tagKey = "image/tag";
  /** What the host has to be allowed: to read these objects, and to push. */
  readonly statements: Statement[];

  constructor(scope: Construct, id: string, props: HostBuildProps) {
    super(scope, id);
    const source = new SourceBucket(this, "source", props);
    new S3Object(this, "tag", {
      bucket: source.bucketName,
      key: this.tagKey,
      content: props.tag,
      contentType: "text/plain",
      dependsOn: [source.zip],
    });

    this.bucketName = source.bucketName;
    this.bucketArn = source.bucketArn;
    this.statements = [...source.readStatements(`${this.keyPrefix}/*`), ...props.statements];
  }
}
