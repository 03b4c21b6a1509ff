import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A place with a `go` that writes down what it is asked and builds a program of its own, and a cache. */
export class FakeGo {
  readonly folder = mkdtempSync(join(tmpdir(), "go-programs-"));
  readonly bin = join(this.folder, "bin");
  readonly env: NodeJS.ProcessEnv = { PATH: `${this.bin}:/usr/bin:/bin`, XDG_CACHE_HOME: join(this.folder, "cache") };

  constructor() {
    mkdirSync(this.bin);
    this.builds('echo program > "$2/some"');
  }

  /** From now on it does `body` when it is to build; `$2` is the folder of the programs. */
  builds(body: string): void {
    const script = `#!/bin/sh
echo "$@" >> ${join(this.folder, "asked")}
case "$1" in
  version) echo go version go1.26.0 \${GO_PLATFORM:-linux} ;;
  mod) echo '{"Dir": "/modules/some"}' ;;
  *) while [ "$1" != -o ]; do shift; done; ${body} ;;
esac
`;
    writeFileSync(join(this.bin, "go"), script);
    chmodSync(join(this.bin, "go"), 0o755);
  }

  /** What it was asked, a line for each call that begins with `command`. */
  asked(command: string): string[] {
    const lines = readFileSync(join(this.folder, "asked"), "utf8").split("\n");
    return lines.filter((line) => line.startsWith(command));
  }
}
