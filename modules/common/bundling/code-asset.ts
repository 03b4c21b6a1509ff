import { createHash } from "node:crypto";
import { join } from "node:path";
import { AssetType, TerraformAsset } from "cdktf";
import { Construct } from "constructs";
import { CACHE, keepFile } from "./kept-file";

export interface CodeAssetProps {
  /** File name, such as `gateway.mjs`. */
  readonly fileName: string;
  /** Content: a bundle, or the zip of a folder. */
  readonly content: Uint8Array;
}

/**
 * File that is deployed with a stack's JSON, for an S3 object or a Lambda function. `path` is relative to the stack's folder
 * and contains the content's digest, so that the JSON is the same on every machine.
 */
export class CodeAsset extends Construct {
  /** Path of the file for Terraform, as `source` of an `aws_s3_object`. */
  readonly path: string;
  /** Digest of the content, 16 hexadecimal characters, as `sourceHash` of an object with a fixed key. */
  readonly digest: string;

  constructor(scope: Construct, id: string, { fileName, content }: CodeAssetProps) {
    super(scope, id);
    this.digest = createHash("sha256").update(content).digest("hex").slice(0, 16);
    // TerraformAsset copies an existing file; its own zips would contain each file's timestamp
    const path = keepFile(join(CACHE, "code-assets", this.digest, fileName), content);
    this.path = new TerraformAsset(this, "file", { path, type: AssetType.FILE, assetHash: this.digest }).path;
  }
}
