import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { USAGE } from "../../../tools/pins/command";

const run = (...args: string[]) =>
  spawnSync("node", ["-r", resolve("tools/typescript-loader.js"), resolve("tools/pins/pins.ts"), ...args], {
    encoding: "utf8",
  });

it("does what its words say, and ends with its status", () => {
  expect(run("--help")).toMatchObject({ status: 0, stdout: `${USAGE}\n`, stderr: "" });
  expect(run("--no-such")).toMatchObject({ status: 2, stdout: "" });
});
