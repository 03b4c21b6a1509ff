import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { appConfig, SynthesisFailed, synthesizeInto } from "../src/app";
import { scratchFolder } from "./support/terraform";

function project(config: object): string {
  const folder = scratchFolder();
  writeFileSync(join(folder, "cdktf.json"), JSON.stringify(config));
  return folder;
}

describe("synthesizeInto", () => {
  const env = { PATH: process.env.PATH, ENVIRONMENT: "dev" };

  it("runs the app's own command in the project, as cdktf does", async () => {
    const outdir = scratchFolder();
    const app = 'echo "$PWD $ENVIRONMENT $CDKTF_CONTEXT_JSON" > "$CDKTF_OUTDIR/said"; echo done';
    const folder = project({ app, context: { a: 1 } });
    expect(await synthesizeInto(outdir, folder, env)).toBe("done\n");
    expect(readFileSync(join(outdir, "said"), "utf8")).toBe(`${folder} dev {"a":1}\n`);
  });
  it("has no context if the project has none", async () => {
    expect(await synthesizeInto("", project({ app: "env" }), env)).not.toContain("CDKTF_CONTEXT_JSON");
  });
  it("fails with the output of the app, or else its status", async () => {
    const failing = (app: string) => synthesizeInto("", project({ app }), env);
    await expect(failing("echo 'Error: no' >&2; exit 1")).rejects.toEqual(new SynthesisFailed("Error: no"));
    await expect(failing("exit 3")).rejects.toEqual(new SynthesisFailed('"exit 3" ended with status 3'));
  });
  it("stops the app and its children on abort", async () => {
    const start = performance.now();
    const running = synthesizeInto("", project({ app: "sleep 60; true" }), env, AbortSignal.timeout(50));
    await expect(running).rejects.toThrow(/abort/);
    expect(performance.now() - start).toBeLessThan(30_000); // the pipes are closed, so that the sleep is over too
  });
});

describe("appConfig", () => {
  it("reads cdktf.json", () => {
    expect(appConfig(project({ app: "a", language: "typescript" }))).toEqual({ app: "a", language: "typescript" });
  });
  it("reports a missing app", () => {
    expect(() => appConfig(project({}))).toThrow(/cdktf\.json: app must be the command/);
  });
});
