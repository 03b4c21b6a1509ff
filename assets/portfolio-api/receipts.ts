import { BadRequest, type Request, route } from "./http";
import { ofType, page } from "./table";

const LIMIT = 1000;
const UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
/** Key of a receipt in the index of types. */
const CURSOR = {
  PK: new RegExp(`^IMAGE#${UUID}$`),
  SK: /^RECEIPT#\d{5}$/,
  TYPE: /^RECEIPT$/,
};
const CURSOR_LENGTH = 300;

export const handler = route("GET", async ({ queryStringParameters: given = {} }, signal) => {
  const limit = limitOf(given.limit);
  const start = cursorOf(given.lastEvaluatedKey);
  const found = await page({ ...ofType("RECEIPT"), Limit: limit, ExclusiveStartKey: start }, signal);
  return { receipts: found.Items ?? [], lastEvaluatedKey: found.LastEvaluatedKey ?? null };
});

type Parameter = NonNullable<Request["queryStringParameters"]>[string];

function limitOf(text: Parameter): number {
  if (text === undefined) return LIMIT;
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= LIMIT) return limit;
  throw new BadRequest(`limit must be a whole number from 1 to ${LIMIT}, got ${shown(text)}`);
}

/** The key after which the page begins: that of a receipt, so that no page begins outside of the index. */
function cursorOf(text: Parameter): Record<string, string> | undefined {
  if (text === undefined) return undefined;
  const cursor = text.length <= CURSOR_LENGTH ? parsed(text) : undefined;
  if (isCursor(cursor)) return cursor;
  throw new BadRequest(
    `lastEvaluatedKey must be the lastEvaluatedKey of the page before, as JSON with PK, SK and TYPE, got ${shown(text)}`,
  );
}

function isCursor(value: unknown): value is Record<keyof typeof CURSOR, string> {
  if (typeof value !== "object" || value === null) return false;
  const entries = Object.entries(value);
  const names = Object.keys(CURSOR);
  return (
    entries.length === names.length &&
    entries.every(([name, text]) => {
      const form = Object.hasOwn(CURSOR, name) ? CURSOR[name as keyof typeof CURSOR] : undefined;
      return typeof text === "string" && form?.test(text) === true;
    })
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const shown = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
