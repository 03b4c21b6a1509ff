import { defineEnvironment, type Environment, type EnvironmentSettings } from "../../../stacks/environment";

type PortfolioInput = NonNullable<EnvironmentSettings["portfolio"]>;
const environment = (name: string, portfolio: PortfolioInput): Environment =>
  defineEnvironment({ name, region: "eu-west-1", portfolio });

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
      domain: { ...DOMAIN, apex: true },
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
    },
  }),
};
