import { createHash } from "node:crypto";

/** Deterministic source of simulated text: the same words give the same text. */
export class Seed {
  constructor(private readonly words: string) {}

  /** A derived source for a part. */
  at(...words: string[]): Seed {
    return new Seed([this.words, ...words].join("\n"));
  }

  /** At most 64 hexadecimal digits. */
  hex(length: number): string {
    return createHash("sha256").update(this.words).digest("hex").slice(0, length);
  }

  digits(length: number): string {
    return this.from("0123456789", length);
  }

  /** Capital letters and digits, as in base 32. */
  capitals(length: number): string {
    return this.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", length);
  }

  /** An integer from `min` to `max`. */
  number(min: number, max: number): number {
    return min + (Number.parseInt(this.hex(8), 16) % (max - min + 1));
  }

  uuid(): string {
    return this.hex(32).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-a$4-$5");
  }

  base64(bytes: number): string {
    return createHash("sha512").update(this.words).digest().subarray(0, bytes).toString("base64");
  }

  /** A date in 2025. */
  date(): Date {
    return new Date(Date.UTC(2025, 0, 1) + this.number(0, 365 * 24 * 3600 - 1) * 1000);
  }

  private from(alphabet: string, length: number): string {
    const bytes = createHash("sha512").update(this.words).digest();
    return Array.from({ length }, (_, at) => alphabet[(bytes[at % bytes.length] as number) % alphabet.length]).join("");
  }
}
