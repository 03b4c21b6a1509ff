import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { closedEnvironment, runTerraform } from "../src/terraform";
import { fakeTerraform, scratchFolder } from "./support/terraform";

describe("runTerraform", () => {
  const env = { PATH: process.env.PATH, WORD: "hello" };
  const run = (lines: string, signal?: AbortSignal) =>
    runTerraform({ program: fakeTerraform({ plan: lines }).program, env, signal }, scratchFolder(), ["plan", "-x"]);

  it("returns the status and the output, with any status", async () => {
    expect(await run('echo "$WORD $2"; echo bad >&2; exit 3')).toEqual({
      status: 3,
      stdout: "hello -x\n",
      stderr: "bad\n",
    });
  });
  it("runs in the folder", async () => {
    const folder = scratchFolder();
    const { program } = fakeTerraform({ plan: "pwd" });
    expect((await runTerraform({ program, env }, folder, ["plan"])).stdout.trim()).toBe(folder);
  });
  it("has no status after a signal", async () => {
    expect(await run("kill -9 $$")).toEqual({ stdout: "", stderr: "" });
  });
  it("fails without the program", async () => {
    await expect(runTerraform({ program: "no-such-terraform", env }, scratchFolder(), [])).rejects.toThrow(/ENOENT/);
  });
  it("stops the command on abort, and fails after its end", async () => {
    const note = join(scratchFolder(), "note");
    const stop = new AbortController();
    const running = run(
      `trap 'sleep 0.1; echo ended > ${note}; exit 0' TERM; while :; do sleep 0.02; done`,
      stop.signal,
    );
    setTimeout(() => stop.abort(), 150);
    await expect(running).rejects.toThrow(/abort/);
    expect(existsSync(note)).toBe(true);
  });
  it("starts nothing after an abort", async () => {
    const fake = fakeTerraform();
    await expect(
      runTerraform({ program: fake.program, env, signal: AbortSignal.abort() }, scratchFolder(), ["plan"]),
    ).rejects.toThrow(/abort/);
    expect(fake.calls()).toEqual([]);
  });
});

describe("closedEnvironment", () => {
  const scratch = scratchFolder();
  const closed = (own: NodeJS.ProcessEnv) => closedEnvironment(own, scratch, "{}");

  it("removes variables of Terraform, AWS, Kubernetes and Helm", () => {
    const foreign = {
      AWS_ACCESS_KEY_ID: "k",
      AWS_PROFILE: "p",
      KUBECONFIG: "k",
      KUBE_CONFIG_PATH: "k",
      HELM_DRIVER: "d",
      TF_VAR_x: "1",
      TF_CLI_ARGS: "-lock=false",
      TF_CLI_ARGS_plan: "-refresh=false",
      TF_WORKSPACE: "w",
      TF_DATA_DIR: "d",
      TF_TOKEN_app_terraform_io: "t",
      TF_PLUGIN_CACHE_DIR: "c",
      GOOGLE_APPLICATION_CREDENTIALS: "g",
      ARM_CLIENT_SECRET: "s",
      CDKTF_OUTDIR: "o",
    };
    const left = Object.keys(closed(foreign)).filter((name) => name in foreign);
    expect(left).toEqual([]);
  });
  it("keeps other variables, and TF_LOG", () => {
    const own = { PATH: "/bin", ENVIRONMENT: "dev", TERRAFORM_BINARY_NAME: "tofu", TF_LOG: "debug", TF_LOG_PATH: "l" };
    expect(closed(own)).toMatchObject(own);
  });
  it("has an empty home, no plugins and no network", () => {
    const env = closed({ HOME: "/home/me", HTTPS_PROXY: "http://proxy:3128" });
    expect(env).toMatchObject({
      HOME: join(scratch, "home"),
      HTTPS_PROXY: "http://127.0.0.1:9",
      https_proxy: "http://127.0.0.1:9",
      NO_PROXY: "127.0.0.1,localhost",
      GIT_ALLOW_PROTOCOL: "file",
      AWS_EC2_METADATA_DISABLED: "true",
      CHECKPOINT_DISABLE: "1",
      TF_REATTACH_PROVIDERS: "{}",
    });
    expect(existsSync(join(scratch, "home"))).toBe(true);
    expect(readFileSync(env.TF_CLI_CONFIG_FILE ?? "", "utf8")).toBe(
      `provider_installation {\n  filesystem_mirror { path = "${join(scratch, "plugins")}" }\n}\n`,
    );
  });
  it("keeps the user's GOGC", () => {
    expect([closed({}).GOGC, closed({ GOGC: "50" }).GOGC]).toEqual(["400", "50"]);
  });
});
