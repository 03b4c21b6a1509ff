// Loaded into every Node process of a measured command: notes its peak memory, in KiB, when it ends.
const { writeFileSync } = require("node:fs");
const { join } = require("node:path");

process.on("exit", () => {
  const { maxRSS } = process.resourceUsage();
  writeFileSync(join(process.env.BENCH_MEMORY_NOTES, `${process.pid}`), String(maxRSS));
});
