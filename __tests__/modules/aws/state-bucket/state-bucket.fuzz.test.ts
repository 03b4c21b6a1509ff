import fc from "fast-check";
import { StateBucket, type StateBucketProps } from "../../../../modules/aws/state-bucket/state-bucket";
import { fuzz, type Wrong } from "../../../support/fuzz";

const bucket = fc
  .stringMatching(/^[a-z0-9]([a-z0-9]|-[a-z0-9]){1,30}[a-z0-9]$/)
  .filter((name) => !/^(xn--|sthree-|amzn-s3-demo-)|-s3alias$/.test(name));
const valid: fc.Arbitrary<StateBucketProps> = fc.record(
  {
    bucket,
    noncurrentVersionDays: fc.integer({ min: 1, max: 3650 }),
    noncurrentVersionsKept: fc.integer({ min: 1, max: 100 }),
    preventDestroy: fc.boolean(),
    accessLogs: fc.record({ retentionDays: fc.integer({ min: 1, max: 3650 }) }, { requiredKeys: [] }),
    tags: fc.dictionary(fc.stringMatching(/^[A-Za-z]{1,20}$/), fc.stringMatching(/^[\w.:/=+@ -]{0,20}$/), {
      maxKeys: 5,
    }),
  },
  { requiredKeys: ["bucket"] },
);

const breaks: Record<string, unknown[]> = {
  bucket: [undefined, null, "", "ab", "Ab-c", "a.bc", "-abc", "abc-", "x".repeat(64), "xn--abc", "abc-s3alias", 5],
  noncurrentVersionDays: [0, -1, 3651, 1.5, "30", null, Number.NaN],
  noncurrentVersionsKept: [0, 101, 1.5, "all", null],
  preventDestroy: ["true", 0, null],
  accessLogs: [true, null, "my-logs"],
  "accessLogs.retentionDays": [{ retentionDays: 0 }, { retentionDays: 3651 }],
  "accessLogs.forceDestroy": [{ forceDestroy: true }],
  tags: [5, "a=b"],
  "tags.aws:a": [{ "aws:a": "b" }],
  kmsKeyArn: ["x"],
  versioning: [false],
};
const invalid: fc.Arbitrary<Wrong<StateBucketProps>> = fc
  .constantFrom(...Object.entries(breaks).flatMap(([key, wrongs]) => wrongs.map((wrong) => ({ key, wrong }))))
  .chain(({ key, wrong }) =>
    valid.map((props) => ({ key, props: { ...props, [key.replace(/\..*/, "")]: wrong } as StateBucketProps })),
  );

fuzz("test/state", { valid, invalid }, (stack, props) => new StateBucket(stack, "state", props));
