import type { Listener, Phase, StackReport } from "./rehearsal";
import { stackLines } from "./report";

/** Output for lines; a terminal also shows a status line. */
export interface Screen {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/** Prints each stack when it is finished and, on a terminal, a status line of those in progress. */
export class Progress implements Listener {
  private readonly inProgress = new Map<string, Phase>();
  private readonly width: number;
  private done = 0;

  constructor(
    private readonly screen: Screen,
    private readonly ids: readonly string[],
  ) {
    this.width = Math.max(0, ...ids.map((id) => id.length));
  }

  enters(id: string, phase: Phase): void {
    if (phase === "deployed") this.inProgress.delete(id);
    else this.inProgress.set(id, phase);
    this.status();
  }

  finished(report: StackReport): void {
    this.inProgress.delete(report.id);
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
    const current = [...this.inProgress].map(([id, phase]) => `${id} ${phase}`);
    this.clear();
    if (this.done === this.ids.length) return;
    this.screen.write(
      [`${this.done} of ${this.ids.length} stacks`, ...current].join(", ").slice(0, (columns || 80) - 1),
    );
  }
}
