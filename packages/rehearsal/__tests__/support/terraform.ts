import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Json, STACK_FILE, type StackFolder } from "../../src/stacks";

const root = mkdtempSync(join(tmpdir(), "rehearsal-test-"));

export const scratchFolder = (): string => mkdtempSync(join(root, "scratch-"));

const VERSION = JSON.stringify({ terraform_version: "1.11.4", terraform_outdated: false });

/** A fake terraform that runs the given shell lines for each of its commands. */
export function fakeTerraform(answers: Record<string, string> = {}) {
  const folder = scratchFolder();
  const [program, log] = [join(folder, "terraform"), join(folder, "log")];
  const cases = Object.entries({ version: `echo '${VERSION}'`, ...answers }).map(
    ([name, lines]) => `${name})\n${lines}\n;;`,
  );
  const script = ["#!/bin/sh", `echo "$(basename "$PWD") $1" >> ${log}`, 'case "$1" in', ...cases, "esac"];
  writeFileSync(program, script.join("\n"));
  chmodSync(program, 0o755);
  return {
    program,
    /** Stack and command of each call, in order. */
    calls: () => (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : []),
  };
}

/** Shell lines that print messages as terraform does with `-json`. */
export const printing = (...messages: object[]): string =>
  messages.map((message) => `echo '${JSON.stringify(message)}'`).join("\n");

/** An error as terraform prints it. */
export const fault = (summary: string, more: object = {}) => ({
  type: "diagnostic",
  diagnostic: { severity: "error", summary, detail: "", ...more },
});

/** A stack with local state in a new folder. */
export function stackFolder(id: string, needs: string[] = [], json: Json = {}, root = scratchFolder()): StackFolder {
  const folder = join(root, "stacks", id);
  mkdirSync(folder, { recursive: true });
  const whole = { ...json, terraform: { backend: { local: { path: join(folder, "own.tfstate") } } } };
  writeFileSync(join(folder, STACK_FILE), JSON.stringify(whole, undefined, 2));
  return { id, needs, folder, json: whole };
}

/** A project whose app makes stacks with the same JSON and the given dependencies, or runs the command `app`. */
export function projectOf(needs: Record<string, string[]>, json: Json = {}, app?: string): string {
  const project = scratchFolder();
  const stacks = Object.entries(needs).map(([name, dependencies]) => {
    stackFolder(name, [], {}, join(project, "made"));
    const synthesizedStackPath = join("stacks", name, STACK_FILE);
    writeFileSync(join(project, "made", synthesizedStackPath), JSON.stringify(json));
    return [
      name,
      { name, dependencies, annotations: [], workingDirectory: join("stacks", name), synthesizedStackPath },
    ];
  });
  mkdirSync(join(project, "made"), { recursive: true });
  writeFileSync(join(project, "made", "manifest.json"), JSON.stringify({ stacks: Object.fromEntries(stacks) }));
  mkdirSync(join(project, "node_modules"));
  const config = { app: app ?? 'mkdir -p "$CDKTF_OUTDIR" && cp -r made/. "$CDKTF_OUTDIR"', language: "typescript" };
  writeFileSync(join(project, "cdktf.json"), JSON.stringify(config));
  return project;
}
