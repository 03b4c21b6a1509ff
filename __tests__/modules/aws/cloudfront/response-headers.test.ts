import { CloudfrontResponseHeadersPolicy } from "@cdktf/provider-aws/lib/cloudfront-response-headers-policy";
import { expect, it } from "vitest";
import { contentSecurityPolicy } from "../../../../modules/aws/cloudfront/response-headers";
import { build } from "./website.fixture";

it("lets a site load its own files only, run no inline code, and not be framed", () => {
  expect(build().one(CloudfrontResponseHeadersPolicy)).toEqual({
    name: "dev-site-headers",
    security_headers_config: {
      content_security_policy: {
        content_security_policy:
          "default-src 'self'; base-uri 'none'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; img-src 'self' data:; object-src 'none'",
        override: true,
      },
      content_type_options: { override: true },
      frame_options: { frame_option: "DENY", override: true },
      referrer_policy: { referrer_policy: "strict-origin-when-cross-origin", override: true },
      strict_transport_security: { access_control_max_age_sec: 31_536_000, override: true },
    },
    custom_headers_config: {
      items: [
        {
          header: "Permissions-Policy",
          value: "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
          override: true,
        },
      ],
    },
  });
});
it("takes directives of the user's, and hosts that scripts call", () => {
  const policy = contentSecurityPolicy(
    { "img-src": ["'self'", "https://i.example"], "upgrade-insecure-requests": [] },
    ["https://api.example.com"],
  );
  expect(policy).toContain("connect-src 'self' https://api.example.com;");
  expect(policy).toContain("img-src 'self' https://i.example;");
  expect(policy).toMatch(/; upgrade-insecure-requests$/);
  expect(policy).not.toContain("data:");
});
it("has browsers use HTTPS as long as asked", () => {
  const { security_headers_config: of } = build({ httpsDays: 1 }).one(CloudfrontResponseHeadersPolicy);
  expect(of.strict_transport_security.access_control_max_age_sec).toBe(86_400);
});
