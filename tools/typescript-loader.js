// Runs this project's TypeScript without a build step: `node -r ./tools/typescript-loader.js main.ts`. Sucrase strips the
// types and keeps the lines of stack traces. Results are cached by content in node_modules/.cache, which halves the time
// of a synth.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { enableCompileCache } = require("node:module");
const { join, relative } = require("node:path");

const { version } = require("sucrase/package.json");
const caches = join(__dirname, "..", "node_modules", ".cache");
const cache = join(caches, "typescript-loader");
// V8's code of every module, which Node keeps from version 22.1 on: a quarter of the time of `npm run check`
enableCompileCache?.(join(caches, "compiled"));

require.extensions[".ts"] = (module, file) => {
  const code = javascriptOf(readFileSync(file, "utf8"), file);
  try {
    module._compile(code, file);
  } catch (error) {
    throw inPlace(error, file) ?? error;
  }
};

function javascriptOf(source, file) {
  const cached = join(cache, `${createHash("sha1").update(version).update(source).digest("hex")}.js`);
  try {
    return readFileSync(cached, "utf8");
  } catch {
    // not cached yet
  }
  const { transform } = require("sucrase");
  try {
    const { code } = transform(source, { transforms: ["typescript", "imports"], filePath: file });
    write(cached, code);
    return code;
  } catch (error) {
    const { line, column } = error.loc ?? {};
    if (line === undefined) throw error;
    throw misspelt(file, line, column, error.message.replace(/^Error transforming .*?: | \(\d+:\d+\)$/g, ""));
  }
}

/** An error of V8's parser in this file, which stands at the head of the stack with a caret below the place. */
function inPlace(error, file) {
  if (!(error instanceof SyntaxError)) return undefined;
  const [head = "", , caret = ""] = error.stack.split("\n");
  const [, line] = head.startsWith(`${file}:`) ? head.match(/:(\d+)$/) : [];
  return line && misspelt(file, Number(line), caret.indexOf("^") + 1, error.message);
}

class InputError extends Error {}
InputError.prototype.name = "InputError";

/** Error of a file that is no TypeScript: one line, as those of wrong settings. */
function misspelt(file, line, column, message) {
  return new InputError(`${relative(process.cwd(), file)}:${line}:${column}: ${message}`);
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
