import { defineEnvironment, type Environment, type EnvironmentSettings } from "../../../stacks/environment";

type PortfolioInput = NonNullable<EnvironmentSettings["portfolio"]>;
const environment = (name: string, portfolio: PortfolioInput): Environment =>
  defineEnvironment({ name, region: "eu-west-1", portfolio });

const KEY = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const DOMAIN = { name: "example.com", hostedZoneId: "Z0123456789EXAMPLE" };

/** Ways in which the portfolio is used that neither dev nor prod shows. */
export const portfolioConfigurations = {
  /** Below a domain. */
  staging: environment("folio", { domain: DOMAIN }),
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
