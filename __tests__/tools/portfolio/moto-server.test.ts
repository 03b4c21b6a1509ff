import { existsSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { expect, it } from "vitest";
import { QUICK_MOTO, startMoto } from "../../../tools/portfolio/moto-server";

const start = (script: string, env: NodeJS.ProcessEnv = {}) => startMoto("/bin/sh", ["-c", script], env);
const gone = (pid: number) => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

it("waits for the address, and ends the process when told to", async () => {
  const server = await start('echo " * Serving" >&2; echo " * Running on http://127.0.0.1:$$" >&2; exec sleep 60');
  const [, pid] = /^http:\/\/127\.0\.0\.1:(\d+)$/.exec(server.url) ?? [];
  expect(gone(Number(pid))).toBe(false);
  await server.stop();
  expect(gone(Number(pid))).toBe(true);
  await server.stop(); // a second time is none too many
});
it("gives it AWS's managed policies and what is asked for", async () => {
  const server = await start('echo "Running on http://127.0.0.1:$MOTO_IAM_LOAD_MANAGED_POLICIES$PORT" >&2', {
    PORT: "5",
  }).catch((error: Error) => error.message);
  expect(server).toContain("Running on http://127.0.0.1:true5");
});
it("says what it said when it ends before", async () => {
  await expect(start("echo no such module >&2; sleep 0.2; exit 3")).rejects.toThrow(
    /^moto did not start: it ended with status 3\nno such module$/,
  );
  await expect(startMoto("/no/such/program", [], {})).rejects.toThrow(/^moto did not start: .*ENOENT/);
});
it("goes on where it says much", async () => {
  const server = await start(
    'echo "Running on http://127.0.0.1:1" >&2; i=0; while [ $i -lt 5000 ]; do echo "a line of a log that nobody reads" >&2; i=$((i+1)); done; exec sleep 60',
  );
  await wait(50);
  await server.stop();
});
it("knows a script with quick tables", () => expect(existsSync(QUICK_MOTO)).toBe(true));
