import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ITerraformDependable } from "cdktf";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import { BucketObject } from "../aws/storage/bucket-object";
import { CodeAsset } from "../common/bundling/code-asset";
import type { DaskConfig } from "./dask-config";

/** Bucket that flow images read from; `PrivateBucket` is one. */
export interface FilesBucket {
  readonly bucketName: string;
  readonly bucketArn: string;
  /** Customer managed key of its objects, if any. */
  readonly kmsKeyArn?: string;
  /** What must exist before objects are written. */
  readonly ready?: ITerraformDependable[];
}

export interface DaskFilesProps {
  /** Literal name of the cluster. */
  name: string;
  bucket: FilesBucket;
  config: DaskConfig;
}

const HELPER = join(__dirname, "..", "..", "assets", "dask", "client", "ml_infra_dask.py");

/** Configuration of a cluster and the helper that reads it, in S3. */
export class DaskFiles extends Construct {
  readonly configUri: string;
  readonly configArn: string;
  readonly helperUri: string;
  readonly helperArn: string;

  constructor(scope: Construct, id: string, { name, bucket, config }: DaskFilesProps) {
    super(scope, id);
    const folder = `dask/${name}`;
    const at = { bucket: bucket.bucketName, dependsOn: bucket.ready };
    const text = new BucketObject(this, "config", {
      ...at,
      key: `${folder}/dask.yaml`,
      content: Fn.yamlencode(config),
      contentType: "application/yaml",
    });
    const code = new CodeAsset(this, "code", { fileName: "ml_infra_dask.py", content: readFileSync(HELPER) });
    const helper = new BucketObject(this, "helper", {
      ...at,
      key: `${folder}/ml_infra_dask.py`,
      source: code.path,
      sourceHash: code.digest,
      contentType: "text/x-python",
    });

    const uri = ({ key }: { key: string }) => `s3://${bucket.bucketName}/${key}`;
    const arn = ({ key }: { key: string }) => `${bucket.bucketArn}/${key}`;
    this.configUri = uri(text);
    this.configArn = arn(text);
    this.helperUri = uri(helper);
    this.helperArn = arn(helper);
  }
}
