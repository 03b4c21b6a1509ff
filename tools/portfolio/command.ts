import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { InputError } from "../../modules/common/settings/props";
import { installPython } from "../policy/python-tools";
import { environmentRoutes } from "./environment-routes";
import { makeData, NAMES, RAW_SAMPLE } from "./local-data";
import { QUICK_MOTO, startMoto } from "./moto-server";
import { startPortfolio } from "./portfolio";

const USAGE = `npm run portfolio:local -- [options]
Website and API of the portfolio on this machine, in front of a table of sample receipts or of a real one.
  --environment NAME  routes of environments/NAME.ts; the portfolio's own when absent
  --receipts N        sample receipts, 1 to 20000; 200 when absent
  --table NAME        real table instead; credentials and region as the AWS CLI finds them
  --raw-bucket NAME   real bucket of raw data, for /process; only with --table and --site-bucket
  --site-bucket NAME  real bucket of the website, for /process
  --site FOLDER       website; the example's when absent
  --port N            port of the website, 0 for any; 8080 when absent
  --api-port N        port of the API, 0 for any; 8081 when absent
Ctrl-C ends it.`;

const SITE = join(__dirname, "..", "..", "assets", "website", "site");

interface Options {
  help: boolean;
  environment: string | undefined;
  receipts: number;
  table: string | undefined;
  rawBucket: string | undefined;
  siteBucket: string | undefined;
  site: string;
  ports: { site: number; api: number };
}

/** Where the command runs, and until when. */
export interface Surroundings {
  /** Folder of the project, with its `requirements-test.txt`. */
  project: string;
  env: NodeJS.ProcessEnv;
  say(text: string): void;
  /** Ends it. */
  signal: AbortSignal;
}

/** `npm run portfolio:local`; gives its exit status. */
export async function command(args: string[], { project, env, say, signal }: Surroundings): Promise<number> {
  const ends: (() => Promise<void>)[] = [];
  try {
    const options = optionsOf(args);
    if (options.help) {
      say(USAGE);
      return 0;
    }
    const routes = options.environment ? await environmentRoutes(project, options.environment) : undefined;
    const venv = await installPython(join(project, "requirements-test.txt"), join(project, ".venv"), { env, signal });
    const bin = (program: string) => join(venv, "bin", program);
    const { names, functions } = options.table
      ? { names: { ...options, table: options.table }, functions: env }
      : await samples(options.receipts, bin("python"), { env, say, ends });
    signal.throwIfAborted();
    const portfolio = await startPortfolio({ ...options, routes, names, python: bin("python"), env: functions });
    ends.unshift(() => portfolio.stop());
    say(`website  ${portfolio.siteUrl}`);
    say(`API      ${portfolio.apiUrl}`);
    for (const key of portfolio.routeKeys) say(`         ${key}`);
    if (!options.table && portfolio.routeKeys.includes("POST /process")) {
      say(`try      ${tryOut(portfolio.apiUrl)}`);
    }
    say("Ctrl-C ends it.");
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    return 0;
  } catch (error) {
    if (signal.aborted) return 0;
    say(`portfolio:local: ${messageOf(error as NodeJS.ErrnoException)}`);
    return 1;
  } finally {
    for (const end of ends) await end();
  }
}

const messageOf = ({ code, message }: NodeJS.ErrnoException): string =>
  code === "EADDRINUSE" ? `${message}; name another by --port or --api-port, or 0 for any` : message;

/** A moto_server with sample data, and the environment by which functions reach it. */
async function samples(
  receipts: number,
  python: string,
  { env, say, ends }: Pick<Surroundings, "env" | "say"> & { ends: (() => Promise<void>)[] },
) {
  const server = await startMoto(python, [QUICK_MOTO, "-H", "127.0.0.1", "-p", "0"], {});
  ends.push(server.stop);
  say(`samples  ${await makeData(server.url, receipts)} items of ${receipts} receipts in ${NAMES.table}`);
  say(`AWS      ${server.url}, a stand-in: aws --endpoint-url ${server.url} s3 ls s3://${NAMES.rawBucket} --recursive`);
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("AWS_")));
  const functions = {
    ...own,
    AWS_ENDPOINT_URL: server.url,
    AWS_REGION: "us-east-1",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_EC2_METADATA_DISABLED: "true",
  };
  return { names: NAMES, functions };
}

const tryOut = (apiUrl: string): string => {
  const body = JSON.stringify({ raw_prefix: RAW_SAMPLE.prefix, uuids: [RAW_SAMPLE.uuid], cdn_prefix: "media/scans" });
  return `curl -X POST -H 'content-type: application/json' -d '${body}' ${apiUrl}/process`;
};

function optionsOf(args: string[]): Options {
  const { values } = parsed(args);
  const { table, "raw-bucket": rawBucket, "site-bucket": siteBucket, site = SITE } = values;
  if (table !== undefined && values.receipts !== undefined) {
    throw new InputError("--receipts must be left out with --table, which has its own items");
  }
  if ((rawBucket === undefined) !== (siteBucket === undefined) || (rawBucket !== undefined && table === undefined)) {
    throw new InputError("--raw-bucket and --site-bucket must be given together, and with --table");
  }
  if (!existsSync(join(site, "index.html"))) {
    throw new InputError(`--site must be a folder with index.html, got ${site}`);
  }
  const ports = {
    site: numberOf("port", values.port ?? "8080", 0, 65_535),
    api: numberOf("api-port", values["api-port"] ?? "8081", 0, 65_535),
  };
  if (ports.site === ports.api && ports.site !== 0) {
    throw new InputError(`--port and --api-port must differ, got ${ports.site}`);
  }
  return {
    help: values.help ?? false,
    environment: values.environment,
    receipts: numberOf("receipts", values.receipts ?? "200", 1, 20_000),
    table,
    rawBucket,
    siteBucket,
    site,
    ports,
  };
}

function parsed(args: string[]) {
  const text = { type: "string" } as const;
  const options = {
    ...{
      environment: text,
      receipts: text,
      table: text,
      "raw-bucket": text,
      "site-bucket": text,
      site: text,
      port: text,
    },
    ...{ "api-port": text, help: { type: "boolean", short: "h" } as const },
  };
  try {
    return parseArgs({ args, options });
  } catch (error) {
    throw new InputError(`${(error as Error).message}\n${USAGE}`);
  }
}

function numberOf(name: string, text: string, least: number, most: number): number {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new InputError(`--${name} must be a whole number from ${least} to ${most}, got ${text}`);
}
