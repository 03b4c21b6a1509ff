import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { expect, it } from "vitest";
import { BucketObject } from "../../../../modules/aws/storage/bucket-object";
import { synth } from "../../../support/synth";

it("is an object that takes none of the tags of its stack", () => {
  const { one } = synth((stack) => new BucketObject(stack, "object", { bucket: "data", key: "raw/", content: "x" }));
  expect(one(S3Object)).toEqual({
    bucket: "data",
    key: "raw/",
    content: "x",
    override_provider: { default_tags: { tags: {} } },
  });
});
