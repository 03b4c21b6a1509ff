import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { USAGE } from "../../../tools/policy/command";
import { scratchFolder } from "./policy.fixture";

const run = (...args: string[]) =>
  spawnSync("node", ["-r", resolve("tools/typescript-loader.js"), resolve("tools/policy/policy.ts"), ...args], {
    cwd: scratchFolder(),
    encoding: "utf8",
  });

it("does what its words say, and ends with its status", () => {
  expect(run("--help")).toMatchObject({ status: 0, stdout: `${USAGE}\n`, stderr: "" });
  expect(run("--no-such")).toMatchObject({ status: 2, stdout: "" });
});
