import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { expect, it } from "vitest";
import { PrivateBucket } from "../../../modules/aws/storage/private-bucket";
import { DaskCluster } from "../../../modules/dask/dask-cluster";
import { synth } from "../../support/synth";
import { BUCKET, build, MINIMAL } from "./dask.fixture";

it("writes the configuration and the helper side by side", () => {
  const stack = build({ filesBucket: BUCKET });
  expect(stack.all(S3Object)).toEqual([
    expect.objectContaining({
      bucket: "dev-dask-files",
      key: "dask/dev-dask/dask.yaml",
      content: stack.outputs.configYaml.value,
      content_type: "application/yaml",
    }),
    expect.objectContaining({
      bucket: "dev-dask-files",
      key: "dask/dev-dask/ml_infra_dask.py",
      source: expect.stringMatching(/^assets\/.*\/ml_infra_dask\.py$/),
      source_hash: expect.stringMatching(/^[0-9a-f]{16}$/),
      content_type: "text/x-python",
    }),
  ]);
  expect(stack.outputs.configUri.value).toMatch(/^s3:\/\/dev-dask-files\/\$\{aws_s3_object\.[\w-]+\.key\}$/);
  expect(stack.outputs.helperUri.value).toMatch(/^s3:\/\/dev-dask-files\/\$\{aws_s3_object\.[\w-]+\.key\}$/);
});
it("waits until the bucket is encrypted", () => {
  const stack = synth((scope) => {
    const filesBucket = new PrivateBucket(scope, "files", { bucketPrefix: "files-" });
    new DaskCluster(scope, "dask", { ...MINIMAL, filesBucket });
  });
  for (const { depends_on } of stack.all(S3Object)) {
    expect(depends_on).toContainEqual(
      expect.stringMatching(/^aws_s3_bucket_server_side_encryption_configuration\.files_/),
    );
  }
});
