import { CloudfrontResponseHeadersPolicy } from "@cdktf/provider-aws/lib/cloudfront-response-headers-policy";
import type { Construct } from "constructs";
import { z } from "zod";

const A_DAY = 86_400;

/** Sources of a directive, such as `'self'` or `https://api.example.com`. */
const sourcesSchema = z.array(
  z
    .string()
    .regex(/^[^\s;,]+$/, "must be one source of a Content-Security-Policy, without spaces, semicolons and commas"),
);

/** What browsers may do with the site, as far as a user decides. */
export const responseHeadersShape = {
  /**
   * Directives of the Content-Security-Policy, each with its sources, in place of the default's: `{"img-src": ["'self'",
   * "https://images.example.com"]}`. By default a site loads its own files only, runs no inline code and cannot be framed.
   */
  contentSecurityPolicy: z
    .record(
      z.string().regex(/^[a-z]+(-[a-z]+)*$/, "must be a directive of a Content-Security-Policy, such as img-src"),
      sourcesSchema,
    )
    .default({}),
  /** Days, 1 to 730, for which browsers use HTTPS only once they have seen the site. */
  httpsDays: z.int().min(1).max(730).default(365),
};

/** Value of the header; `connect` are further hosts that scripts may call. */
export function contentSecurityPolicy(own: Record<string, string[]>, connect: readonly string[]): string {
  const directives: Record<string, readonly string[]> = {
    "default-src": ["'self'"],
    "base-uri": ["'none'"],
    "connect-src": ["'self'", ...connect],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    "img-src": ["'self'", "data:"],
    "object-src": ["'none'"],
    ...own,
  };
  return Object.entries(directives)
    .map(([directive, sources]) => [directive, ...sources].join(" "))
    .join("; ");
}

export interface ResponseHeadersProps {
  readonly name: string;
  readonly httpsDays: number;
  /** Value of the header Content-Security-Policy. */
  readonly contentSecurityPolicy: string;
}

/** Headers by which browsers protect a site's visitors. */
export class ResponseHeaders extends CloudfrontResponseHeadersPolicy {
  constructor(scope: Construct, id: string, { name, httpsDays, contentSecurityPolicy }: ResponseHeadersProps) {
    super(scope, id, {
      name: `${name}-headers`,
      securityHeadersConfig: {
        contentSecurityPolicy: { contentSecurityPolicy, override: true },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: "DENY", override: true },
        referrerPolicy: { referrerPolicy: "strict-origin-when-cross-origin", override: true },
        strictTransportSecurity: { accessControlMaxAgeSec: httpsDays * A_DAY, override: true },
      },
      customHeadersConfig: {
        items: [
          {
            header: "Permissions-Policy",
            value: "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
            override: true,
          },
        ],
      },
    });
  }
}
