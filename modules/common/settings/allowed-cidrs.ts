import { Token } from "cdktf";
import { z } from "zod";
import { areDistinct } from "../collections";
import { cidrSchema } from "./cidr";
import { refuse } from "./faults";
import { orToken } from "./props";

/** Every IPv4 address. */
export const INTERNET = "0.0.0.0/0";

/** At most so many blocks. Amazon VPC quotas: 60 rules of a group each way; three ports for each block leave room for others. */
const MAX_BLOCKS = 15;

const block = z.string().superRefine((cidr, ctx) => {
  if (cidr === INTERNET) return;
  for (const { message } of cidrSchema(8, 32).safeParse(cidr).error?.issues ?? []) {
    refuse(ctx, [], message);
  }
});

/**
 * IPv4 blocks of people, /8 to /32 and at most 15, each named once; none by default. The whole internet passes too: it is
 * for the rules across keys to ask whether it is meant.
 */
export const callersSchema = listOf(block);

/** The same, but the internet as a whole is nobody's network: `refusal` says what to do instead. */
export const namedCallersSchema = (refusal: string) =>
  listOf(
    z
      .string()
      .refine((cidr) => !/^(0\.0\.0\.0|::)\/0$/.test(cidr), {
        abort: true,
        error: ({ input }) => `must not be the whole internet: ${refusal}, got ${input}`,
      })
      .pipe(cidrSchema(8, 32)),
  );

function listOf<S extends z.ZodType<string, string>>(schema: S) {
  return z
    .array(orToken(schema))
    .max(MAX_BLOCKS)
    .refine(areDistinct, "must name each block once")
    .refine((cidrs) => !Token.isUnresolved(cidrs), "must be a list of blocks, each an element of its own, got a token")
    .default([]);
}
