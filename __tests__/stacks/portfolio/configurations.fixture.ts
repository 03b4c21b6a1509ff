import { defineEnvironment, type Environment, type EnvironmentSettings } from "../../../stacks/environment";

type PortfolioInput = NonNullable<EnvironmentSettings["portfolio"]>;
const environment = (name: string, portfolio: PortfolioInput): Environment =>
  defineEnvironment({ name, region: "eu-west-1", portfolio });

const KEY = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const DOMAIN = { name: "example.com", hostedZoneId: "Z0123456789EXAMPLE" };

/** Ways in which the portfolio is used that neither dev nor prod shows. */
export const portfolioConfigurations = {
  /** Below a domain. */
  preview: environment("preview", { domain: DOMAIN }),
  /** In CloudFront's own region, with a site that a pipeline writes, behind a firewall. */
  gallery: defineEnvironment({
    name: "gallery",
    region: "us-east-1",
    portfolio: {
      domain: { ...DOMAIN, name: "gallery.example.com", apex: true },
      website: {
        certificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f",
        folder: false,
        pages: ["pictures.html", "albums/index.html"],
        fallback: "notFound",
        immutableFolders: ["_next/static", "thumbnails"],
        bucket: { name: "gallery-site", preventDestroy: true },
        priceClass: "PriceClass_All",
        contentSecurityPolicy: { "img-src": ["'self'", "data:", "https://images.example.com"] },
        accessLogs: { retentionDays: 30, forceDestroy: true },
        waf: { rateLimit: 1000 },
      },
      api: {
        jwt: { issuer: "https://issuer.example.com/pool", audience: ["gallery"] },
        without: ["merchant-counts"],
        throttle: { burst: 100, rate: 50 },
        routes: {
          picture: {
            method: "GET",
            path: "/pictures/{id}",
            entry: "assets/portfolio-api/health-check.ts",
            table: { actions: ["GetItem"] },
            media: "read",
            throttle: { burst: 20, rate: 10 },
            authorization: { scopes: ["pictures"] },
          },
        },
      },
    },
  }),
  /** With a table that scales and is backed up, keys of its own, and a second layer that others may use. */
  kept: environment("kept", {
    table: {
      capacity: {
        mode: "provisioned",
        readUnits: 5,
        writeUnits: 5,
        scaling: { maxReadUnits: 100, maxWriteUnits: 50, targetPercent: 60 },
      },
      backup: { retentionDays: 120, coldStorageDays: 30, kmsKeyArn: KEY },
      kmsKeyArn: KEY,
    },
    rawBucket: { kmsKeyArn: KEY, preventDestroy: true },
    layers: {
      receipts: { version: 3, logKmsKeyArn: KEY },
      "image-files": {
        packageDir: "__tests__/stacks/training/packages/image-files",
        pythonVersions: ["3.12", "3.13"],
        architectures: ["arm64"],
        permissions: { accountIds: ["444455556666"], organizationId: "o-a1b2c3d4e5" },
        kmsKeyArn: KEY,
      },
    },
    alertEmails: ["ops@example.com"],
  }),
};
