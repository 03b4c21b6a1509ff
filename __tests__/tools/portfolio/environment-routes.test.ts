import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { environmentRoutes } from "../../../tools/portfolio/environment-routes";

const root = resolve(__dirname, "../../..");
/** A project whose environment `name` is this expression. */
function projectWith(name: string, code: string): string {
  const project = mkdtempSync(join(tmpdir(), "environment-routes-test-"));
  mkdirSync(join(project, "environments"));
  const imported = `import { defineEnvironment } from "${root}/stacks/environment";`;
  writeFileSync(join(project, "environments", `${name}.ts`), `${imported}\nexport const made = ${code};\n`);
  return project;
}
const settings = (portfolio: string) => `defineEnvironment({ name: "test", region: "us-east-1", ${portfolio} })`;

it("gives the routes of an environment, its own among them", async () => {
  const own = '{ method: "GET", path: "/own", entry: "assets/portfolio-api/health-check.ts" }';
  const project = projectWith(
    "test",
    settings(`portfolio: { api: { without: ["process"], routes: { own: ${own} } } }`),
  );
  const routes = await environmentRoutes(project, "test");
  expect(Object.keys(routes)).toHaveLength(8);
  expect(routes.own).toMatchObject({ method: "GET", path: "/own", timeoutSeconds: 10 });
  expect(routes).not.toHaveProperty("process");
});
it("knows dev's", async () => {
  expect(Object.keys(await environmentRoutes(root, "dev"))).toContain("receipts");
});
it.each(["nope", "../dev", "", "dev.ts"])("refuses the name %j", async (name) => {
  await expect(environmentRoutes(root, name)).rejects.toThrow(
    `--environment must be the name of a file in environments/, such as dev, got ${name}`,
  );
});
it("says what is wrong with an environment", async () => {
  const wrong = projectWith("test", settings("portfolio: { api: { throttle: { burst: 0, rate: 1 } } }"));
  await expect(environmentRoutes(wrong, "test")).rejects.toThrow("portfolio.api.throttle.burst: must be at least 1");
  const without = projectWith("test", settings(""));
  await expect(environmentRoutes(without, "test")).rejects.toThrow("environments/test.ts must have the key portfolio");
  const other = projectWith("other", settings(""));
  await expect(environmentRoutes(other, "other")).rejects.toThrow("must export the environment other");
});
