import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { FunctionHost, functionEnv } from "../../../tools/portfolio/function-host";
import { eventOf } from "../../../tools/portfolio/payload";

const folder = mkdtempSync(join(tmpdir(), "function-host-test-"));
const EVENT = eventOf({
  method: "GET",
  url: "/",
  headers: {},
  body: Buffer.alloc(0),
  sourceIp: "127.0.0.1",
  routeKey: "GET /",
  pathParameters: {},
});
const hosts: FunctionHost[] = [];
afterEach(() => {
  for (const host of hosts.splice(0)) host.stop();
});

function host(name: string, code: string, { timeoutSeconds = 20, python = "" } = {}): FunctionHost {
  const entry = join(folder, name);
  writeFileSync(entry, code);
  const env = { PATH: process.env.PATH, SHARED: "all" };
  const made = new FunctionHost({ entry, timeoutSeconds, environment: { OWN: "mine" } }, { python, env });
  hosts.push(made);
  return made;
}
const body = async (made: FunctionHost) => (await made.call(EVENT)).body;

it("calls a function in TypeScript with event, time and environment, and keeps it between calls", async () => {
  const made = host(
    "counting.ts",
    `let calls: number = 0;
     export const handler = async (event, context) => {
       const { OWN, SHARED, HOME } = process.env;
       return { body: JSON.stringify([++calls, event.routeKey, context.getRemainingTimeInMillis() > 19_000, OWN, SHARED, HOME ?? null]) };
     };`,
  );
  expect(JSON.parse((await body(made)) ?? "")).toEqual([1, "GET /", true, "mine", "all", null]);
  expect(JSON.parse((await body(made)) ?? "")[0]).toBe(2);
});
it("answers calls at once, each its own", async () => {
  const made = host(
    "waiting.ts",
    `let calls = 0;
     export const handler = async () => {
       const own = calls++;
       await new Promise((resolve) => setTimeout(resolve, 200 - 50 * own));
       return { body: String(own) };
     };`,
  );
  expect(await Promise.all([body(made), body(made), body(made)])).toEqual(["0", "1", "2"]);
});
it("fails as the function does, and goes on", async () => {
  const made = host(
    "failing.ts",
    `let calls = 0;
     export const handler = async () => {
       if (calls++ === 0) throw new TypeError("not this one");
       return { body: String(calls) };
     };`,
  );
  await expect(made.call(EVENT)).rejects.toThrow("TypeError: not this one");
  expect(await body(made)).toBe("2");
});
it("cuts a call short when its time is up, and starts anew with the next", async () => {
  const code = `export const handler = async () => { while (true); };`;
  const made = host("endless.ts", code, { timeoutSeconds: 1 });
  await expect(made.call(EVENT)).rejects.toThrow("it took longer than 1 s");
  await expect(made.call(EVENT)).rejects.toThrow("it took longer than 1 s");
});
it("says how a process ended, and starts another", async () => {
  const made = host("ending.ts", "export const handler = async () => process.exit(3);");
  await expect(made.call(EVENT)).rejects.toThrow("it ended with status 3");
  await expect(made.call(EVENT)).rejects.toThrow("it ended with status 3");
});
it("runs Python by the interpreter that it is told", async () => {
  const python = join(folder, "python");
  writeFileSync(
    python,
    `#!/bin/sh\nread line\necho "{\\"id\\":0,\\"answer\\":{\\"body\\":\\"$(basename $1) $2 $3 $OWN\\"}}" >&3\nread line\n`,
  );
  chmodSync(python, 0o755);
  expect(await body(host("handler.py", "", { python }))).toBe(`python_host.py ${folder} handler mine`);
  await expect(host("handler.py", "", { python: join(folder, "none") }).call(EVENT)).rejects.toThrow("ENOENT");
});
it("gives functions the package that is their layer", () => {
  const { PYTHONPATH = "", AWS_REGION } = functionEnv({ AWS_REGION: "eu-west-2" });
  expect(AWS_REGION).toBe("eu-west-2");
  expect(PYTHONPATH).toMatch(/assets\/receipts-package\/src$/);
});
