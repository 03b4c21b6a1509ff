import { expect, it } from "vitest";
import { verdicts } from "../../../tools/bench/bench";

const kept = (name: string, value: number) => verdicts({ [name]: value })[0]?.kept;

it("holds the ratios to their targets", () => {
  expect([3, 3.01].map((value) => kept("synth / floor", value))).toEqual(["yes", "no"]);
  expect([5, 4.99].map((value) => kept("ts-node / synth", value))).toEqual(["yes", "no"]);
  expect([1.2, 1.21].map((value) => kept("per stack, 100 copies / 10 copies", value))).toEqual(["yes", "no"]);
});
it("says what the target is", () => {
  expect(verdicts({ "synth / floor": 2.5 })).toEqual([
    { ratio: "synth / floor", value: 2.5, target: "<= 3", kept: "yes" },
  ]);
});
it("does not pass a ratio over that nobody set a target for", () => {
  expect(() => verdicts({ "something else": 1 })).toThrow("no target for something else");
});
