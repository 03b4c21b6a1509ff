// Runs this project's TypeScript without a build step: `node -r ./tools/typescript-loader.js main.ts`. Sucrase strips the
// types and keeps the lines of stack traces. Results are cached by content in node_modules/.cache, which halves the time
// of a synth.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const { version } = require("sucrase/package.json");
const cache = join(__dirname, "..", "node_modules", ".cache", "typescript-loader");

require.extensions[".ts"] = (module, file) => module._compile(javascriptOf(readFileSync(file, "utf8"), file), file);

function javascriptOf(source, file) {
  const cached = join(cache, `${createHash("sha1").update(version).update(source).digest("hex")}.js`);
  try {
    return readFileSync(cached, "utf8");
  } catch {
    // not cached yet
  }
  const { transform } = require("sucrase");
  const { code } = transform(source, { transforms: ["typescript", "imports"], filePath: file });
  write(cached, code);
  return code;
}

/** Writes the file atomically, as other processes may read it; a failure is ignored. */
function write(file, code) {
  const temporary = `${file}.${process.pid}`;
  try {
    mkdirSync(cache, { recursive: true });
    writeFileSync(temporary, code);
    renameSync(temporary, file);
  } catch {
    // a read-only node_modules: transformed again next time
  }
}
