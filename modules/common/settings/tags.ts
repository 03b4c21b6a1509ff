import { z } from "zod";
import { refuse } from "./faults";

/** Tags that a resource takes. Source: AWS General Reference, "Tag naming limits and requirements". */
export const MAX_TAGS = 50;

/** Characters of keys and values. IAM takes no others. Source: IAM API reference, Tag. */
const CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const WORDS = "must have letters, digits, blanks and _.:/=+-@ only";

/** Value of a tag: at most 256 letters, digits, blanks and `_.:/=+-@`. */
export const tagValueSchema = z.string().max(256).regex(CHARACTERS, WORDS);

/**
 * Tags on a resource: at most 50, keys of 1 to 128 and values of 0 to 256 letters, digits, blanks and `_.:/=+-@`, no key that
 * begins with `aws:`. Source: AWS General Reference, "Tag naming limits and requirements".
 */
export const tagsSchema = z
  .record(
    z
      .string()
      .min(1)
      .max(128)
      .regex(CHARACTERS, WORDS)
      .refine((key) => !/^aws:/i.test(key), "must not begin with aws:, which AWS reserves"),
    tagValueSchema,
  )
  .superRefine((tags, ctx) => {
    const count = Object.keys(tags).length;
    if (count > MAX_TAGS) refuse(ctx, [], `must have at most ${MAX_TAGS} tags, got ${count}`);
  });

/** Keys that a machine cannot read by its metadata service. Source: EC2 User Guide, "View tags using instance metadata". */
export const isHiddenFromMetadata = (key: string): boolean => /[\s/]/.test(key) || [".", "..", "_index"].includes(key);
