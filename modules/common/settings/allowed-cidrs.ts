import { Token } from "cdktf";
import { z } from "zod";
import { areDistinct } from "../collections";
import { cidrSchema } from "./cidr";
import { refuse } from "./faults";
import { orToken } from "./props";

/** Every IPv4 address. */
export const INTERNET = "0.0.0.0/0";

/** Maximum number of blocks: with three ports each they fit into a security group's 60 rules (Amazon VPC quotas). */
const MAX_BLOCKS = 15;

const block = z.string().superRefine((cidr, ctx) => {
  if (cidr === INTERNET) return;
  for (const { message } of cidrSchema(8, 32).safeParse(cidr).error?.issues ?? []) {
    refuse(ctx, [], message);
  }
});

/** IPv4 blocks of clients, /8 to /32, at most 15. Accepts the whole internet too; rules across keys decide about that. */
export const callersSchema = listOf(block);

/** The same, without the whole internet; `refusal` is the advice in the error. */
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
