import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type Browser, chromium } from "playwright-core";
import { run } from "./process";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const root = () => process.getuid?.() === 0;

/** Starts the browser of this machine, headless; installs Debian's when there is none and this is root. */
export async function startChromium(): Promise<Browser> {
  const executablePath = installed() ?? (await install());
  return chromium.launch({ executablePath, args: root() ? ["--no-sandbox"] : [] });
}

/** Why the browser cannot be had; empty when it can. */
export const chromiumMissing = (): string =>
  installed() || root()
    ? ""
    : `it needs a browser: one of ${NAMES.join(", ")} on the PATH, or in CHROMIUM; root would install Debian's`;

function installed(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const places = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [process.env.CHROMIUM ?? "", ...places].find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return file !== "";
    } catch {
      return false;
    }
  });
}

/** Another test may be installing at the same time: then its lock, or its browser, is met. */
async function install(): Promise<string> {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const packages = ["chromium", "fonts-dejavu-core"];
  const said: string[] = [];
  for (let attempt = 0; attempt < 12; attempt++) {
    for (const args of [["update"], ["install", "--yes", "--no-install-recommends", ...packages]]) {
      const { stderr } = await run("apt-get", ["-q", "-o", "DPkg::Lock::Timeout=300", ...args], { env });
      said.push(stderr.trim());
    }
    const found = installed();
    if (found) return found;
    await wait(5_000);
  }
  throw new Error(`chromium could not be installed:\n${said.slice(-2).join("\n")}`);
}
