import type { FolderFile } from "./folder";

/** 1 January 1980, midnight: the earliest time that a zip can hold. */
const DATE = 0x0021;
const TIME = 0;
const UTF8_NAMES = 0x0800;
const STORED = 0;
/** Version 2.0, made on Unix, so that file modes are kept. */
const VERSION = 20;
const MADE_ON_UNIX = (3 << 8) | VERSION;

/**
 * Zip of these files, in order. They are stored uncompressed and without timestamps, so that the same files always give the
 * same bytes: compression differs between versions of zlib.
 */
export function zipOf(files: readonly FolderFile[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { path, bytes, executable } of files) {
    const name = Buffer.from(path, "utf8");
    const mode = 0o100644 | (executable ? 0o111 : 0);
    const common = words(
      [2, VERSION],
      [2, UTF8_NAMES],
      [2, STORED],
      [2, TIME],
      [2, DATE],
      [4, crc32(bytes)],
      [4, bytes.length],
      [4, bytes.length],
      [2, name.length],
      [2, 0], // extra field
    );
    const local = Buffer.concat([words([4, 0x04034b50]), common, name]);
    const listed = [words([4, 0x02014b50], [2, MADE_ON_UNIX]), common];
    // comment, disk, internal attributes, mode, offset
    const placed = words([2, 0], [2, 0], [2, 0], [4, mode * 0x10000], [4, offset]);
    parts.push(local, bytes);
    directory.push(...listed, placed, name);
    offset += local.length + bytes.length;
  }
  const listing = Buffer.concat(directory);
  const count = files.length;
  const end = words([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, listing.length], [4, offset], [2, 0]);
  return Buffer.concat([...parts, listing, end]);
}

/** Little-endian numbers of two or four bytes. */
function words(...numbers: [size: 2 | 4, value: number][]): Buffer {
  const buffer = Buffer.alloc(numbers.reduce((sum, [size]) => sum + size, 0));
  let at = 0;
  for (const [size, value] of numbers) at = buffer.writeUIntLE(value, at, size);
  return buffer;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** CRC-32 of a zip. Node's `zlib.crc32` needs a newer version than the oldest that this project supports. */
function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (TABLE[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
