import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { TerraformOutput } from "cdktf";
import { expect, it } from "vitest";
import { SourceBucket } from "../../../../modules/aws/image-build/source-bucket";
import { refTo, synth } from "../../../support/synth";
import { FILES, KMS_KEY } from "./image-build.fixture";

const build = (kmsKeyArn?: string) =>
  synth((stack) => {
    const source = new SourceBucket(stack, "source", { name: "dev-fossa", tag: "0f0f-arm64", files: FILES, kmsKeyArn });
    new TerraformOutput(stack, "read", { value: source.readStatements("image/*"), staticId: true });
    new TerraformOutput(stack, "key", { value: source.key, staticId: true });
  });

it("is a private bucket that Terraform may empty, without old versions", () => {
  const { one, all } = build();
  expect(one(S3Bucket)).toMatchObject({ bucket_prefix: "dev-fossa-source-", force_destroy: true });
  expect(all(S3BucketVersioningA)).toEqual([]);
});
it("holds the folder as a zip under its tag, uploaded when the bucket is ready", () => {
  const { one, outputs } = build();
  expect(one(S3Object)).toMatchObject({
    bucket: refTo(S3Bucket, "id"),
    key: "image/0f0f-arm64.zip",
    source: expect.stringMatching(/^assets\/source_folder_file_[0-9A-F]{8}\/[0-9a-f]{16}\/0f0f-arm64\.zip$/),
    content_type: "application/zip",
    depends_on: expect.arrayContaining([expect.stringMatching(/^aws_s3_bucket_ownership_controls\./)]),
  });
  expect(outputs.key.value).toBe("image/0f0f-arm64.zip");
});
it("lets a reader have what lies at a key, and no more", () => {
  expect(build().outputs.read.value).toEqual([
    {
      Sid: "Source",
      Action: ["s3:GetObject", "s3:GetObjectVersion"],
      Resource: expect.stringMatching(/^\$\{aws_s3_bucket\.\w+\.arn\}\/image\/\*$/),
    },
    { Sid: "SourceBucket", Action: "s3:GetBucketLocation", Resource: refTo(S3Bucket, "arn") },
  ]);
});
it("is encrypted by the key given, which a reader may use to decrypt", () => {
  const { one, outputs } = build(KMS_KEY);
  expect(JSON.stringify(one(S3BucketServerSideEncryptionConfigurationA))).toContain(KMS_KEY);
  expect(outputs.read.value[2]).toEqual({ Sid: "SourceKey", Action: "kms:Decrypt", Resource: KMS_KEY });
});
