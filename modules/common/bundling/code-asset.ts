import { createHash } from "node:crypto";
import { join } from "node:path";
import { AssetType, TerraformAsset } from "cdktf";
import { Construct } from "constructs";
import { CACHE, keepFile } from "./kept-file";

export interface CodeAssetProps {
  /** Name of the file, such as `gateway.mjs`. */
  readonly fileName: string;
  /** What it holds: a bundle, or the zip of a folder. */
  readonly content: Uint8Array;
}

/**
 * File that travels with a stack's JSON to where Terraform runs, for an S3 object or a Lambda function. `path` is
 * relative to the stack's folder and holds the content's digest, so that the JSON is the same on every machine.
 */
export class CodeAsset extends Construct {
  /** Where Terraform finds the file, as `source` of an `aws_s3_object`. */
  readonly path: string;
  /** Sixteen hexadecimal characters of the content, as `sourceHash` of an object whose key stays. */
  readonly digest: string;

  constructor(scope: Construct, id: string, { fileName, content }: CodeAssetProps) {
    super(scope, id);
    this.digest = createHash("sha256").update(content).digest("hex").slice(0, 16);
    // TerraformAsset copies a file that exists; its own zips would hold the time of each file
    const path = keepFile(join(CACHE, "code-assets", this.digest, fileName), content);
    this.path = new TerraformAsset(this, "file", { path, type: AssetType.FILE, assetHash: this.digest }).path;
  }
}
