// Lets Node run this project's TypeScript without a build step: `node -r ./tools/typescript-loader.js main.ts`.
// Sucrase strips the types, line by line, so that stack traces stay true. The result is kept by content under
// node_modules/.cache, which halves the time of a synth: only what has changed is transformed again.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const { version } = require("sucrase/package.json");
const cache = join(__dirname, "..", "node_modules", ".cache", "typescript-loader");

require.extensions[".ts"] = (module, file) => module._compile(javascriptOf(readFileSync(file, "utf8"), file), file);

function javascriptOf(source, file) {
  const kept = join(cache, `${createHash("sha1").update(version).update(source).digest("hex")}.js`);
  try {
    return readFileSync(kept, "utf8");
  } catch {
    // not there yet
  }
  const { transform } = require("sucrase");
  const { code } = transform(source, { transforms: ["typescript", "imports"], filePath: file });
  keep(kept, code);
  return code;
}

/** Writes the file whole or not at all, since another process may read it meanwhile; a cache that cannot be written is no fault. */
function keep(file, code) {
  const half = `${file}.${process.pid}`;
  try {
    mkdirSync(cache, { recursive: true });
    writeFileSync(half, code);
    renameSync(half, file);
  } catch {
    // a read-only node_modules: transform again next time
  }
}
