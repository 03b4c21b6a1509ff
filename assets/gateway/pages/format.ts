const WHOLE = new Intl.NumberFormat("en");

export const number = (value: number): string => WHOLE.format(value);

/** `1 task`, `2 tasks`, `1,000 tasks`. */
export const count = (value: number, noun: string): string => `${number(value)} ${noun}${value === 1 ? "" : "s"}`;

/** `2026-11-21 12:05:49`, in UTC. */
export const utc = (date: Date): string => date.toISOString().slice(0, 19).replace("T", " ");

/** Duration in its largest unit: precise enough, and seldom changing. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return "under a minute";
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}
