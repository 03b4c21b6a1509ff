// Loaded into every Node process of a measured command: notes its peak memory, in KiB, when it ends.
const { existsSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const STATUS = "/proc/self/status"; // of Linux

/** Peak of this very program: what Linux counts as maxRSS begins with the memory of the process that started it. */
function peak() {
  const [, high] = (existsSync(STATUS) && /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(STATUS, "utf8"))) || [];
  return high ?? process.resourceUsage().maxRSS;
}

process.on("exit", () => {
  writeFileSync(join(process.env.BENCH_MEMORY_NOTES, `${process.pid}`), String(peak()));
});
