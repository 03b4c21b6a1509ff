import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { scripts } from "../../../package.json";

const local = (...args: string[]) => {
  const [file = "", ...given] = scripts["portfolio:local"].split(" ");
  return spawnSync(file, [...given, ...args], { cwd: resolve(__dirname, "../../.."), encoding: "utf8" });
};

it("ends well after its options", () => {
  const { status, stdout, stderr } = local("--help");
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^npm run portfolio:local -- \[options\]\n/);
});
it("ends with the error alone when an option is wrong", () => {
  const { status, stdout } = local("--receipts", "none");
  expect([status, stdout]).toEqual([
    1,
    "portfolio:local: --receipts must be a whole number from 1 to 20000, got none\n",
  ]);
});
