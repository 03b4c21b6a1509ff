import { tmpdir } from "node:os";
import { expect, it } from "vitest";
import { execute } from "../../tools/execute";

const env = { PATH: process.env.PATH };

it("gives what a program says and its status, and hands it its input and folder", async () => {
  const script = "cat; pwd; echo aloud >&2; exit 3";
  const ended = await execute("sh", ["-c", script], { cwd: tmpdir(), env, input: "given\n" });
  expect(ended).toEqual({ status: 3, stdout: expect.stringMatching(/^given\n\//), stderr: "aloud\n" });
});
it("fails for a program that cannot be started", async () => {
  await expect(execute("no-such-program", [], { env })).rejects.toThrow("ENOENT");
});
