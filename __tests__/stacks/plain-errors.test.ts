import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";

const root = resolve(__dirname, "../..");
const fail = (error: string) => {
  const modules = ["stacks/plain-errors", "modules/common/settings/props"].map((path) =>
    JSON.stringify(join(root, path)),
  );
  const script = `require(${modules[0]}); const { InputError } = require(${modules[1]}); throw ${error};`;
  return spawnSync("node", ["-r", "./tools/typescript-loader.js", "-e", script], { cwd: root, encoding: "utf8" });
};

it("says of a wrong setting only what is wrong, with status 1", () => {
  const { status, stderr, stdout } = fail('new InputError("dev: name: must be short")');
  expect([status, stdout, stderr]).toEqual([1, "", "Error: dev: name: must be short\n"]);
});
it("shows where any other error comes from, with status 1", () => {
  const { status, stderr } = fail('new TypeError("a fault of ours")');
  expect(status).toBe(1);
  expect(stderr).toMatch(/^TypeError: a fault of ours\n {4}at /m);
});
