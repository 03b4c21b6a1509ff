/** Fields of a `GetProviderSchema.Response` that are maps by type. Source: terraform-plugin-go, tfplugin5.proto. */
const RESOURCES = 2;
const DATA_SOURCES = 3;
const EPHEMERAL_RESOURCES = 8;
const BY_TYPE = new Set([RESOURCES, DATA_SOURCES, EPHEMERAL_RESOURCES]);
const LENGTH_DELIMITED = 2;

/**
 * A provider's answer to GetProviderSchema, with the schemas of these types alone. Terraform reads all of them anew in each
 * command, which is 2,000 types and takes it two seconds.
 */
export function leanSchemas(answer: Buffer, types: ReadonlySet<string>): Buffer {
  const kept: Buffer[] = [];
  for (let at = 0; at < answer.length; ) {
    const tag = varint(answer, at);
    if ((tag.value & 7) !== LENGTH_DELIMITED) throw new Error(`the answer has a field of wire type ${tag.value & 7}`);
    const size = varint(answer, tag.next);
    const end = size.next + size.value;
    if (!BY_TYPE.has(tag.value >> 3) || types.has(keyOf(answer.subarray(size.next, end)))) {
      kept.push(answer.subarray(at, end));
    }
    at = end;
  }
  return Buffer.concat(kept);
}

/** Key of an entry of a map: its first field. */
function keyOf(entry: Buffer): string {
  const size = varint(entry, 1);
  return entry.toString("utf8", size.next, size.next + size.value);
}

/** A number of up to 28 bits, as protocol buffers write it, and where the next field begins. */
function varint(bytes: Buffer, at: number): { value: number; next: number } {
  let value = 0;
  for (let shift = 0, next = at; ; shift += 7) {
    const byte = bytes[next++] as number;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return { value, next };
  }
}
