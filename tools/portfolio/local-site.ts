import { createServer, type Server } from "node:http";
import { runInNewContext } from "node:vm";
import { cleanAddressesCode } from "../../modules/aws/cloudfront/clean-addresses";
import { contentTypeOf } from "../../modules/aws/cloudfront/content-types";
import { contentSecurityPolicy } from "../../modules/aws/cloudfront/response-headers";
import { addressedFiles } from "../../modules/aws/cloudfront/site-files";
import { filesOf } from "../../modules/common/bundling/folder";
import { decoded } from "./payload";

/** What CloudFront's function makes of a request: another request, or a redirect. */
type Rewritten =
  | { readonly uri: string }
  | { readonly statusCode: number; readonly headers: Record<string, { readonly value: string }> };

export interface LocalSiteSettings {
  /** Folder of the site. It is read for each request, so that a reload shows what was changed. */
  readonly folder: string;
  /** Address of the API; known once that listens. */
  apiUrl(): string;
}

/** A site on loopback as CloudFront serves it: its addresses by the very function, its errors and the policy of its pages. */
export function localSite({ folder, apiUrl }: LocalSiteSettings): Server {
  return createServer((request, response) => {
    const headers = {
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "content-security-policy": contentSecurityPolicy({}, [apiUrl()]),
    };
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.writeHead(405, { ...headers, allow: "GET, HEAD" }).end();
      return;
    }
    const files = new Map(filesOf(folder, "site").map(({ path, bytes }) => [path, bytes]));
    const rewritten = rewrite([...files.keys()], request.url ?? "/");
    if ("statusCode" in rewritten) {
      const own = Object.entries(rewritten.headers).map(([name, { value }]) => [name, value]);
      response.writeHead(rewritten.statusCode, { ...headers, ...Object.fromEntries(own) }).end();
      return;
    }
    files.set("config.json", Buffer.from(JSON.stringify({ apiUrl: apiUrl() })));
    const path = decoded(rewritten.uri).slice(1);
    const [status, shown] = files.has(path)
      ? [200, path]
      : files.has("404.html")
        ? [404, "404.html"]
        : [200, "index.html"];
    response.writeHead(status, { ...headers, "content-type": contentTypeOf(shown) });
    response.end(request.method === "HEAD" ? undefined : files.get(shown));
  });
}

/** Runs the function on an address, in a context of its own. */
function rewrite(paths: string[], url: string): Rewritten {
  const [uri = "/", ...query] = url.split("?");
  const code = cleanAddressesCode({ files: addressedFiles(paths), singlePage: false, hosts: [] });
  const querystring: Record<string, { value: string; multiValue?: { value: string }[] }> = {};
  for (const pair of query.join("?").split("&").filter(Boolean)) {
    const [name = "", ...value] = pair.split("=");
    const one = { value: value.join("=") };
    const earlier = querystring[name];
    querystring[name] = earlier ? { ...earlier, multiValue: [...(earlier.multiValue ?? [earlier]), one] } : one;
  }
  const event = { request: { method: "GET", uri, querystring, headers: {} } };
  return runInNewContext(`${code}\nhandler(event)`, { event });
}
