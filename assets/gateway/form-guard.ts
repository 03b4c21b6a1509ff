import { createHmac, timingSafeEqual } from "node:crypto";
import { USER } from "./sign-in";

/** Lifetime of a form token: a working day. */
const LIFETIME_MS = 12 * 3_600_000;

/** CSRF tokens for forms, signed by this process, with a limited lifetime. */
export class FormTokens {
  constructor(
    private readonly secret: Buffer,
    private readonly now: () => number,
  ) {}

  issue(): string {
    const expiry = String(this.now() + LIFETIME_MS);
    return `${expiry}.${this.#sign(expiry)}`;
  }

  accepts(token: string): boolean {
    const [expiry = "", signature = ""] = token.split(".");
    const [given, right] = [Buffer.from(signature), Buffer.from(this.#sign(expiry))];
    return given.length === right.length && timingSafeEqual(given, right) && Number(expiry) > this.now();
  }

  #sign(expiry: string): string {
    return createHmac("sha256", this.secret).update(`${USER}\n${expiry}`).digest("base64url");
  }
}

/** Whether a form was sent by a page of this site, according to the browser; false if the browser does not say. */
export function fromOwnPage(headers: Headers): boolean {
  const site = headers.get("Sec-Fetch-Site");
  const origin = headers.get("Origin");
  if (site !== null && site !== "same-origin") return false;
  if (origin !== null) return origin === `${headers.get("X-Forwarded-Proto") ?? "http"}://${headers.get("Host")}`;
  return site === "same-origin";
}
