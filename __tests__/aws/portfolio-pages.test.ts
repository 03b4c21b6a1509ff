import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { makeData, NAMES } from "../../tools/portfolio/local-data";
import { type LocalPortfolio, startPortfolio } from "../../tools/portfolio/portfolio";
import { chromiumMissing, startChromium } from "../support/chromium";
import { Moto } from "../support/moto";
import { onAws } from "./stacks.fixture";

const missing = chromiumMissing();
if (missing && !process.env.CI) console.warn(`\nTHE PORTFOLIO'S PAGES ARE NOT LOOKED AT: ${missing}.\n`);

const RECEIPTS = 50;
const PHONE = { width: 375, height: 740 };
const DESK = { width: 1280, height: 900 };

onAws("the portfolio's pages", () => {
  describe.skipIf(missing !== "" && !process.env.CI)("in a browser", () => {
    let browser: Browser;
    let moto: Moto;
    let portfolio: LocalPortfolio;
    const shots = process.env.SCREENSHOTS ?? join(inject("scratch"), "screenshots");
    beforeAll(async () => {
      mkdirSync(shots, { recursive: true });
      moto = await Moto.start({ quick: true });
      await makeData(moto.url, RECEIPTS);
      portfolio = await startPortfolio({
        site: join("assets", "website", "site"),
        ports: { site: 0, api: 0 },
        names: NAMES,
        python: join(inject("motoEnvironment"), "bin", "python"),
        env: { PATH: process.env.PATH, ...moto.env, AWS_REGION: "us-east-1", AWS_DEFAULT_REGION: "us-east-1" },
      });
      browser = await startChromium();
    });
    afterAll(async () => {
      await browser?.close();
      await portfolio?.stop();
      await moto?.stop();
    });

    /** Opens an address; gives the page and what went wrong in it. */
    async function open(path: string, { dark = false, phone = false, api = true } = {}) {
      const page = await browser.newPage({ colorScheme: dark ? "dark" : "light", viewport: phone ? PHONE : DESK });
      const faults: string[] = [];
      page.on("pageerror", (error) => faults.push(error.message));
      page.on("console", (message) => {
        if (message.type() === "error") faults.push(message.text());
      });
      if (!api) await page.route(`${portfolio.apiUrl}/**`, (route) => route.abort());
      const response = await page.goto(`${portfolio.siteUrl}${path}`, { waitUntil: "networkidle" });
      return { page, faults, status: response?.status() };
    }
    const wide = (page: Page) =>
      page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") as Promise<number>;
    /** Pixels of tables that one has to scroll for. */
    const hidden = (page: Page) =>
      page.evaluate(
        "Math.max(...[...document.querySelectorAll('.scroll')].map((box) => box.scrollWidth - box.clientWidth))",
      ) as Promise<number>;
    const background = (page: Page) => page.evaluate("getComputedStyle(document.documentElement).colorScheme");

    for (const dark of [false, true]) {
      for (const phone of [false, true]) {
        const look = `${dark ? "dark" : "light"}-${phone ? "phone" : "desk"}`;
        it(`show figures, merchants and labels of the API (${look})`, async () => {
          const { page, faults, status } = await open("/", { dark, phone });
          expect(status).toBe(200);
          expect(await page.locator("#receipt-count").textContent()).toBe(String(RECEIPTS));
          expect(await page.locator("#health").textContent()).toBe("Healthy");
          expect(await page.locator("#merchants li").count()).toBeGreaterThan(3);
          expect(await page.locator("#labels tbody tr").count()).toBe(18);
          expect([await wide(page), await hidden(page)]).toEqual([0, 0]);
          expect(await page.locator("#labels tbody th").first().textContent()).toBe("ADDRESS_LINE");
          expect(String(await background(page))).toContain(dark ? "dark" : "light");
          await page.screenshot({ path: join(shots, `portfolio-index-${look}.png`), fullPage: true });
          expect(faults).toEqual([]);
          await page.close();
        });
      }
    }
    it("list receipts, page after page and back", async () => {
      const { page, faults } = await open("/receipts");
      expect(await page.locator("#receipts tbody tr").count()).toBe(20);
      const first = await page.locator("#receipts tbody").textContent();
      for (const rows of [20, 10]) {
        await page.click("#next");
        await page.locator('#receipts:not([aria-busy="true"])').waitFor();
        expect(await page.locator("#receipts tbody tr").count()).toBe(rows);
      }
      expect(await page.locator("#next").isDisabled()).toBe(true);
      await page.screenshot({ path: join(shots, "portfolio-receipts.png"), fullPage: true });
      await page.click("#first");
      await page.locator('#receipts:not([aria-busy="true"])').waitFor();
      expect(await page.locator("#receipts tbody").textContent()).toBe(first);
      expect(faults).toEqual([]);
      await page.close();
      const phone = await open("/receipts", { phone: true, dark: true });
      expect([await wide(phone.page), await hidden(phone.page)]).toEqual([0, 0]);
      await phone.page.screenshot({ path: join(shots, "portfolio-receipts-phone.png"), fullPage: true });
      await phone.page.close();
    });
    it.each([
      ["/receipts/", "/receipts"],
      ["//receipts", "/receipts"],
    ])("have clean addresses: %s leads to %s", async (from, to) => {
      const { page, status } = await open(from);
      expect([status, new URL(page.url()).pathname]).toEqual([200, to]);
      await page.close();
    });
    it.each(["/nothing", "/assets/nothing.js", "/..%2f..%2fetc/passwd"])("say that there is no %s", async (path) => {
      const { page, status } = await open(path);
      expect(status).toBe(404);
      if (path === "/nothing") await page.screenshot({ path: join(shots, "portfolio-404.png") });
      expect(await page.title()).toMatch(/not found/i);
      await page.close();
    });
    it("say so when the API cannot be reached", async () => {
      for (const path of ["/", "/receipts"]) {
        const { page } = await open(path, { api: false });
        expect(await page.locator("#notice").textContent()).toContain("The API cannot be reached");
        expect(await page.locator("#notice").isVisible()).toBe(true);
        if (path === "/") await page.screenshot({ path: join(shots, "portfolio-no-api.png"), fullPage: true });
        await page.close();
      }
    });
  });
});
