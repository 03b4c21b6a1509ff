import fc from "fast-check";
import { AccessLogBucket, type AccessLogBucketProps } from "../../../../modules/aws/storage/access-log-bucket";
import { fuzz, type Wrong } from "../../../support/fuzz";

const valid: fc.Arbitrary<AccessLogBucketProps> = fc
  .record(
    {
      bucketPrefix: fc.stringMatching(/^[a-z][a-z0-9-]{0,35}$/).filter((name) => !/^(xn--|sthree-|amzn-s3)/.test(name)),
      writer: fc.constantFrom("s3" as const, "elastic-load-balancing" as const),
      retentionDays: fc.integer({ min: 1, max: 3650 }),
      tags: fc.dictionary(fc.stringMatching(/^[A-Za-z]{1,20}$/), fc.stringMatching(/^[\w.:/=+@ -]{0,20}$/), {
        maxKeys: 5,
      }),
    },
    { requiredKeys: ["bucketPrefix", "writer"] },
  )
  .chain((props) =>
    fc
      .constantFrom({}, { forceDestroy: true }, { forceDestroy: false, preventDestroy: true })
      .map((destroy) => ({ ...props, ...destroy })),
  );

const breaks: Record<string, unknown[]> = {
  deliverySource: ["site", 5], // without its writer
  bucketPrefix: [undefined, null, "", "A", "a_b", "x".repeat(38), 5],
  writer: [undefined, null, "cloudtrail", 1],
  retentionDays: [0, 3651, 1.5, "30", null],
  forceDestroy: ["yes", null],
  preventDestroy: [1, null],
  kmsKeyArn: ["x"],
};
const invalid: fc.Arbitrary<Wrong<AccessLogBucketProps>> = fc
  .constantFrom(...Object.entries(breaks).flatMap(([key, wrongs]) => wrongs.map((wrong) => ({ key, wrong }))))
  .chain(({ key, wrong }) =>
    valid.map((props) => ({ key, props: { ...props, [key]: wrong } as AccessLogBucketProps })),
  );

fuzz("test/logs", { valid, invalid }, (stack, props) => new AccessLogBucket(stack, "logs", props));
