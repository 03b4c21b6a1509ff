import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { TerraformOutput } from "cdktf";
import { expect, it } from "vitest";
import { HostBuild } from "../../../../modules/aws/image-build/host-build";
import { type Json, refTo, synth } from "../../../support/synth";
import { FILES } from "./image-build.fixture";

const push = { Sid: "Push", Action: "ecr:PutImage", Resource: "arn" };
const build = () =>
  synth((stack) => {
    const host = new HostBuild(stack, "host", {
      name: "dev-fossa",
      tag: "0f0f-arm64",
      files: FILES,
      statements: [push],
    });
    expect([host.kind, host.keyPrefix, host.tagKey]).toEqual(["host", "image", "image/tag"]);
    for (const key of ["bucketName", "bucketArn", "statements"] as const) {
      new TerraformOutput(stack, key, { value: host[key], staticId: true });
    }
  });

it("publishes the tag as text, after the zip that bears it", () => {
  const { all, byId } = build();
  const objects: Json[] = all(S3Object);
  expect(objects.map(({ key }) => key).sort()).toEqual(["image/0f0f-arm64.zip", "image/tag"]);
  const [zip] = Object.entries(byId(S3Object)).find(([, { key }]) => key.endsWith(".zip")) ?? [];
  expect(objects.find(({ key }) => key === "image/tag")).toMatchObject({
    bucket: refTo(S3Bucket, "bucket"),
    content: "0f0f-arm64",
    content_type: "text/plain",
    depends_on: [`aws_s3_object.${zip}`],
  });
});
it("runs nothing by itself", () => {
  const kinds = Object.keys(build().parsed.resource);
  expect(kinds.filter((kind) => !kind.startsWith("aws_s3_"))).toEqual([]);
});
it("tells where it is, and what the host has to be allowed", () => {
  const { outputs } = build();
  expect(outputs.bucketName.value).toEqual(refTo(S3Bucket, "bucket"));
  expect(outputs.bucketArn.value).toEqual(refTo(S3Bucket, "arn"));
  const [objects, bucket, ...others] = outputs.statements.value;
  expect(objects.Resource).toMatch(/\.arn\}\/image\/\*$/);
  expect(bucket.Action).toBe("s3:GetBucketLocation");
  expect(others).toEqual([push]);
});
