import { S3Object, type S3ObjectConfig } from "@cdktf/provider-aws/lib/s3-object";
import type { Construct } from "constructs";

/**
 * Object in a bucket, without tags: S3 takes ten on an object, and a stack's own can be more. Source: Amazon S3 User Guide,
 * "Categorizing your objects using tags".
 */
export class BucketObject extends S3Object {
  constructor(scope: Construct, id: string, config: Omit<S3ObjectConfig, "tags" | "overrideProvider">) {
    super(scope, id, { ...config, overrideProvider: { defaultTags: { tags: {} } } });
  }
}
