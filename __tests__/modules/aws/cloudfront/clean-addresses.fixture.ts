import { createContext, runInContext } from "node:vm";
import { type CleanAddressesSettings, cleanAddressesCode } from "../../../../modules/aws/cloudfront/clean-addresses";

type Query = Record<string, { value: string; multiValue?: { value: string }[] }>;
interface Answer {
  uri?: string;
  statusCode?: number;
  headers?: Record<string, { value: string }>;
}

export const SITE: CleanAddressesSettings = {
  files: ["index.html", "404.html", "resume.html", "docs/index.html", "docs/setup.html", "über uns.html", "LICENSE"],
  singlePage: true,
  hosts: ["example.com", "www.example.com"],
};

/** The function's code in a context of its own, as CloudFront calls it: the answer to a request of a viewer. */
export function edge(settings: CleanAddressesSettings = SITE) {
  const context = createContext({}, { codeGeneration: { strings: false, wasm: false } });
  // newer than the ECMAScript of CloudFront's runtime 2.0. Source: CloudFront Developer Guide, "JavaScript runtime 2.0 features"
  runInContext("delete Object.hasOwn; delete Array.prototype.at; delete String.prototype.at", context);
  runInContext(cleanAddressesCode(settings), context);
  return (uri: string, { host = "example.com", querystring = {} as Query } = {}): Answer => {
    const headers = { host: { value: host } };
    const event = {
      version: "1.0",
      viewer: { ip: "198.51.100.7" },
      request: { method: "GET", uri, querystring, headers },
    };
    return JSON.parse(runInContext(`JSON.stringify(handler(${JSON.stringify(event)}))`, context));
  };
}

/** Where the answer sends the viewer; undefined for one that is served. */
export const sentTo = (answer: Answer): string | undefined => answer.headers?.location?.value;
