import { describe, expect, it } from "vitest";
import { defineEnvironment } from "../../stacks/environment";
import { systemKeys } from "../../stacks/systems";
import { linesWith, rich, withValue, wrongLines } from "./wrong-settings.fixture";
import { RIGHT, WRONG } from "./wrong-settings-table.fixture";

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
  const titled = WRONG.map((row) => [`${row[0]}: ${JSON.stringify(row[1])}`.slice(0, 160), row] as const);
  it.each(titled)("%s", (_, [path, value, words, said = path]) => {
    const lines = linesWith(path, value);
    const owner = path === "name" ? String(value) : "prod";
    expect(lines.map((line) => line.slice(0, `${owner}: ${said}: `.length))).toEqual([`${owner}: ${said}: `]);
    expect(lines[0]).toContain(words);
  });
});

it.each(RIGHT.map((values, index) => [index, values] as const))(
  "the values next to them are right: round %i",
  (_, values) => {
    const settings = values.reduce((all, [path, value]) => withValue(all, path, value), rich);
    expect(wrongLines(defineEnvironment(settings))).toEqual([]);
  },
);

describe("tags of the environment that one system or service refuses", () => {
  const lines = (tags: Record<string, string>) => wrongLines(defineEnvironment({ ...rich, tags }));
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`key${i}`, "x"]));
  it.each([
    [many(34), "prod: tags: must be at most 33, since up to 17 of 50 are set beside, got 34"],
    [many(27), "prod: tags: must have at most 30 tags with those that the stacks set, as Prefect adds its own, got 31"],
    [
      { "team/name": "x" },
      "prod: tags.team/name: must have no blanks and slashes with training machines, which read their own tags",
    ],
    [
      { costCenter: "x" },
      "prod: tags.costCenter: must be spelt CostCenter, as the tag that mlEc2 sets, or be another key",
    ],
  ])("are told once, by their path: %j", (tags, message) => {
    const told = lines(tags as Record<string, string>).map((line) => line.replace(/, got "x"$/, ""));
    expect(told).toEqual([message]);
  });
});
