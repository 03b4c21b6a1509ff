import { z } from "zod";
import { refuse } from "./faults";

/**
 * Tags on a resource: at most 50, keys of 1 to 128 and values of 0 to 256 characters, no key that begins with `aws:`.
 * Source: AWS General Reference, "Tag naming limits and requirements".
 */
export const tagsSchema = z
  .record(
    z
      .string()
      .min(1)
      .max(128)
      .refine((key) => !/^aws:/i.test(key), "must not begin with aws:, which AWS reserves"),
    z.string().max(256),
  )
  .superRefine((tags, ctx) => {
    const count = Object.keys(tags).length;
    if (count > 50) refuse(ctx, [], `must have at most 50 tags, got ${count}`);
  });
