import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { linesWith } from "./wrong-settings.fixture";

/** Where a user writes environment variables of containers, by the file that says so; undefined where no user does. */
const VARIABLES: Readonly<Record<string, string | undefined>> = {
  "dask/dask-settings.ts": "dask.container.cluster",
  "fargate-fossa/fossa-workers.ts": "fossa.cluster.workers",
  "prefect/base-job-template.ts": "dask.agent.pools.prod",
  "prefect/prefect-worker.ts": "dask.agent.workers[0]",
  "prefect/server-settings.ts": "dask.agent.server",
  "aws/ecs/container.ts": undefined,
  "aws/lambda/lambda-function.ts": undefined,
};

describe.each(Object.values(VARIABLES).filter((path) => path !== undefined))("environment of %s", (path) => {
  it.each([
    ["a password", { DB_PASSWORD: "a" }, "DB_PASSWORD", "not in environment"],
    ["AWS credentials", { AWS_SECRET_ACCESS_KEY: "a" }, "AWS_SECRET_ACCESS_KEY", "not in environment"],
    ["a URL with a password", { BROKER: "amqp://me:secret@host" }, "BROKER", "as it contains a password"],
    ["a name that is none", { "1A": "a" }, "1A", "must have letters, digits"],
  ])("has no %s", (_, environment, name, words) => {
    const lines = linesWith(`${path}.environment`, environment);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`prod: ${path}.environment.${name}: `);
    expect(lines[0]).toContain(words);
  });
});

it.each(["dask.agent.workers[0]", "dask.agent.server", "dask.agent.pools.prod"])(
  "%s leaves what the construct sets to it, in any spelling",
  (path) => {
    const lines = linesWith(`${path}.environment`, { prefect_api_url: "a" });
    expect(lines).toEqual([expect.stringMatching("prefect_api_url: must be left out")]);
  },
);

it("has a row for every record of variables in the sources", () => {
  const modules = join(__dirname, "..", "..", "modules");
  const files = readdirSync(modules, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  const found = files.filter((file) =>
    /^ {2,6}environment: z\s*\.record/m.test(readFileSync(join(modules, file), "utf8")),
  );
  expect(found.sort()).toEqual(Object.keys(VARIABLES).sort());
});
