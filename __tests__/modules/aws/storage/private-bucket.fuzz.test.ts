import fc from "fast-check";
import { PrivateBucket, type PrivateBucketProps } from "../../../../modules/aws/storage/private-bucket";
import { fuzz, type Wrong } from "../../../support/fuzz";

const part = (min: number, max: number) =>
  fc
    .stringMatching(new RegExp(`^[a-z0-9][a-z0-9-]{${min - 1},${max - 1}}$`))
    .filter((name) => !/^(xn--|sthree-|amzn-s3-demo-)/.test(name));
const bucket = part(3, 63).filter((name) => !/(-|-s3alias|--ol-s3|--x-s3|--table-s3)$/.test(name));
const name = fc.oneof(fc.record({ bucket }), fc.record({ bucketPrefix: part(1, 37) }));

const region = fc.constantFrom("us-east-1", "eu-central-1", "us-gov-west-1");
const kmsKeyArn = fc
  .tuple(fc.constantFrom("aws", "aws-cn", "aws-us-gov"), region, fc.uuid())
  .map(([partition, where, id]) => `arn:${partition}:kms:${where}:111122223333:key/${id}`);
const transition = fc.oneof(
  fc.record({ days: fc.integer({ min: 1, max: 3650 }), storageClass: fc.constantFrom("GLACIER", "DEEP_ARCHIVE") }),
  fc.record({ days: fc.integer({ min: 30, max: 3650 }), storageClass: fc.constantFrom("STANDARD_IA", "ONEZONE_IA") }),
);
const destroy = fc.constantFrom({}, { forceDestroy: true }, { forceDestroy: false, preventDestroy: true });
const options = fc.record(
  {
    versioning: fc.constantFrom(true, false, "suspended" as const),
    kmsKeyArn,
    noncurrentVersionDays: fc.integer({ min: 1, max: 3650 }),
    noncurrentVersionsKept: fc.integer({ min: 1, max: 100 }),
    transition,
    noncurrentTransition: transition,
    expiration: fc.record(
      { days: fc.integer({ min: 1, max: 3650 }), exceptEmpty: fc.boolean() },
      { requiredKeys: ["days"] },
    ),
    accessLogsBucket: fc.constant("my-logs"),
    eventBridge: fc.boolean(),
    statements: fc.constant((arn: string) => [{ Principal: "*" as const, Action: "s3:GetObject", Resource: arn }]),
    tags: fc.dictionary(fc.stringMatching(/^[A-Za-z]{1,20}$/), fc.stringMatching(/^[\w.:/=+@ -]{0,20}$/), {
      maxKeys: 5,
    }),
  },
  { requiredKeys: [] },
);
const valid = fc
  .tuple(name, options, destroy)
  .map(([...parts]) => Object.assign({}, ...parts) as PrivateBucketProps)
  .filter(({ noncurrentTransition: moved, noncurrentVersionDays = 90 }) => !moved || moved.days < noncurrentVersionDays)
  .filter(({ transition: moved, expiration }) => !moved || !expiration || moved.days < expiration.days);

const breaks = fc.oneof(
  fc
    .constantFrom("", "ab", "A-b", "a.b.c", "a_b", "-ab", "ab-", "x".repeat(64), "xn--abc", "abc-s3alias", 5, null)
    .map((wrong) => ({ key: "bucket", set: { bucketPrefix: undefined, bucket: wrong } })),
  fc.constantFrom("", "A", "a.b", "-a", "x".repeat(38), "sthree-a", 5, null).map((wrong) => ({
    key: "bucketPrefix",
    set: { bucket: undefined, bucketPrefix: wrong },
  })),
  fc.constantFrom({}, { bucket: "abc", bucketPrefix: "abc" }).map((names) => ({
    key: "bucket",
    set: { bucket: undefined, bucketPrefix: undefined, ...names },
  })),
  fc
    .constantFrom("forceDestroy", "preventDestroy", "versioning")
    .chain((key) => fc.constantFrom("true", 1, null, {}).map((wrong) => ({ key, set: { [key]: wrong } }))),
  fc.constantFrom("", "A", "a_b", 1, null).map((wrong) => ({
    key: "accessLogsBucket",
    set: { accessLogsBucket: wrong },
  })),
  fc.constantFrom("on", 1, null).map((wrong) => ({ key: "eventBridge", set: { eventBridge: wrong } })),
  fc.constant({ key: "forceDestroy", set: { forceDestroy: true, preventDestroy: true } }),
  fc.constantFrom("", "alias/a", "arn:aws:kms:us-east-1:1:key/a", 5).map((wrong) => ({
    key: "kmsKeyArn",
    set: { kmsKeyArn: wrong },
  })),
  fc.constantFrom(0, -1, 3651, 1.5, Number.NaN, "30", null).map((wrong) => ({
    key: "noncurrentVersionDays",
    set: { noncurrentVersionDays: wrong },
  })),
  fc.constantFrom(0, 101, 2.5, "all").map((wrong) => ({
    key: "noncurrentVersionsKept",
    set: { noncurrentVersionsKept: wrong },
  })),
  fc
    .constantFrom("transition", "noncurrentTransition")
    .chain((key) =>
      fc
        .constantFrom(
          { key: "days", set: { days: 29, storageClass: "STANDARD_IA" } },
          { key: "days", set: { days: 0, storageClass: "GLACIER" } },
          { key: "days", set: { storageClass: "GLACIER" } },
          { key: "storageClass", set: { days: 40, storageClass: "COLD" } },
          { key: "prefix", set: { days: 40, storageClass: "GLACIER", prefix: "raw/" } },
        )
        .map((inner) => ({ key: `${key}.${inner.key}`, set: { [key]: inner.set } })),
    ),
  fc.integer({ min: 30, max: 3650 }).map((days) => ({
    key: "noncurrentTransition.days",
    set: { noncurrentVersionDays: days, noncurrentTransition: { days, storageClass: "GLACIER" } },
  })),
  fc.integer({ min: 30, max: 3650 }).map((days) => ({
    key: "expiration.days",
    set: { expiration: { days }, transition: { days, storageClass: "GLACIER" } },
  })),
  fc.constantFrom(0, 3651, 1.5, "30", null).map((days) => ({ key: "expiration.days", set: { expiration: { days } } })),
  fc.constantFrom("aws", {}, 5, null).map((wrong) => ({ key: "provider", set: { provider: wrong } })),
  fc.constantFrom([], {}, "deny", 5).map((wrong) => ({ key: "statements", set: { statements: wrong } })),
  fc.constantFrom("acl", "kmsKey", "name").map((key) => ({ key, set: { [key]: "x" } })),
);
const invalid: fc.Arbitrary<Wrong<PrivateBucketProps>> = fc
  .tuple(valid, breaks)
  .map(([props, { key, set }]) => ({ key, props: { ...props, ...set } as PrivateBucketProps }));

fuzz("test/data", { valid, invalid }, (stack, props) => new PrivateBucket(stack, "data", props));
