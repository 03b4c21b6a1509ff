import { describe, expect, it } from "vitest";
import { defineEnvironment } from "../../stacks/environment";
import { systemKeys } from "../../stacks/systems";
import { linesWith, rich, wrongLines } from "./wrong-settings.fixture";
import { WRONG } from "./wrong-settings-table.fixture";

it("finds nothing wrong with the settings that are made wrong here", () => {
  expect(wrongLines(defineEnvironment(rich))).toEqual([]);
});
describe("a wrong setting is told once, by the path that the user wrote", () => {
  it("in more than a hundred ways, and in every system", () => {
    expect(WRONG.length).toBeGreaterThan(100);
    for (const key of systemKeys)
      expect(
        WRONG.some(([path]) => path.startsWith(`${key}.`)),
        key,
      ).toBe(true);
  });
  it.each(WRONG)("%s: %j", (path, value, words, said = path) => {
    const lines = linesWith(path, value);
    const owner = path === "name" ? String(value) : "prod";
    expect(lines.map((line) => line.slice(0, `${owner}: ${said}: `.length))).toEqual([`${owner}: ${said}: `]);
    expect(lines[0]).toContain(words);
  });
});
