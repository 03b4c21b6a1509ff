import { expect, it } from "vitest";
import { defineEnvironment } from "../../stacks/environment";
import { systemKeys } from "../../stacks/systems";
import { dotted } from "../support/bad-input";
import { rich, wrongLines } from "./wrong-settings.fixture";

type Tree = { [key: string]: unknown };
const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null;

/** Paths to all values of the settings, by dots alone. */
const leaves = (node: unknown, path: string): string[] =>
  isTree(node) && Object.keys(node).length > 0
    ? Object.entries(node).flatMap(([key, value]) => (value === undefined ? [] : leaves(value, `${path}.${key}`)))
    : [path];

const wrong = () => "of no setting's type";
/** The settings with that in every place, but for those that decide which others there are. */
const allWrong = (node: unknown, key = ""): unknown => {
  if (key === "kind" || node === undefined) return node;
  if (Array.isArray(node) && node.length > 0) return node.map((value) => allWrong(value));
  if (!isTree(node) || Object.keys(node).length === 0) return wrong;
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, allWrong(value, name)]));
};
const covers = (path: string, leaf: string) => leaf === path || leaf.startsWith(`${path}.`);

it.each(systemKeys)("names every setting of %s where all are wrong, by the user's path or one above it", (system) => {
  const others = systemKeys.filter((key) => key !== system).map((key) => [key, undefined]);
  const settingsOf = { ...rich, ...Object.fromEntries(others), [system]: allWrong(rich[system]) };
  const lines = wrongLines(defineEnvironment(settingsOf as never));
  const named = lines.map((line) => /^prod: (\S+?): /.exec(dotted(line))?.[1] ?? line);
  const settings = leaves(rich[system], system).filter((path) => !/\.kind$/.test(path));
  expect(settings.length).toBeGreaterThan(20);
  expect(settings.filter((leaf) => !named.some((path) => covers(path, leaf)))).toEqual([]);
  expect(named.filter((path) => !settings.some((leaf) => covers(path, leaf) || covers(leaf, path)))).toEqual([]);
});
