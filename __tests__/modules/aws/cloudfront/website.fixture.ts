import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { StaticWebsite } from "../../../../modules/aws/cloudfront/static-website";
import type { StaticWebsiteProps } from "../../../../modules/aws/cloudfront/website-settings";
import { synth } from "../../../support/synth";

export const ZONE = "Z0123456789EXAMPLE";
export const CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
export const TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts";
export const HOSTS = ["example.com", "www.example.com"];

/** A folder of these files, on disk. */
export function site(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "site-"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

type Scope = Parameters<Parameters<typeof synth>[0]>[0];
export const make = (stack: Scope, props: Partial<StaticWebsiteProps> = {}) =>
  new StaticWebsite(stack, "site", { name: "dev-site", ...props });

/** The stack of a website; with `elsewhere`, its own region is not CloudFront's. */
export const build = (props: Partial<StaticWebsiteProps> = {}, { elsewhere = false } = {}) =>
  synth((stack) =>
    make(stack, {
      ...props,
      ...(elsewhere && { globalProvider: new AwsProvider(stack, "global", { alias: "global", region: "us-east-1" }) }),
    }),
  );
