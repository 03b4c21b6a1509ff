// Preloaded into every Node.js process of a measured command: writes its peak memory in KiB on exit.
const { existsSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const STATUS = "/proc/self/status"; // Linux

/** Peak memory of this process; Linux's maxRSS includes that of the parent at the fork. */
function peak() {
  const [, high] = (existsSync(STATUS) && /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(STATUS, "utf8"))) || [];
  return high ?? process.resourceUsage().maxRSS;
}

process.on("exit", () => {
  writeFileSync(join(process.env.BENCH_MEMORY_NOTES, `${process.pid}`), String(peak()));
});
