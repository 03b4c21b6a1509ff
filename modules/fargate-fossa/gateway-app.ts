import { join } from "node:path";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { bundle } from "../common/bundling/bundle";
import { CodeAsset } from "../common/bundling/code-asset";
import { parseProps, reference } from "../common/settings/props";

interface Bucket {
  readonly bucketName: string;
  readonly bucketArn: string;
  /** What must be there before objects are written. */
  readonly ready: ITerraformDependable[];
}

/** TypeScript file that the gateway's program begins with. */
export const PROGRAM = join(__dirname, "..", "..", "assets", "gateway", "main.ts");

/** Key of an object, of characters that need no quotes anywhere. */
export const objectKeySchema = z
  .string()
  .max(256)
  .regex(
    /^[A-Za-z0-9][\w.-]*(\/[\w.-]+)*$/,
    "must be letters, digits and ._- in words joined by /, as gateway/app.mjs",
  );

const schema = z.strictObject({
  /** Bucket that the program is put into; it encrypts with S3's own key. */
  bucket: reference<Bucket>("a PrivateBucket", "bucketName", "bucketArn", "ready"),
  /** TypeScript file that the program begins with; the page of this project by default. */
  entry: z.string().min(1).default(PROGRAM),
  /** Key of the object, which stays as the program changes: hosts look there for a new one. */
  key: objectKeySchema.default("gateway/gateway.mjs"),
});
export type GatewayAppProps = z.input<typeof schema>;

/** The gateway's program, in one file, where hosts fetch it from. */
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
    new S3Object(this, "object", {
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
