import { expect, it } from "vitest";
import { bucketAccess } from "../../../modules/ml-ec2/bucket-access";

const datasets = { bucketArn: "arn:aws:s3:::datasets" };
const models = { bucketArn: "arn:aws:s3:::models" };
const kmsKeyArn = "arn:aws:kms:us-east-1:111122223333:key/1";
const onBuckets = {
  Sid: "Buckets",
  Action: ["s3:ListBucket", "s3:GetBucketLocation"],
  Resource: ["arn:aws:s3:::datasets", "arn:aws:s3:::models"],
};
const onObjects = (...actions: string[]) => ({
  Sid: "Objects",
  Action: ["s3:GetObject", "s3:GetObjectVersion", ...actions],
  Resource: ["arn:aws:s3:::datasets/*", "arn:aws:s3:::models/*"],
});

it("to read is to list the two buckets and to get their objects", () => {
  expect(bucketAccess({ datasets, models }, "read")).toEqual([onBuckets, onObjects()]);
});
it("to write is also to put and delete them, in parts too", () => {
  expect(bucketAccess({ datasets, models }, "read-write")).toEqual([
    onBuckets,
    onObjects("s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"),
  ]);
});
it("includes the use of the key where there is one", () => {
  const key = (access: "read" | "read-write") => bucketAccess({ datasets, models, kmsKeyArn }, access)[2];
  expect(key("read")).toEqual({ Sid: "Key", Action: ["kms:Decrypt"], Resource: kmsKeyArn });
  expect(key("read-write")).toEqual({
    Sid: "Key",
    Action: ["kms:Decrypt", "kms:GenerateDataKey"],
    Resource: kmsKeyArn,
  });
});
