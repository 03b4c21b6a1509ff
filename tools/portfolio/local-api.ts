import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { CallFailed } from "./function-host";
import { decoded, eventOf, type PayloadAnswer, type PayloadEvent } from "./payload";

/** A route, and what answers it. */
export interface LocalRoute {
  readonly method: string;
  readonly path: string;
  call(event: PayloadEvent): Promise<PayloadAnswer>;
}

export interface LocalCors {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly credentials: boolean;
  readonly maxAgeSeconds: number;
}

/** Source: API Gateway Developer Guide, "Quotas for configuring and running an HTTP API". */
const LARGEST_BODY = 10 * 1024 * 1024;
/** Source: Lambda Developer Guide, "Lambda quotas": bytes of an answer. */
const LARGEST_ANSWER = 6 * 1024 * 1024;

/** An HTTP API on loopback: finds the route, calls its function and answers CORS as API Gateway does. Tokens are not checked. */
export function localApi(routes: readonly LocalRoute[], cors: () => LocalCors): Server {
  const sorted = [...routes].sort(bySpecificity).map((route) => ({ route, ...formOf(route.path) }));
  return createServer((request, response) => {
    answer(request, response).catch((error: Error) => {
      console.error(error);
      response.destroy(); // of a caller who has gone, as a rule
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? "/";
    const headers = corsHeaders(cors(), request);
    if (request.method === "OPTIONS" && request.headers.origin !== undefined) {
      return end(response, 204, headers);
    }
    const path = decoded(url.split("?")[0] ?? "/");
    const method = request.method ?? "GET";
    const found = sorted.flatMap(({ route, form, names }) => {
      const values = route.method === method || route.method === "ANY" ? form.exec(path)?.slice(1) : undefined;
      return values
        ? [{ route, pathParameters: Object.fromEntries(names.map((name, i) => [name, values[i] ?? ""])) }]
        : [];
    })[0];
    if (!found) return end(response, 404, headers, message("Not Found"));
    const body = await bodyOf(request);
    if (!body) return end(response, 413, { ...headers, connection: "close" }, message("Request Entity Too Large"));
    const { route, pathParameters } = found;
    const event = eventOf({
      method,
      url,
      headers: request.headers,
      body,
      sourceIp: request.socket.remoteAddress ?? "127.0.0.1",
      routeKey: `${route.method} ${route.path}`,
      pathParameters,
    });
    try {
      send(response, headers, await route.call(event));
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      console.error(`${route.method} ${route.path}: ${error.message}`);
      const late = error.message.startsWith("it took longer");
      end(response, late ? 503 : 500, headers, message(late ? "Service Unavailable" : "Internal Server Error"));
    }
  }
}

const message = (text: string): string => JSON.stringify({ message: text });

/** Writes what a function gave, or an error for what is no answer. */
function send(response: ServerResponse, headers: Record<string, string>, given: PayloadAnswer): void {
  const { statusCode = 200, body = "" } = given ?? {};
  if (typeof body !== "string" || !Number.isInteger(statusCode)) {
    throw new CallFailed("its answer must have a whole number as statusCode and a text as body");
  }
  const bytes = Buffer.from(body, given.isBase64Encoded ? "base64" : "utf8");
  if (bytes.length > LARGEST_ANSWER) throw new CallFailed(`its answer has more than ${LARGEST_ANSWER} bytes`);
  const own = Object.entries(given.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]);
  for (const cookie of given.cookies ?? []) response.appendHeader("set-cookie", cookie);
  end(response, statusCode, { "content-type": "text/plain", ...Object.fromEntries(own), ...headers }, bytes);
}

function end(
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
  body: string | Buffer = "",
): void {
  const type = typeof body === "string" && body !== "" ? { "content-type": "application/json" } : {};
  response.writeHead(status, { ...type, ...headers }).end(body);
}

/** Undefined for a body that is too large. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size <= LARGEST_BODY) parts.push(part);
  }
  return size <= LARGEST_BODY ? Buffer.concat(parts) : undefined;
}

/** Headers by which a page of another origin may read the answer; none for origins that may not. */
function corsHeaders(cors: LocalCors, { headers, method }: IncomingMessage): Record<string, string> {
  const { origin } = headers;
  const all = cors.origins.includes("*");
  if (origin === undefined || !(all || cors.origins.includes(origin))) return {};
  return {
    "access-control-allow-origin": all ? "*" : origin,
    ...(!all && { vary: "origin" }),
    ...(cors.credentials && { "access-control-allow-credentials": "true" }),
    ...(method === "OPTIONS" && {
      "access-control-allow-methods": cors.methods.join(","),
      "access-control-allow-headers": cors.headers.join(","),
      "access-control-max-age": String(cors.maxAgeSeconds),
    }),
  };
}

/** Whole paths win over path variables, those over `{name+}`, and a method over `ANY`. */
function bySpecificity(a: LocalRoute, b: LocalRoute): number {
  const rank = ({ path, method }: LocalRoute) =>
    (path.includes("+}") ? 4 : path.includes("{") ? 2 : 0) + (method === "ANY" ? 1 : 0);
  return rank(a) - rank(b);
}

/** Expression of a path, and the names of its groups. */
function formOf(path: string): { form: RegExp; names: string[] } {
  const names: string[] = [];
  const parts = path.split(/(\{[^}]+\})/).map((part) => {
    const [, name, greedy] = /^\{([^}+]+)(\+?)\}$/.exec(part) ?? [];
    if (name === undefined) return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    names.push(name);
    return greedy ? "(.+)" : "([^/]+)";
  });
  return { form: new RegExp(`^${parts.join("")}$`), names };
}
