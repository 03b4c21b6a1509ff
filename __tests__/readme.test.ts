import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { scripts } from "../package.json";

const root = resolve(__dirname, "..");
const readme = readFileSync(join(root, "README.md"), "utf8");
/** Every page for people, by its path. */
const pages = ["README.md", "CONTRIBUTING.md", ...readdirSync(join(root, "docs")).map((file) => join("docs", file))];
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
});

describe.each(pages)("%s", (page) => {
  const text = readFileSync(join(root, page), "utf8");
  const found = (pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] ?? "");

  it("names only commands and files that exist", () => {
    for (const command of found(/npm run ([a-z:-]+)/g)) expect(Object.keys(scripts)).toContain(command);
    for (const file of found(/`((?:modules|stacks|environments|tools|packages|assets|__tests__)\/[\w./-]*)`/g)) {
      expect(existsSync(join(root, file)), file).toBe(true);
    }
  });
  it("links only to pages that exist", () => {
    for (const link of found(/\]\(((?!https?:)[^)#]+)/g)) {
      expect(existsSync(join(root, dirname(page), link)), link).toBe(true);
    }
  });
});
it("links every page from README.md", () => {
  for (const page of pages.slice(1)) expect(readme).toContain(`(${page})`);
});
