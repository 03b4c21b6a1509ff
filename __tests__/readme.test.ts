import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { scripts } from "../package.json";

const root = resolve(__dirname, "..");
const readme = readFileSync(join(root, "README.md"), "utf8");
const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))].map((match) => match[1] ?? "");

describe("README.md", () => {
  it("shows a construct alone that type-checks and synthesizes", { timeout: 60_000 }, () => {
    const [example = ""] = blocks("ts");
    const file = join(mkdtempSync(join(tmpdir(), "readme-")), "main.ts");
    writeFileSync(
      file,
      example
        .replaceAll('"./', `"${root}/`)
        .replaceAll('from "@cdktf', `from "${root}/node_modules/@cdktf`)
        .replaceAll('from "cdktf"', `from "${root}/node_modules/cdktf"`),
    );
    const options = [
      "--noEmit",
      "--ignoreConfig",
      "--strict",
      "--skipLibCheck",
      "--target",
      "es2022",
      "--module",
      "node16",
      "--types",
      "node",
      "--typeRoots",
      join(root, "node_modules/@types"),
    ];
    const types = spawnSync("npx", ["tsc", ...options, file], { cwd: root, encoding: "utf8" });
    expect([types.status, types.stdout]).toEqual([0, ""]);
    const outdir = join(file, "..", "out");
    const env = { ...process.env, CDKTF_OUTDIR: outdir };
    const { status, stderr } = spawnSync("node", ["-r", join(root, "tools/typescript-loader.js"), file], {
      cwd: root,
      env,
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([0, ""]);
    expect(readFileSync(join(outdir, "stacks/research/cdk.tf.json"), "utf8")).toContain("p4d.24xlarge");
  });
  it("names only commands and files that exist", () => {
    const commands = [...readme.matchAll(/npm run ([a-z:]+)/g)].map((match) => match[1] ?? "");
    for (const command of commands) expect(Object.keys(scripts)).toContain(command);
    const files = [...readme.matchAll(/`((?:modules|stacks|environments|tools|packages|__tests__)\/[\w./-]*)`/g)].map(
      (match) => match[1] ?? "",
    );
    expect(files.length).toBeGreaterThan(8);
    for (const file of files) expect(existsSync(join(root, file)), file).toBe(true);
  });
});
