import type { Listener, Phase } from "./rehearsal";
import { stackLines } from "./report";

/** Where lines go; a terminal also takes a line that is replaced by the next. */
export interface Screen {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/** Tells of each stack when it is done with, and on a terminal also of those that are under way. */
export class Progress implements Listener {
  private readonly underWay = new Map<string, Phase>();
  private readonly width: number;
  private done = 0;

  constructor(
    private readonly screen: Screen,
    private readonly ids: readonly string[],
  ) {
    this.width = Math.max(0, ...ids.map((id) => id.length));
  }

  turns(id: string, phase: Phase): void {
    if (phase === "is up") this.underWay.delete(id);
    else this.underWay.set(id, phase);
    this.status();
  }

  ends(report: Parameters<NonNullable<Listener["ends"]>>[0]): void {
    this.underWay.delete(report.id);
    this.done++;
    this.clear();
    this.screen.write(`${stackLines(report, this.width)}\n`);
    this.status();
  }

  clear(): void {
    if (this.screen.isTTY) this.screen.write("\r\x1b[K");
  }

  private status(): void {
    const { isTTY, columns } = this.screen;
    if (!isTTY) return;
    const under = [...this.underWay].map(([id, phase]) => `${id} ${phase}`);
    this.clear();
    if (this.done === this.ids.length) return;
    this.screen.write([`${this.done} of ${this.ids.length} stacks`, ...under].join(", ").slice(0, (columns || 80) - 1));
  }
}
