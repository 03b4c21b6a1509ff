import { mkdtempSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { parseInput } from "../../../modules/common/settings/props";
import { portfolioApiSchema, routesOf } from "../../../modules/portfolio/routes";
import { type LocalPortfolio, type LocalPortfolioSettings, startPortfolio } from "../../../tools/portfolio/portfolio";
import { stubAws } from "./aws.fixture";

const site = mkdtempSync(join(tmpdir(), "portfolio-test-"));
writeFileSync(join(site, "index.html"), "home");
const NAMES = { table: "things", rawBucket: "raw", siteBucket: "site" };
const READ = [
  "GET /health_check",
  "GET /image_count",
  "GET /receipt_count",
  "GET /image_details",
  "GET /receipts",
  "GET /merchant_counts",
  "GET /label_validation_count",
];
let portfolio: LocalPortfolio | undefined;
afterEach(async () => {
  await portfolio?.stop();
  portfolio = undefined;
});
const start = async (settings: Partial<LocalPortfolioSettings> = {}) => {
  portfolio = await startPortfolio({
    site,
    ports: { site: 0, api: 0 },
    names: NAMES,
    python: "",
    env: { PATH: process.env.PATH },
    ...settings,
  });
  return portfolio;
};

it("answers the portfolio's routes, and those of buckets where there are both", async () => {
  expect((await start()).routeKeys).toEqual([...READ, "POST /process"]);
  await portfolio?.stop();
  expect((await start({ names: { table: "things", rawBucket: "raw" } })).routeKeys).toEqual(READ);
  await portfolio?.stop();
  expect((await start({ names: { table: "things" } })).routeKeys).toEqual(READ);
});
it("answers the routes that it is given, and lets pages call by their methods", async () => {
  const own = { method: "PUT", path: "/own", entry: "assets/portfolio-api/health-check.ts" };
  const { routes, without } = parseInput("dev", portfolioApiSchema, {
    without: ["process", "receipts"],
    routes: { own },
  });
  const { apiUrl, siteUrl, routeKeys } = await start({ routes: routesOf({ routes, without, jwt: undefined }) });
  expect(routeKeys).toEqual([...READ.filter((key) => key !== "GET /receipts"), "PUT /own"]);
  const asked = await fetch(`${apiUrl}/own`, { method: "OPTIONS", headers: { origin: siteUrl } });
  expect(asked.headers.get("access-control-allow-methods")).toBe("GET,POST,PUT");
  expect((await fetch(`${apiUrl}/own`, { method: "PUT" })).status).toBe(405); // that handler's own answer
});
it("has website and API at two addresses that know each other", async () => {
  const { siteUrl, apiUrl } = await start();
  expect(siteUrl).not.toBe(apiUrl);
  expect(await (await fetch(siteUrl)).text()).toBe("home");
  expect(await (await fetch(`${siteUrl}/config.json`)).json()).toEqual({ apiUrl });
  const asked = await fetch(`${apiUrl}/receipts`, { method: "OPTIONS", headers: { origin: siteUrl } });
  expect(asked.headers.get("access-control-allow-origin")).toBe(siteUrl);
});
it("calls functions with the table's name", async () => {
  const aws = await stubAws(({ body }) => ({ Count: JSON.parse(body).TableName === "things" ? 7 : 0 }));
  try {
    const env = {
      PATH: process.env.PATH,
      ...{ AWS_ENDPOINT_URL: aws.url, AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" },
    };
    const { apiUrl } = await start({ env });
    expect(await (await fetch(`${apiUrl}/health_check`)).text()).toBe("Health check passed");
    expect(await (await fetch(`${apiUrl}/receipt_count`)).text()).toBe("7");
    const [call] = aws.of("DynamoDB_20120810.Query");
    expect(JSON.parse(call?.body ?? "")).toMatchObject({ IndexName: "GSITYPE", Select: "COUNT" });
  } finally {
    aws.stop();
  }
});
it("says which port is taken, and leaves nothing behind", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as AddressInfo;
  await expect(start({ ports: { site: port, api: 0 } })).rejects.toThrow(
    `EADDRINUSE: address already in use 127.0.0.1:${port}`,
  );
  await expect(start({ ports: { site: 0, api: port } })).rejects.toThrow("EADDRINUSE");
  other.close();
});
