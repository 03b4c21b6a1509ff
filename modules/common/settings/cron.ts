import { z } from "zod";
import { refuse } from "./faults";
import { nearest, show } from "./props";

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const LONGEST_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Fields of an expression, in order, with their ranges and names. */
const FIELDS = {
  minute: { min: 0, max: 59, names: [], everyAllowed: false },
  hour: { min: 0, max: 23, names: [], everyAllowed: false },
  "day of month": { min: 1, max: 31, names: [], everyAllowed: true },
  month: { min: 1, max: 12, names: MONTHS, everyAllowed: true },
  "day of week": { min: 0, max: 7, names: DAYS, everyAllowed: true },
} satisfies Record<string, Field>;
interface Field {
  min: number;
  max: number;
  names: string[];
  everyAllowed: boolean;
}
type FieldName = keyof typeof FIELDS;

/** Values of each field in ascending order; undefined for all of them. */
type Cron = Record<FieldName, number[] | undefined>;

const EXAMPLE = 'such as "30 20 * * MON-FRI"';

/**
 * Cron expression `minute hour day-of-month month day-of-week`, each a number, a range or a list of them, with names for
 * months and days, and `*` for every day or month. Minute and hour are required, since `*` would run up to sixty times an
 * hour. This is the subset of cron that all AWS schedulers support.
 */
export const cronSchema = z.string().superRefine((text, ctx) => {
  const { faults } = parse(text);
  for (const fault of faults) refuse(ctx, [], `${fault}, got ${show(text)}`);
});

/** Syntax of EventBridge Scheduler and Systems Manager: six fields, with `?` in one of the two day fields. */
export function awsCron(text: string): string {
  const { cron } = parse(text);
  const days = cron["day of week"]?.map((day) => DAYS[day]);
  const dates = days ? "?" : list(cron["day of month"]);
  return `cron(${list(cron.minute)} ${list(cron.hour)} ${dates} ${list(cron.month)} ${days ? days.join(",") : "?"} *)`;
}

/** Syntax of crontab and Auto Scaling: five numeric fields, Sunday 0. */
export function unixCron(text: string): string {
  const { cron } = parse(text);
  return Object.keys(FIELDS)
    .map((field) => list(cron[field as FieldName]))
    .join(" ");
}

/** IANA time zone, such as Europe/Berlin; follows daylight saving time. */
export const timezoneSchema = z.string().superRefine((zone, ctx) => {
  if (isTimezone(zone)) return;
  const near = nearest(zone, Intl.supportedValuesOf("timeZone"));
  const hint = near ? `; did you mean ${near}?` : "";
  refuse(ctx, [], `must be an IANA time zone such as Europe/Berlin, got ${show(zone)}${hint}`);
});

const list = (values: number[] | undefined) => values?.join(",") ?? "*";

function parse(text: string): { cron: Cron; faults: string[] } {
  const cron = {} as Cron;
  const parts = text.trim().split(/\s+/);
  const names = Object.keys(FIELDS) as FieldName[];
  if (parts.length !== names.length) {
    return { cron, faults: [`must have the five fields minute, hour, day of month, month, day of week, ${EXAMPLE}`] };
  }
  const faults = names.flatMap((name, i) => {
    const values = valuesOf(name, parts[i] ?? "");
    if (typeof values === "string") return [values];
    cron[name] = values;
    return [];
  });
  return { cron, faults: faults.length > 0 ? faults : faultsAcross(cron) };
}

/** Values of a field, or its fault. */
function valuesOf(name: FieldName, text: string): number[] | undefined | string {
  const { min, max, names, everyAllowed }: Field = FIELDS[name];
  if (text === "*") {
    return everyAllowed ? undefined : `must give the ${name} instead of *, ${EXAMPLE}`;
  }
  const number = (word: string) => {
    const named = names.indexOf(word.toUpperCase());
    if (named >= 0) return named + (name === "month" ? 1 : 0);
    return /^\d{1,2}$/.test(word) ? Number(word) : Number.NaN;
  };
  const found = new Set<number>();
  for (const item of text.split(",")) {
    const [from = "", to = from, ...more] = item.split("-");
    const first = number(from);
    // in a range that ends on Sunday, Sunday is the seventh day
    const last = name === "day of week" && first > 0 && number(to) === 0 ? 7 : number(to);
    if (more.length > 0 || !(first >= min && last <= max && first <= last)) {
      const range = `${min} to ${max}${names.length > 0 ? `, ${names[0]} to ${names.at(-1)}` : ""}`;
      return `must have a ${name} of ${range}, or an ascending range or a list of them (${show(text)} is not)`;
    }
    for (let value = first; value <= last; value++) found.add(name === "day of week" ? value % 7 : value);
  }
  const all = name === "day of week" ? DAYS.length : max - min + 1;
  return everyAllowed && found.size === all ? undefined : [...found].sort((a, b) => a - b);
}

function faultsAcross(cron: Cron): string[] {
  if (cron.minute && cron.minute.length > 1) return [`must have one minute, ${EXAMPLE}`];
  const dates = cron["day of month"];
  if (!dates) return [];
  if (cron["day of week"])
    return ["must leave the day of month or the day of week as *, since AWS accepts only one of them"];
  const months = cron.month ?? LONGEST_MONTH.map((_, i) => i + 1);
  const happens = months.some((month) => (dates[0] ?? 1) <= (LONGEST_MONTH[month - 1] ?? 0));
  return happens ? [] : ["must have a day that exists in one of its months"];
}

/** Whether ICU has a zone of exactly this name; AWS is case-sensitive, ICU is not. */
function isTimezone(zone: string): boolean {
  if (!/^[A-Z][A-Za-z0-9_+-]*(\/[A-Z][A-Za-z0-9_+-]*)*$/.test(zone)) return false;
  try {
    const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions();
    return timeZone === zone || timeZone.toLowerCase() !== zone.toLowerCase();
  } catch {
    return false;
  }
}
