import { describe, expect, it } from "vitest";
import { Progress } from "../../../tools/rehearsal/progress";

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
  it("a line says what is under way, and is replaced", () => {
    const own = screen({ isTTY: true });
    const progress = new Progress(own, ["a", "longer"]);
    progress.turns("a", "goes up");
    progress.turns("longer", "comes down");
    expect(own.written.join("")).toBe(
      "\r\x1b[K0 of 2 stacks, a goes up\r\x1b[K0 of 2 stacks, a goes up, longer comes down",
    );
    own.written.length = 0;
    progress.ends(report("a"));
    expect(own.written.join("")).toMatch(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: what clears a line
      /^\r\x1b\[K✓ a {7}.* passed\n\r\x1b\[K1 of 2 stacks, longer comes down$/,
    );
    own.written.length = 0;
    progress.ends(report("longer"));
    expect(own.written.at(-1)).toBe("\r\x1b[K");
  });
  it("says nothing of a stack that only waits", () => {
    const own = screen({ isTTY: true, columns: 0 }); // as some terminals say
    const progress = new Progress(own, ["a", "b"]);
    progress.turns("a", "goes up");
    progress.turns("a", "is up");
    expect(own.written.at(-1)).toBe("0 of 2 stacks");
  });
  it("that line is never wider than the terminal", () => {
    const own = screen({ isTTY: true, columns: 20 });
    new Progress(own, ["a"]).turns("a", "goes up");
    expect(own.written.at(-1)).toBe("0 of 1 stacks, a go");
  });
});

it("writes plain lines elsewhere", () => {
  const own = screen();
  const progress = new Progress(own, ["a"]);
  progress.turns("a", "goes up");
  progress.ends(report("a"));
  progress.clear();
  expect(own.written).toEqual(["✓ a     1 resources    0 data sources    1.0 s  passed\n"]);
});
