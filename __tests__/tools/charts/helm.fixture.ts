import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/**
 * Stand-in for Helm: its reader takes documents of JSON, which is YAML; a chart's folder holds what `template` gives of it in
 * `rendered.yaml`, with the arguments in its place if that is missing; `pull` makes a folder with the arguments in it; `show` gives
 * what FAKE_CHARTS, JSON, has under the words that name the chart, and fails where it has nothing.
 */
const PROGRAM = `#!/usr/bin/env node
const { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const [command, ...args] = process.argv.slice(2);
if (command === "pull") {
  const folder = join(args[args.indexOf("--untardir") + 1], args[0].split("/").at(-1));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "pulled.json"), JSON.stringify(args));
} else if (command === "show") {
  const answer = JSON.parse(process.env.FAKE_CHARTS)[args.slice(1).join(" ")];
  if (answer === undefined) { console.error("walk: a warning\\nError: no such host"); process.exit(1); }
  console.log(JSON.stringify(answer));
} else if (args[0] === "reader") {
  const folder = join(args[1], "documents");
  const read = (name) => {
    const text = readFileSync(join(folder, name), "utf8").trim();
    try { return text ? JSON.parse(text) : {}; } catch { return { Error: "not JSON" }; }
  };
  const documents = Object.fromEntries(readdirSync(folder).map((name) => [name, read(name)]));
  console.log("---\\n# Source: reader/templates/documents.yaml\\n" + JSON.stringify({ documents }));
} else {
  const file = join(args[1], "rendered.yaml");
  const told = { kind: "Told", args, values: args.flatMap((arg, i) => (arg === "--values" ? [readFileSync(args[i + 1], "utf8")] : [])) };
  console.log(existsSync(file) ? readFileSync(file, "utf8") : JSON.stringify(told));
}
`;

/** Path of the stand-in. */
export function fakeHelm(): string {
  const file = join(mkdtempSync(join(tmpdir(), "helm-")), "helm");
  writeFileSync(file, PROGRAM);
  chmodSync(file, 0o755);
  return file;
}

/** A folder of these files, by their paths in it. */
export function folderWith(files: Readonly<Record<string, object | string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "chart-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof content === "string" ? content : JSON.stringify(content));
  }
  return folder;
}
