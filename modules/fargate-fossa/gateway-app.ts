import { join } from "node:path";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { BucketObject } from "../aws/storage/bucket-object";
import { bundle } from "../common/bundling/bundle";
import { CodeAsset } from "../common/bundling/code-asset";
import { parseProps, reference } from "../common/settings/props";

interface Bucket {
  readonly bucketName: string;
  readonly bucketArn: string;
  /** What must exist before objects are written. */
  readonly ready: ITerraformDependable[];
}

/** Entry point of the gateway's program. */
export const PROGRAM = join(__dirname, "..", "..", "assets", "gateway", "main.ts");

/** Object key of characters that need no quotes in a shell. */
export const objectKeySchema = z
  .string()
  .max(256)
  .regex(
    /^[A-Za-z0-9][\w.-]*(\/[\w.-]+)*$/,
    "must be letters, digits and ._- in words joined by /, as gateway/app.mjs",
  );

const schema = z.strictObject({
  /** Bucket of the program; encrypted with S3's own key. */
  bucket: reference<Bucket>("a PrivateBucket", "bucketName", "bucketArn", "ready{}"),
  /** Entry point of the program, a TypeScript file; the default is the page of this project. */
  entry: z.string().min(1).default(PROGRAM),
  /** Object key, which stays when the program changes: hosts poll it. */
  key: objectKeySchema.default("gateway/gateway.mjs"),
});
export type GatewayAppProps = z.input<typeof schema>;

/** The gateway's program, bundled to one file, in the bucket from which hosts fetch it. */
export class GatewayApp extends Construct {
  readonly bucketName: string;
  readonly bucketArn: string;
  readonly key: string;

  constructor(scope: Construct, id: string, props: GatewayAppProps) {
    super(scope, id);
    const { bucket, entry, key } = parseProps(this, schema, props);
    const { path, digest } = new CodeAsset(this, "program", {
      fileName: "gateway.mjs",
      content: bundle(entry).code,
    });
    new BucketObject(this, "object", {
      bucket: bucket.bucketName,
      key,
      source: path,
      sourceHash: digest,
      contentType: "text/javascript",
      dependsOn: bucket.ready,
    });
    this.bucketName = bucket.bucketName;
    this.bucketArn = bucket.bucketArn;
    this.key = key;
  }
}
