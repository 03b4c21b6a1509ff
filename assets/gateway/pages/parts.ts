import { duration, utc } from "./format";
import { type Html, html } from "./html";

/** Longer values are folded. */
const INLINE = 80;
/** Longer values are cut. */
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

/** Status in one case: ECS uses capitals, Fossa does not. */
export const status = (text: string): Html =>
  html`<span class="status ${TONES[text.toLowerCase()] ?? ""}">${text.slice(0, 1).toUpperCase()}${text.slice(1).toLowerCase()}</span>`;

/** Day and time as separate elements, so that narrow columns can break between them. */
export function time(date: Date): Html {
  const [day, hour] = utc(date).split(" ");
  return html`<time datetime="${date.toISOString()}"><span>${day}</span> ${hour}</time>`;
}

/** Time in a worker's answer; anything else is shown as it is. */
export function workerTime(text: string | null | undefined): Html | string {
  const date = new Date(text ?? "");
  return Number.isNaN(date.getTime()) ? (text ?? "") : time(date);
}

/** Duration since `started`. */
export const since = (started: string | null | undefined, now: number): string => {
  const began = Date.parse(started ?? "");
  return Number.isNaN(began) ? "" : duration(now - began);
};

/** Value as JSON: short ones inline, long ones folded; `key` keeps them open when the page refreshes. */
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
