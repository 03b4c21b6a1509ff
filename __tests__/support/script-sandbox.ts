import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Absolute paths of a script that lead into the sandbox. */
const PATHS = /(?<=[ >="])\/(etc|opt|usr\/local|var\/tmp|var\/lib|swapfile)\b/g;

/**
 * Folder below which a shell script runs instead of at the root of the machine, by nobody in particular, with no programs
 * but those it is given: this machine's own, by name, or stand-ins. Each call of them is noted.
 */
export class ScriptSandbox {
  readonly root = mkdtempSync(join(tmpdir(), "sandbox-"));
  readonly #bin = join(this.root, "bin");

  constructor(...ownPrograms: string[]) {
    mkdirSync(this.#bin);
    for (const name of ownPrograms) {
      const found = ["/usr/bin", "/bin"].map((folder) => join(folder, name)).find(existsSync);
      if (!found) throw new Error(`this machine has no ${name}`);
      this.program(name, `exec -a ${name} ${found} "$@"`);
    }
  }

  /** Puts a stand-in; `ROOT` and `BIN` in it are the sandbox and the folder of its programs. */
  program(name: string, script: string): void {
    const text = script.replaceAll("ROOT", this.root).replaceAll("BIN", this.#bin);
    writeFileSync(join(this.#bin, name), `#!/bin/bash\necho "${name} $*" >>${this.root}/calls\n${text}\n`);
    chmodSync(join(this.#bin, name), 0o755);
  }

  run(script: string, env: Record<string, string> = {}) {
    const text = script.replace(PATHS, `${this.root}$&`);
    return spawnSync("/bin/bash", ["--norc", "-c", text], {
      env: { PATH: this.#bin, ...env },
      encoding: "utf8",
      cwd: this.root,
    });
  }

  /** Calls of these programs, or of all, in their order. */
  calls(...names: string[]): string[] {
    const all = this.has("calls") ? this.read("calls").trimEnd().split("\n") : [];
    return names.length > 0 ? all.filter((call) => names.includes(call.split(" ")[0] ?? "")) : all;
  }
  forget = (): void => rmSync(join(this.root, "calls"), { force: true });

  has = (path: string): boolean => existsSync(join(this.root, path));
  /** Text of a file, with paths as the script has them. */
  read = (path: string): string => readFileSync(join(this.root, path), "utf8").replaceAll(this.root, "");
  list = (path: string): string[] => readdirSync(join(this.root, path)).sort();
  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  remove = (): void => rmSync(this.root, { recursive: true });
}
