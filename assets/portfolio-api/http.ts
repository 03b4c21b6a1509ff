/** What API Gateway tells of a request, of payload format 2.0: as much as the routes read. */
export interface Request {
  readonly requestContext: { readonly http: { readonly method: string } };
  readonly queryStringParameters?: Readonly<Record<string, string | undefined>>;
}

/** Answer of payload format 2.0. */
export interface Answer {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

/** What Lambda tells of a call. */
export interface Call {
  getRemainingTimeInMillis(): number;
}

/** The request is wrong; the message says what and how, and is for the caller. */
export class BadRequest extends Error {}
/** There is nothing of this kind. */
export class NotFound extends Error {}

/** Time that is left for the answer when a route is told to stop, ms. */
const RESERVE_MS = 2000; // API Gateway's 30 s begin before the function's own
/** Bytes of a body. Source: Lambda quotas, 6 MB for an answer, less what headers and the escapes of a JSON text add. */
const LARGEST_ANSWER = 4_500_000;
/** Errors of DynamoDB and S3 that pass by themselves. Source: DynamoDB Developer Guide, "Error handling with DynamoDB". */
const THROTTLED = [
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "SlowDown",
  "ThrottlingException",
  "TooManyRequestsException",
];
/** Errors of the SDK where AWS does not answer in time. */
const LATE = ["TimeoutError"];

/** Answer with a text, or with JSON of anything else. */
export function answer(statusCode: number, content: unknown, headers: Record<string, string> = {}): Answer {
  const text = typeof content === "string";
  return {
    statusCode,
    headers: {
      "content-type": text ? "text/plain; charset=utf-8" : "application/json",
      "cache-control": "no-store",
      ...headers,
    },
    body: text ? content : JSON.stringify(content, plain),
  };
}

/** Handler of a route: answers `method` with what `work` gives, and the rest with an error that leaks nothing. */
export const route =
  (method: string, work: (request: Request, signal: AbortSignal) => unknown) =>
  async (request: Request, call: Call): Promise<Answer> => {
    if (request.requestContext.http.method !== method) {
      return failure(405, `the method must be ${method}`, { allow: method });
    }
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), Math.max(0, call.getRemainingTimeInMillis() - RESERVE_MS));
    try {
      const whole = answer(200, await work(request, stop.signal));
      if (Buffer.byteLength(whole.body) <= LARGEST_ANSWER) return whole;
      return failure(500, `the answer has more than the ${LARGEST_ANSWER} bytes that Lambda hands over`);
    } catch (error) {
      return answerTo(error as Error, stop.signal);
    } finally {
      clearTimeout(timer);
      stop.abort(); // what is still being read is for nobody
    }
  };

function answerTo(error: Error, signal: AbortSignal): Answer {
  if (error instanceof BadRequest) return failure(400, error.message);
  if (error instanceof NotFound) return failure(404, error.message);
  if (signal.aborted) return failure(504, "there is more to read than one request has time for");
  console.error(error); // the log tells what the caller is not told
  if (THROTTLED.includes(error.name)) {
    return failure(503, "too many requests at once: try again in a moment", { "retry-after": "1" });
  }
  if (LATE.includes(error.name)) {
    return failure(503, "the data did not come in time: try again in a moment", { "retry-after": "1" });
  }
  return failure(500, "the request failed: its log tells why");
}

const failure = (statusCode: number, error: string, headers?: Record<string, string>): Answer =>
  answer(statusCode, { error }, headers);

/** Sets and bytes of a table as JSON has them. */
function plain(_key: string, value: unknown): unknown {
  if (value instanceof Set) return [...value];
  return value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value;
}
