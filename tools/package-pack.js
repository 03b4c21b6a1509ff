// Loads the packages from one file, for a command that must answer at once: `node -r ./tools/package-pack.js ...`. Most of
// the text of cdktf and its bindings is source maps, and parsing the rest takes as long as checking all settings. The pack
// holds each file that a command loads without its source map, where each `require` leads, and V8's code. A run that
// finds no pack, or misses a file in it, loads as ever and writes the pack for the next run, which adds V8's code.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { dirname, join, relative, sep } = require("node:path");
const { Script, constants } = require("node:vm");

const project = join(__dirname, "..");
/** V8 refuses the code that it made with other options. */
const options = digest(JSON.stringify([process.execArgv, process.env.NODE_OPTIONS]));
const file = join(project, "node_modules", ".cache", "package-pack", `${options}.pack`);
const made = digest(process.version, lock());

const pack = open();
const { files, leads } = pack ?? { files: {}, leads: {} };
const functions = pack?.script.runInThisContext();
let isOld = !pack;

const isPackaged = (path) => path.includes(`${sep}node_modules${sep}`);

/** Changes whenever a file is written or replaced, as no program can set the time of its change. */
const stampOf = (path) => {
  const { ctimeMs, ino, size } = statSync(path);
  return `${ctimeMs} ${ino} ${size}`;
};

const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  const [parent, , { paths } = {}] = rest;
  const from = parent?.filename;
  const isOwn = !from || paths || (!isPackaged(from) && /^[./]/.test(request)); // the project's files come and go
  if (isOwn) return resolve.call(this, request, ...rest);
  leads[from] ??= {};
  const path = leads[from][request] ?? resolve.call(this, request, ...rest);
  if (isPackaged(path) || Module.isBuiltin(path)) leads[from][request] = path;
  return path;
};

const load = Module._extensions[".js"];
Module._extensions[".js"] = (module, path) => {
  if (!isPackaged(path)) return load(module, path);
  const stamp = stampOf(path);
  const known = files[path];
  if (known?.stamp !== stamp) {
    isOld = true;
    files[path] = { stamp };
  } else if (known.index !== undefined) return run(functions[known.index], module, path);
  load(module, path);
};

/** As Module.prototype._compile, whose function of `require` Node keeps to itself. */
function run(body, module, path) {
  const own = (request) => module.require(request);
  own.resolve = (request, options) => Module._resolveFilename(request, module, false, options);
  own.cache = Module._cache;
  own.extensions = Module._extensions;
  own.main = process.mainModule;
  body.call(module.exports, module.exports, own, module, path, dirname(path));
}

process.once("exit", () => {
  try {
    if (isOld) write();
    else if (!pack.hasCode) keep(pack.source, pack.script.createCachedData());
  } catch {
    // a read-only node_modules: loaded as ever next time
  }
});

function write() {
  const bodies = [];
  for (const [path, entry] of Object.entries(files)) {
    const text = readFileSync(path, "utf8")
      .replace(/^#!.*/, "")
      .replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
    const body = `(function (exports, require, module, __filename, __dirname) {${text}\n})`;
    entry.index = isScript(body) ? bodies.push(`// ${relative(project, path)}\n${body}`) - 1 : undefined;
  }
  keep(`[\n${bodies.join(",\n")}\n]`);
}

/** Whether it is CommonJS: newer versions of Node load ECMAScript modules by `require` too. */
function isScript(body) {
  try {
    return Boolean(new Script(body));
  } catch {
    return false;
  }
}

/** Written in one step, as other processes may read it; the digest tells what a full disk left. */
function keep(source, code = Buffer.alloc(0)) {
  const parts = [JSON.stringify({ files, leads }), source].map((text) => Buffer.from(text));
  const body = Buffer.concat([...parts, code]);
  const head = JSON.stringify({ made, sizes: parts.map(({ length }) => length), digest: digest(body) });
  const temporary = `${file}.${process.pid}`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(temporary, Buffer.concat([Buffer.from(`${head}\n`), body]));
  renameSync(temporary, file);
}

/** The pack of an earlier run; nothing if there is none, or none that is whole and of these packages. */
function open() {
  try {
    const bytes = readFileSync(file);
    const start = bytes.indexOf("\n") + 1;
    const head = JSON.parse(bytes.subarray(0, start));
    const body = bytes.subarray(start);
    if (head.made !== made || head.digest !== digest(body)) return undefined;
    const [index, text] = head.sizes;
    const source = body.toString("utf8", index, index + text);
    const cachedData = body.subarray(index + text);
    const hasData = cachedData.length > 0;
    const script = new Script(source, {
      filename: file,
      cachedData: hasData ? cachedData : undefined,
      importModuleDynamically: constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    const hasCode = hasData && !script.cachedDataRejected;
    return { ...JSON.parse(body.toString("utf8", 0, index)), source, script, hasCode };
  } catch {
    return undefined;
  }
}

/** npm writes it with every change of a package; empty without npm. */
function lock() {
  try {
    return readFileSync(join(project, "node_modules", ".package-lock.json"));
  } catch {
    return "";
  }
}

function digest(...parts) {
  const hash = createHash("sha1");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}
