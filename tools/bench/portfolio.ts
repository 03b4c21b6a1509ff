import { join, resolve } from "node:path";
import { installPython } from "../policy/python-tools";
import { makeData, NAMES } from "../portfolio/local-data";
import { QUICK_MOTO, startMoto } from "../portfolio/moto-server";
import { startPortfolio } from "../portfolio/portfolio";
import { compare, type Load } from "./portfolio-load";

/** With their images, words and labels some 10,000 items. */
const RECEIPTS = 2500;
/** Most times of the SDK alone that the API may take at its 95th percentile. */
const MOST = 3;

/** The ratio of the 95th percentiles, its target, and whether that is met. */
export function portfolioVerdict({ api, bare }: Record<"api" | "bare", Load>) {
  const value = Number((api.p95Ms / bare.p95Ms).toFixed(2));
  return {
    figure: "p95 of pages of receipts by the SDK's alone",
    value,
    target: `<= ${MOST}`,
    kept: value <= MOST ? "yes" : "no",
  };
}

/**
 * Times of pages of receipts, by the portfolio's API on this machine and by the SDK alone:
 * `node -r ./tools/typescript-loader.js tools/bench/portfolio.ts [REQUESTS]`. Writes JSON.
 */
async function main(requests: number): Promise<void> {
  const bin = join(await installPython("requirements-test.txt", resolve(".venv")), "bin");
  console.error(`filling a table with the items of ${RECEIPTS} receipts, then ${requests} pages by each side`);
  const moto = await startMoto(join(bin, "python"), [QUICK_MOTO, "-H", "127.0.0.1", "-p", "0"], {});
  try {
    const items = await makeData(moto.url, RECEIPTS);
    const portfolio = await startPortfolio({
      site: join(__dirname, "..", "..", "assets", "website", "site"),
      ports: { site: 0, api: 0 },
      names: NAMES,
      python: join(bin, "python"),
      env: {
        PATH: process.env.PATH,
        AWS_ENDPOINT_URL: moto.url,
        AWS_REGION: "us-east-1",
        AWS_ACCESS_KEY_ID: "test",
        AWS_SECRET_ACCESS_KEY: "test",
      },
    });
    try {
      const times = await compare({ apiUrl: portfolio.apiUrl, endpoint: moto.url, table: NAMES.table, requests });
      console.log(JSON.stringify({ items, ...times, verdict: portfolioVerdict(times) }, null, 2));
    } finally {
      await portfolio.stop();
    }
  } finally {
    await moto.stop();
  }
}

if (require.main === module) {
  main(Number(process.argv[2] ?? 60)).catch((error: Error) => {
    console.error(error);
    process.exitCode = 1;
  });
}
