import { describe, expect, it } from "vitest";
import { Progress } from "../src/progress";

const report = (id: string) => ({
  id,
  needs: [],
  verdict: "passed" as const,
  resources: 1,
  dataSources: 0,
  seconds: 1,
  steps: {},
  diagnostics: [],
});

function screen(more: { isTTY?: boolean; columns?: number } = {}) {
  const written: string[] = [];
  return { written, write: (text: string) => written.push(text), ...more };
}

describe("on a terminal", () => {
  it("shows the stacks in progress on one line, which is replaced", () => {
    const own = screen({ isTTY: true });
    const progress = new Progress(own, ["a", "longer"]);
    progress.enters("a", "deploying");
    progress.enters("longer", "destroying");
    expect(own.written.join("")).toBe(
      "\r\x1b[K0 of 2 stacks, a deploying\r\x1b[K0 of 2 stacks, a deploying, longer destroying",
    );
    own.written.length = 0;
    progress.finished(report("a"));
    expect(own.written.join("")).toMatch(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: what clears a line
      /^\r\x1b\[K✓ a {7}.* passed\n\r\x1b\[K1 of 2 stacks, longer destroying$/,
    );
    own.written.length = 0;
    progress.finished(report("longer"));
    expect(own.written.at(-1)).toBe("\r\x1b[K");
  });
  it("does not show a stack that waits", () => {
    const own = screen({ isTTY: true, columns: 0 }); // as some terminals report
    const progress = new Progress(own, ["a", "b"]);
    progress.enters("a", "deploying");
    progress.enters("a", "deployed");
    expect(own.written.at(-1)).toBe("0 of 2 stacks");
  });
  it("never exceeds the width of the terminal", () => {
    const own = screen({ isTTY: true, columns: 20 });
    new Progress(own, ["a"]).enters("a", "deploying");
    expect(own.written.at(-1)).toBe("0 of 1 stacks, a de");
  });
});

it("writes plain lines without a terminal", () => {
  const own = screen();
  const progress = new Progress(own, ["a"]);
  progress.enters("a", "deploying");
  progress.finished(report("a"));
  progress.clear();
  expect(own.written).toEqual(["✓ a     1 resources    0 data sources    1.0 s  passed\n"]);
});
