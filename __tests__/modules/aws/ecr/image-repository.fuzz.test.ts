import fc from "fast-check";
import { ImageRepository, type ImageRepositoryProps } from "../../../../modules/aws/ecr/image-repository";
import { fuzz, type Wrong } from "../../../support/fuzz";

const word = fc.stringMatching(/^[a-z0-9]{1,12}$/);
const name = fc
  .array(fc.tuple(word, fc.constantFrom(".", "_", "-", "/")), { minLength: 1, maxLength: 5 })
  .map((parts) => `${parts.map(([text, joint]) => text + joint).join("")}x`);
const valid: fc.Arbitrary<ImageRepositoryProps> = fc.record(
  {
    name,
    kmsKeyArn: fc.constant("arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f"),
    untaggedDays: fc.integer({ min: 1, max: 3650 }),
    keepImages: fc.integer({ min: 1, max: 1000 }),
    forceDelete: fc.boolean(),
    tags: fc.dictionary(fc.stringMatching(/^[A-Z][a-z]{0,20}$/), fc.stringMatching(/^[\w.:/=+@ -]{0,256}$/), {
      maxKeys: 5,
    }),
  },
  { requiredKeys: ["name"] },
);
const number = (max: number) =>
  fc.oneof(fc.integer({ max: 0 }), fc.integer({ min: max + 1 }), fc.constantFrom(1.5, Number.NaN, "7", null));
const wrong: Record<string, fc.Arbitrary<unknown>> = {
  name: fc.oneof(
    fc.constantFrom("", "a", "A", "a b", "a//b", "a/", "/a", "a..b", "ä", undefined, 5),
    fc.integer({ min: 257, max: 300 }).map((length) => "a".repeat(length)),
  ),
  kmsKeyArn: fc.constantFrom("", "key", "arn:aws:kms:us-east-1:1:key/a", 5),
  untaggedDays: number(3650),
  keepImages: number(1000),
  forceDelete: fc.constantFrom("true", 1, null),
  unknown: fc.anything().filter((value) => value !== undefined),
};
const invalid: fc.Arbitrary<Wrong<ImageRepositoryProps>> = fc
  .constantFrom(...Object.keys(wrong))
  .chain((key) =>
    fc
      .tuple(valid, wrong[key] as fc.Arbitrary<unknown>)
      .map(([props, value]) => ({ key, props: { ...props, [key]: value } })),
  );

fuzz("test/images", { valid, invalid }, (stack, props) => new ImageRepository(stack, "images", props));
