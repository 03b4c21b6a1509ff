import { duration, utc } from "./format";
import { type Html, html } from "./html";

/** Longer values are folded. */
const INLINE = 80;
/** A value is cut here: the page is for reading. */
const LONGEST = 20_000;
const TONES: Record<string, string> = {
  running: "good",
  complete: "good",
  connected: "good",
  "no connection": "bad",
  provisioning: "wait",
  pending: "wait",
  activating: "wait",
  deactivating: "wait",
  stopping: "wait",
  deprovisioning: "wait",
  failed: "bad",
};

/** ECS shouts its states, Fossa does not. */
export const status = (text: string): Html =>
  html`<span class="status ${TONES[text.toLowerCase()] ?? ""}">${text.slice(0, 1).toUpperCase()}${text.slice(1).toLowerCase()}</span>`;

/** The day stands apart, so that narrow columns can put it above the time. */
export function time(date: Date): Html {
  const [day, hour] = utc(date).split(" ");
  return html`<time datetime="${date.toISOString()}"><span>${day}</span> ${hour}</time>`;
}

/** A time as a worker writes it; what is none is shown as it is. */
export function workerTime(text: string | null | undefined): Html | string {
  const date = new Date(text ?? "");
  return Number.isNaN(date.getTime()) ? (text ?? "") : time(date);
}

/** How long something runs by now. */
export const since = (started: string | null | undefined, now: number): string => {
  const began = Date.parse(started ?? "");
  return Number.isNaN(began) ? "" : duration(now - began);
};

/** A value as JSON: short ones in the line, long ones folded under `key`, by which they stay open when the page refreshes. */
export function json(value: unknown, key: string): Html | string {
  if (value === undefined) return "";
  const short = JSON.stringify(value);
  if (short.length <= INLINE) return html`<code>${short}</code>`;
  return folded(key, html`<code>${short.slice(0, 40)}…</code>`, JSON.stringify(value, undefined, 2));
}

export const folded = (key: string, summary: Html | string, text: string): Html =>
  html`<details data-key="${key}"><summary>${summary}</summary><pre tabindex="0">${text.slice(0, LONGEST)}${
    text.length > LONGEST &&
    html`
<span class="muted">… cut after ${LONGEST} of ${text.length} characters</span>`
  }</pre></details>`;
