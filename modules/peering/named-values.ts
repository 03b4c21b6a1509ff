import { Token } from "cdktf";
import { z } from "zod";
import { cidrSchema } from "../common/settings/cidr";
import { refuse } from "../common/settings/faults";
import { orToken } from "../common/settings/props";

/** Several values: a list of literals, or a record that names each, which values known only at apply time need. */
export type NamedValues = readonly string[] | Readonly<Record<string, string>>;

/** A value with a key that does not depend on its position, so that ids derived from it survive a reordering. */
export interface NamedValue {
  key: string;
  value: string;
}

interface Bounds {
  what: string;
  min: number;
  max?: number;
}

/** VPC CIDRs lie between /16 and /28. Source: Amazon VPC User Guide, "VPC CIDR blocks". */
const vpcCidr = cidrSchema(16, 28);
/** Source of the 50: Amazon VPC quotas, "IPv4 CIDR blocks per VPC" (5, up to 50 on request). */
const CIDRS = { what: "CIDRs", min: 1, max: 50 };

const KEY = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/;
const KEY_RULE = "must be 1 to 63 letters, digits, hyphens and underscores, beginning with a letter or digit";
const NEEDS_NAME = "got a value known only at apply time; give a record, such as { main: value }, whose key names it";

/** A name for tags, rule descriptions and ids. */
export const nameSchema = z.string().regex(KEY, KEY_RULE);

/** An id assigned by EC2, such as `vpc-0123456789abcdef0`. */
export const idSchema = (prefix: string, what: string) =>
  z.string().regex(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), `must be ${what} such as ${prefix}-0123456789abcdef0`);

/** CIDRs of a VPC, at least one, sorted by key. */
export const cidrs = z.custom<NamedValues>().transform((input, ctx) => read(input, ctx, vpcCidr, CIDRS));

const tableId = idSchema("rtb", "a route table id");
const TABLES = { what: "route tables", min: 1 };

/** Route tables, at least one, sorted by key. */
export const tables = z.custom<NamedValues>().transform((input, ctx) => read(input, ctx, tableId, TABLES));

/** Route tables, possibly none, or `"all"`. */
export const tablesOrAll = z
  .custom<"all" | NamedValues>()
  .transform((input, ctx) => (input === "all" ? input : read(input, ctx, tableId, { ...TABLES, min: 0 }, ' or "all"')));

/** Reads {@link NamedValues}, sorted by key; adds an issue for each fault. */
function read(
  input: NamedValues,
  ctx: z.RefinementCtx,
  schema: z.ZodType<string>,
  { what, min, max = Number.POSITIVE_INFINITY }: Bounds,
  orElse = "",
): NamedValue[] {
  const list = Array.isArray(input);
  if (typeof input !== "object" || input === null) {
    refuse(ctx, [], `must be a list of ${what}, or a record that names each${orElse}`);
    return [];
  }
  if (list && Token.isUnresolved(input)) {
    refuse(ctx, [], NEEDS_NAME);
    return [];
  }
  const pairs = Object.entries<string>(input);
  const { length } = pairs;
  if (length < min) refuse(ctx, [], `must have at least ${min} of the ${what}, got ${length}`);
  if (length > max) refuse(ctx, [], `must have at most ${max} ${what}, got ${length}`);
  for (const [index, [key, value]] of pairs.entries()) {
    const at = list ? index : key;
    if (!list && !KEY.test(key)) refuse(ctx, [at], `${KEY_RULE}, got the key ${key}`);
    if (list && Token.isUnresolved(value)) refuse(ctx, [at], NEEDS_NAME);
    if (pairs.findIndex(([, other]) => other === value) !== index) {
      refuse(ctx, [at], `must be unique, got ${value} again`);
    }
    for (const issue of orToken(schema).safeParse(value, { reportInput: true }).error?.issues ?? []) {
      ctx.addIssue({ ...issue, path: [at, ...issue.path] });
    }
  }
  return pairs.map(([key, value]) => ({ key: list ? value : key, value })).sort((a, b) => (a.key < b.key ? -1 : 1));
}
