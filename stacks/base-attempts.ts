import { InputError } from "../modules/common/settings/props";

/** Makes stacks one after the other, and goes on when the settings of one are wrong: the others may be wrong as well. */
export class Attempts {
  private readonly lines: string[] = [];

  /** What `make` makes; undefined if its settings are wrong, which {@link end} says. */
  of<T>(make: () => T): T | undefined {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.lines.push(...error.lines);
      return undefined;
    }
  }

  /** Adds wrong settings that were found elsewhere. */
  add(...lines: readonly string[]): void {
    this.lines.push(...lines);
  }

  /** Throws one error with all wrong settings, if there are any. */
  end(): void {
    if (this.lines.length > 0) throw allWrong(this.lines);
  }
}

/** Error of several wrong settings: counted, each on its line, by environment and path. */
function allWrong(all: readonly string[]): InputError {
  const lines = [...new Set(all)].sort((a, b) => ORDER.compare(a, b));
  if (lines.length === 1) return new InputError(lines[0] as string);
  return new InputError(`${lines.length} settings are wrong:\n${lines.map((line) => `  ${line}`).join("\n")}`, lines);
}

/** `pools[9]` before `pools[10]`. */
const ORDER = new Intl.Collator("en", { numeric: true });
