import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CloudfrontFunction } from "@cdktf/provider-aws/lib/cloudfront-function";
import type { Construct } from "constructs";

const PROGRAM = join(__dirname, "..", "..", "..", "assets", "website", "clean-addresses.js");

/** Source: CloudFront Developer Guide, "Quotas on CloudFront Functions", maximum function size: 10 KB. */
export const MOST_CODE = 10_240;

/** What becomes of addresses. */
export interface CleanAddressesSettings {
  /** Files that have an address of their own: `page.html`, `folder/index.html`, or one without an extension. */
  readonly files: readonly string[];
  /** Whether unknown addresses show the first page; else they are not found. */
  readonly singlePage: boolean;
  /** Hosts of the site, of which the others redirect to the first. */
  readonly hosts: readonly string[];
}

/** Code of the function. */
export function cleanAddressesCode({ files, singlePage, hosts }: CleanAddressesSettings): string {
  const pages = files.flatMap((file): [string, number][] => {
    if (file === "index.html" || file === "404.html") return [];
    const address = (path: string) => `/${path.split("/").map(encodeURIComponent).join("/")}`;
    if (file.endsWith("/index.html")) return [[address(file.slice(0, -"/index.html".length)), 2]];
    return [file.endsWith(".html") ? [address(file.slice(0, -".html".length)), 1] : [address(file), 3]];
  });
  const [main = "", ...others] = hosts;
  const site = {
    // a page wins over a folder of its name
    pages: Object.fromEntries(pages.sort(([a, i], [b, j]) => (a === b ? j - i : a < b ? -1 : 1))),
    index: singlePage ? "/index.html" : "",
    main: others.length > 0 ? main : "",
    others: Object.fromEntries(others.map((host) => [host, 1])),
  };
  return `const SITE = ${JSON.stringify(site)};\n${programText()}`;
}

/** The program without its comments, which count towards the size. */
const programText = (): string => readFileSync(PROGRAM, "utf8").replace(/^\s*\/\/.*\n/gm, "");

/** CloudFront Function that serves pages under addresses without `.html`, and sends other hosts to the first. */
export class CleanAddresses extends CloudfrontFunction {
  constructor(scope: Construct, id: string, { name, code }: { name: string; code: string }) {
    super(scope, id, {
      name: `${name}-addresses`,
      comment: "Clean addresses of pages, and one host",
      runtime: "cloudfront-js-2.0",
      code: code.replace(/[$%]\{/g, ([sign]) => `${sign}${sign}{`), // else Terraform takes it for its own
      publish: true,
    });
  }
}
