import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { beforeEach, expect, it } from "vitest";

const root = resolve(__dirname, "../..");
let project: string;
const cache = () => join(project, "node_modules", ".cache", "typescript-loader");
const run = (source: string) => {
  writeFileSync(join(project, "main.ts"), source);
  const result = spawnSync("node", ["-r", "./tools/typescript-loader.js", "main.ts"], {
    cwd: project,
    encoding: "utf8",
  });
  return { ...result, kept: readdirSync(cache()) };
};

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "loader-"));
  mkdirSync(join(project, "tools"));
  cpSync(join(root, "tools", "typescript-loader.js"), join(project, "tools", "typescript-loader.js"));
  mkdirSync(cache(), { recursive: true });
  for (const name of readdirSync(join(root, "node_modules")).filter((entry) => !entry.startsWith("."))) {
    symlinkSync(join(root, "node_modules", name), join(project, "node_modules", name));
  }
});

it("runs TypeScript with imports, and keeps the result", () => {
  const source =
    'import { join } from "node:path";\nconst parts: string[] = ["a", "b"];\nconsole.log(join(...parts) as string);';
  const first = run(source);
  expect([first.status, first.stdout, first.stderr]).toEqual([0, "a/b\n", ""]);
  expect(first.kept).toEqual([expect.stringMatching(/^[0-9a-f]{40}\.js$/)]);
  writeFileSync(join(cache(), first.kept[0] as string), 'console.log("from the cache")');
  expect(run(source).stdout).toBe("from the cache\n");
});
it("transforms a file anew when it has changed", () => {
  expect(run("console.log(1 as number)").stdout).toBe("1\n");
  const second = run("console.log(2 as number)");
  expect(second.stdout).toBe("2\n");
  expect(second.kept).toHaveLength(2);
});
it.each([
  ['export const x = {\n  name: "a"\n  region: "b",\n};\n', 'main.ts:3:3: Unexpected token, expected ","'],
  ["let a = 1;\nlet a = 2;\n", "main.ts:2:5: Identifier 'a' has already been declared"],
])("says of %j where it is no TypeScript, in one line of its error", (source, message) => {
  const { status, stderr } = run(source);
  expect(status).toBe(1);
  expect(stderr).toContain(`InputError: ${message}`);
});
it("keeps the lines of stack traces", () => {
  const { status, stderr } = run('interface A {\n  a: string;\n}\n\nthrow new Error(({ a: "here" } as A).a);');
  expect(status).toBe(1);
  expect(stderr).toContain("main.ts:5");
});
