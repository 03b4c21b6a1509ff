import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startIn } from "./rabbitmq.fixture";

/** Runs the script with a stand-in for the image's entry point. */
function start(memory: number, user: Record<string, string>) {
  const { script, path, definitions, configuration } = startIn(
    mkdtempSync(join(tmpdir(), "rabbitmq-")),
    memory,
    'echo "$@, process $$"',
  );
  const env = { PATH: path, ...user };
  const said = execFileSync("sh", ["-c", `echo $$; ${script}`], { env, encoding: "utf8", stdio: "pipe" });
  return { said, definitions, configuration };
}
const USER = { RABBITMQ_DEFAULT_USER: "jobs.v2", RABBITMQ_DEFAULT_PASS: "Abc123" };

it("becomes the image's own start, so that signals reach RabbitMQ", () => {
  const [pid, rest] = start(2048, USER).said.trim().split("\n");
  expect(rest).toBe(`rabbitmq-server, process ${pid}`);
});
it("defines one user, who may do everything with queues and nothing else", () => {
  const { definitions } = start(2048, USER);
  expect(JSON.parse(readFileSync(definitions, "utf8"))).toEqual({
    users: [{ name: "jobs.v2", password: "Abc123", tags: [] }],
    vhosts: [{ name: "/" }],
    permissions: [{ user: "jobs.v2", vhost: "/", configure: ".*", write: ".*", read: ".*" }],
  });
  expect(statSync(definitions).mode & 0o777).toBe(0o600);
});
it.each([
  [512, 307],
  [2048, 1228],
  [122_880, 73_728],
])("has RabbitMQ read them at each start, and use 60 %% of %i MiB", (memory, mebibytes) => {
  const { definitions, configuration } = start(memory, USER);
  expect(readFileSync(configuration, "utf8")).toBe(
    [
      "definitions.import_backend = local_filesystem",
      `definitions.local.path = ${definitions}`,
      `vm_memory_high_watermark.absolute = ${mebibytes}MiB`,
      "",
    ].join("\n"),
  );
});
it.each(Object.keys(USER))("does not start without %s", (name) => {
  expect(() => start(2048, { ...USER, [name]: undefined } as unknown as typeof USER)).toThrow(name);
});
