import { Address4 } from "ip-address";
import { z } from "zod";
import { refuse } from "./faults";

/** IPv4 block: its first address as a number, and its prefix length. */
interface Block {
  first: number;
  prefix: number;
}

const OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const CIDR = new RegExp(`^${OCTET}(\\.${OCTET}){3}/(3[0-2]|[12]?\\d)$`);

const text = ({ first, prefix }: Block) => `${Address4.fromBigInt(BigInt(first)).address}/${prefix}`;
const size = (prefix: number) => 2 ** (32 - prefix);

/** Parses an IPv4 CIDR such as `10.0.0.0/16`; undefined if it is none. Keeps host bits. */
function parse(cidr: string): Block | undefined {
  if (!CIDR.test(cidr)) return undefined;
  const [address = "", prefix] = cidr.split("/");
  return { first: Number(new Address4(address).bigInt()), prefix: Number(prefix) };
}

/** Whether `value` is an IPv4 CIDR, with or without host bits. */
export const isCidr = (value: unknown): value is string => typeof value === "string" && parse(value) !== undefined;

function block(cidr: string): Block {
  const parsed = parse(cidr);
  if (!parsed) throw new RangeError(`not an IPv4 CIDR: ${cidr}`);
  return parsed;
}

/** IPv4 CIDR such as `10.0.0.0/16` without host bits and with a prefix from `min` to `max`. */
export const cidrSchema = (min: number, max: number) =>
  z.string().superRefine((value, ctx) => {
    const fault = faultOf(value, min, max);
    if (fault) refuse(ctx, [], `${fault}, got ${value}`);
  });

function faultOf(cidr: string, min: number, max: number): string | undefined {
  const parsed = parse(cidr);
  if (!parsed) return "must be an IPv4 CIDR such as 10.0.0.0/16";
  const { first, prefix } = parsed;
  if (prefix < min || prefix > max) return `must have a prefix from /${min} to /${max}`;
  const network = first - (first % size(prefix));
  if (first === network) return undefined;
  return `must not have host bits set (did you mean ${text({ first: network, prefix })}?)`;
}

/** The `index`-th block of `prefix + newbits` bits in `cidr`, as Terraform's `cidrsubnet`. */
export function subnet(cidr: string, newbits: number, index: number): string {
  const { first, prefix } = block(cidr);
  const longer = prefix + newbits;
  if (longer > 32 || index < 0 || index >= 2 ** newbits) {
    throw new RangeError(`${cidr} has no subnet ${index} of ${newbits} more bits`);
  }
  return text({ first: first + index * size(longer), prefix: longer });
}

/** The `index`-th address of `cidr`, as Terraform's `cidrhost`. */
export function host(cidr: string, index: number): string {
  const { first, prefix } = block(cidr);
  if (index < 0 || index >= size(prefix)) throw new RangeError(`${cidr} has no address ${index}`);
  return Address4.fromBigInt(BigInt(first + index)).address;
}

/** Whether `outer` contains every address of `inner`. */
export function contains(outer: string, inner: string): boolean {
  const [a, b] = [block(outer), block(inner)];
  return a.prefix <= b.prefix && b.first >= a.first && b.first < a.first + size(a.prefix);
}

/** Whether the two blocks share an address. */
export const overlaps = (a: string, b: string): boolean => contains(a, b) || contains(b, a);
